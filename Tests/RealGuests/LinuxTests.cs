using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using NUnit.Framework;

namespace RiscvXv6.Tests.RealGuests;

/// <summary>Debian's kernel under OpenSBI, with busybox and two modules in an initial RAM disk made here, to a shell.</summary>
public sealed class LinuxTests
{
    private const string Prompt = LinuxRamDisk.Prompt;
    private const int LimitHostSeconds = 300;
    private const int DiskBytes = 2 << 20;
    private const int WrittenOffset = 1 << 20;

    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("riscvxv6-linux-").FullName;

    [TearDown]
    public void DropFolder() => Directory.Delete(_folder, recursive: true);

    [TestCase(1, false)]
    [TestCase(2, true)]
    public void Linux_boots_to_a_shell_that_runs_commands_and_powers_off(int harts, bool legacyVirtio)
    {
        string kernel = RealGuestFiles.Linux("Image");
        string ramDisk = new LinuxRamDisk().AddModule("virtio_mmio").AddModule("virtio_blk").Write(_folder);
        string disk = MakeDisk(out byte[] contents);
        _ = RealGuestFiles.OpenSbiDynamic;

        string console = RealGuestRun.Run(
            [
                "-bios", "default", "-kernel", kernel, "-initrd", ramDisk, "-append", "console=ttyS0",
                "-m", "512M", "-smp", $"{harts}", "-rtc", "base=2026-03-04T05:06:07",
                "-global", $"virtio-mmio.force-legacy={(legacyVirtio ? "true" : "false")}",
                "-drive", $"file={disk},if=none,format=raw,id=x0",
                "-device", "virtio-blk-device,drive=x0,bus=virtio-mmio-bus.0",
            ],
            [
                new(Prompt, "uname -a\n"),
                new(Prompt, "cat /proc/cpuinfo\n"),
                new(Prompt, "echo harts: $(nproc)\n"),
                new(Prompt, "date -u +%Y-%m-%d\n"),
                new(Prompt, "dd if=/dev/vda bs=64k 2>/dev/null | sha256sum\n"),
                new(Prompt, "yes riscv | dd of=/dev/vda bs=512 seek=2048 count=16 iflag=fullblock conv=fsync\n"),
                new(Prompt, "for i in 1 2 3; do (seq 20000 | md5sum) & done; wait; echo all done\n"),
                new(Prompt, "awk 'BEGIN { for (t = 1; i < 20; t /= ++i) s += t; printf \"%.12f\\n\", s }'\n"),
                new(Prompt, "grep -E 'virtio|ttyS0' /proc/interrupts\n"),
                new(Prompt, "poweroff -f\n"),
            ],
            LimitHostSeconds);

        console.Shows(
            @"^Linux \(none\) 6\.\d+.* SMP .*riscv64 GNU/Linux$",
            @"^isa\s+: rv64imafdc_",
            @"^mmu\s+: sv57$",
            $@"^harts: {harts}$",
            @"^2026-03-04$",
            $"^{Convert.ToHexStringLower(SHA256.HashData(contents))}  -$",
            @"^all done$",
            @"^2\.718281828459$",
            @"\bvirtio0$",
            @"reboot: Power down");
        Assert.That(Regex.Count(console, $"{Md5OfSequence()}  -"), Is.EqualTo(3), "sums made side by side");
        byte[] left = File.ReadAllBytes(disk);
        for (int index = 0; index < 16 * 512; index++)
        {
            contents[WrittenOffset + index] = "riscv\n"u8[index % 6];
        }

        Assert.That(left.AsSpan().SequenceEqual(contents), "the disk's image has what Linux wrote, and nothing else");
    }

    private static string Md5OfSequence()
    {
        string lines = string.Concat(Enumerable.Range(1, 20_000).Select(n => string.Create(CultureInfo.InvariantCulture, $"{n}\n")));
        return Convert.ToHexStringLower(MD5.HashData(Encoding.ASCII.GetBytes(lines)));
    }

    private string MakeDisk(out byte[] contents)
    {
        contents = new byte[DiskBytes];
        new Random(64).NextBytes(contents);
        string path = Path.Combine(_folder, "disk.img");
        File.WriteAllBytes(path, contents);
        return path;
    }
}
