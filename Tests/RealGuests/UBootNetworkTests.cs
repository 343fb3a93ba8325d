using System.Buffers.Binary;
using System.IO.Compression;
using NUnit.Framework;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.RealGuests;

/// <summary>Debian's U-Boot with its driver for the e1000, on our network card and our user network with its TFTP server.</summary>
public sealed class UBootNetworkTests
{
    private const string Prompt = "\n=> ";
    private const int LimitHostSeconds = 120;

    private static readonly Typing StopAutoboot = new("Hit any key to stop autoboot", " ");

    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("riscvxv6-tftp-").FullName;

    [TearDown]
    public void DropFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void U_Boot_gets_a_lease_pings_the_gateway_and_loads_files_over_TFTP([Values] bool machineMode)
    {
        // The second is a whole number of blocks, whether of RFC 1350's 512 bytes or of the 1468 that U-Boot asks for.
        byte[] large = MakeFile("large.bin", 300_001), even = MakeFile("even.bin", 512 * 1468 / 4);
        string console = RealGuestRun.Run(
            [
                .. Firmware(machineMode), "-m", "256M",
                "-netdev", $"user,id=net0,restrict=on,tftp={_folder}", "-device", "e1000,netdev=net0",
            ],
            [
                StopAutoboot,
                new(Prompt, "pci enum; pci header 0.1.0\n"),
                new(Prompt, "net list\n"),
                new(Prompt, "setenv autoload no; dhcp\n"),
                new(Prompt, "ping 10.0.2.2\n"),
                new(Prompt, "tftpboot 84000000 large.bin; crc32 84000000 $filesize\n"),
                new(Prompt, "tftpboot 86000000 even.bin; crc32 86000000 $filesize\n"),
                new(Prompt, "tftpboot 88000000 absent.bin\n"),
                new(Prompt, "\u0001x"),
            ],
            LimitHostSeconds);

        console.Shows(
            @"^Net: +e1000: 52:54:00:12:34:56$",
            @"^ +vendor ID = +0x8086$",
            @"^ +device ID = +0x100e$",
            @"^eth0 : e1000#0 52:54:00:12:34:56 active$",
            @"^DHCP client bound to address 10\.0\.2\.15 ",
            @"^host 10\.0\.2\.2 is alive$",
            $@"^Bytes transferred = {large.Length} (.|\n)*^crc32 for 84000000 \.\.\. \w+ ==> {Crc32(large):x8}",
            $@"^Bytes transferred = {even.Length} (.|\n)*^crc32 for 86000000 \.\.\. \w+ ==> {Crc32(even):x8}",
            @"^TFTP error: .*\(1\)$");
    }

    private static string[] Firmware(bool machineMode)
    {
        if (machineMode)
        {
            return ["-bios", RealGuestFiles.UBootInMachineMode];
        }

        _ = RealGuestFiles.OpenSbiDynamic;
        return ["-bios", "default", "-kernel", RealGuestFiles.UBootInSupervisorMode];
    }

    private byte[] MakeFile(string name, int bytes)
    {
        byte[] contents = new byte[bytes];
        new Random(bytes).NextBytes(contents);
        File.WriteAllBytes(Path.Combine(_folder, name), contents);
        return contents;
    }

    /// <summary>By the runtime's gzip, whose trailer begins with it. RFC 1952 "Member format": CRC32, ISIZE.</summary>
    private static uint Crc32(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        return BinaryPrimitives.ReadUInt32LittleEndian(packed.ToArray().AsSpan(^8..));
    }
}
