using System.IO.Compression;
using System.Text;
using NUnit.Framework;
using RiscvXv6.Guest.Elf;

namespace RiscvXv6.Tests.Machine.Boot;

public sealed class KernelFileTests
{
    [Test]
    public void The_header_of_a_Linux_Image_is_read()
    {
        byte[] image = BootPlanTests.LinuxImageBytes(0x1000, 0x123_4000, flags: 1);

        Assert.That(LinuxImage.TryParse(image, out var header), Is.True);
        Assert.That(header, Is.EqualTo(new LinuxImage(0x20_0000, 0x123_4000, 1)));
        Assert.That(header.IsBigEndian, Is.True);
        Assert.That(LinuxImage.TryParse(image.AsSpan(0, 63), out _), Is.False);
        Assert.That(LinuxImage.TryParse(new byte[4096], out _), Is.False);
    }

    [TestCase(0x38, "ARM\x64", "AArch64")]
    [TestCase(0x202, "HdrS", "x86")]
    [TestCase(0, "MZ", "Windows or EFI")]
    [TestCase(0, "MZ\0\0zimg", "EFI zboot")]
    [TestCase(0, "\x27\x05\x19\x56", "uImage")]
    public void An_image_for_another_loader_is_named(int offset, string magic, string text)
    {
        var image = new byte[4096];
        Encoding.Latin1.GetBytes(magic).CopyTo(image, offset);

        Assert.That(ForeignImage.Recognise(image), Does.Contain(text));
    }

    [Test]
    public void Text_and_nothing_are_named_and_a_raw_program_is_not()
    {
        Assert.That(ForeignImage.Recognise("#!/bin/sh\n"u8), Does.Contain("text"));
        Assert.That(ForeignImage.Recognise([]), Does.Contain("empty"));
        Assert.That(ForeignImage.Recognise([0x13, 0, 0, 0]), Is.Null);
        Assert.That(ForeignImage.Recognise([0xd0, 0x0d, 0xfe, 0xed, 0]), Does.Contain("-dtb"));
    }

    [Test]
    public void A_Linux_Image_with_an_EFI_stub_is_no_Windows_program()
    {
        byte[] image = BootPlanTests.LinuxImageBytes(0x1000, 0);
        "MZ"u8.CopyTo(image);

        Assert.That(ForeignImage.Recognise(image), Is.Null);
    }

    [Test]
    public void A_gzipped_file_unpacks_up_to_the_limit_and_no_further()
    {
        byte[] contents = new byte[1 << 20];
        contents[12345] = 42;
        byte[] packed = Gzip(contents);

        Assert.That(GzipImage.TryUnpack(packed, 1 << 20, out byte[]? unpacked, out _), Is.True);
        Assert.That(unpacked, Is.EqualTo(contents));
        Assert.That(GzipImage.TryUnpack(packed, (1 << 20) - 1, out _, out string? error), Is.False);
        Assert.That(error, Does.Contain("more than"));
    }

    [Test]
    public void No_damaged_gzip_file_throws()
    {
        byte[] valid = Gzip(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 2000))));
        var random = new Random(7);
        for (int round = 0; round < 3000; round++)
        {
            byte[] damaged = valid[..random.Next(3, valid.Length)];
            damaged[random.Next(3, Math.Max(4, damaged.Length)) % damaged.Length] = (byte)random.Next(256);
            if (GzipImage.HasMagic(damaged) && !GzipImage.TryUnpack(damaged, 1 << 20, out _, out string? error))
            {
                Assert.That(error, Is.Not.Empty);
            }
        }
    }

    internal static byte[] Gzip(byte[] contents)
    {
        using var target = new MemoryStream();
        using (var packer = new GZipStream(target, CompressionLevel.Fastest))
        {
            packer.Write(contents);
        }

        return target.ToArray();
    }
}
