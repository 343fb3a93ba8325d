using NUnit.Framework;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.RealGuests;

/// <summary>Debian's OpenSBI and U-Boot, to U-Boot's prompt and beyond.</summary>
public sealed class UBootTests
{
    private const string Prompt = "=> ";
    private const int LimitHostSeconds = 180;

    private static readonly Typing StopAutoboot = new("Hit any key to stop autoboot", " ");

    private string _disk = "";

    [SetUp]
    public void MakeDisk()
    {
        _disk = Path.GetTempFileName();
        byte[] sectors = new byte[64 * 512];
        "A sector that U-Boot reads."u8.CopyTo(sectors.AsSpan(3 * 512));
        File.WriteAllBytes(_disk, sectors);
    }

    [TearDown]
    public void DropDisk() => File.Delete(_disk);

    [Test]
    public void OpenSBI_starts_U_Boot_which_reads_a_disk_and_powers_off([Values] bool legacyVirtio)
    {
        _ = RealGuestFiles.OpenSbiDynamic;
        string console = RealGuestRun.Run(
            [
                "-bios", "default", "-kernel", RealGuestFiles.UBootInSupervisorMode, "-m", "256M", "-smp", "2",
                "-global", $"virtio-mmio.force-legacy={(legacyVirtio ? "true" : "false")}",
                "-drive", $"file={_disk},if=none,format=raw,id=x0",
                "-device", "virtio-blk-device,drive=x0,bus=virtio-mmio-bus.0",
            ],
            [
                StopAutoboot,
                new(Prompt, "version\n"),
                new(Prompt, "bdinfo\n"),
                new(Prompt, "virtio info\n"),
                new(Prompt, "virtio read 84000000 3 1\n"),
                new(Prompt, "md.b 84000000 1b\n"),
                new(Prompt, "poweroff\n"),
            ],
            LimitHostSeconds);

        console.Shows(
            @"^OpenSBI v\d",
            @"^Platform HART Count +: 2$",
            @"^Boot HART PMP Count +: 16$",
            @"^DRAM: +256 MiB$",
            @"^U-Boot 20\d\d\.\d\d",
            @"^-> start += 0x0*80000000$",
            @"^-> size += 0x0*10000000$",
            @"^Device 0: .*VirtIO Block Device",
            @"^virtio read: .* 1 blocks read: OK$",
            @"A sector that U-\w*",
            @"^poweroff \.\.\.$");
    }

    [Test]
    public void OpenSBI_with_a_fixed_jump_starts_U_Boot_as_well() => RealGuestRun
        .Run(
            ["-bios", RealGuestFiles.OpenSbiJump, "-kernel", RealGuestFiles.UBootInSupervisorMode, "-m", "256M"],
            [StopAutoboot, new(Prompt, "echo $cpu\n"), new(Prompt, "poweroff\n")],
            LimitHostSeconds)
        .Shows(@"^OpenSBI v\d", @"^poweroff \.\.\.$");

    [Test]
    public void U_Boot_is_itself_the_firmware_and_resets_the_machine()
    {
        string console = RealGuestRun.Run(
            ["-bios", RealGuestFiles.UBootInMachineMode, "-m", "256M"],
            [
                StopAutoboot,
                new(Prompt, "mw.l 84000000 12345678 2\n"),
                new(Prompt, "md.l 84000000 2\n"),
                new(Prompt, "reset\n"),
                StopAutoboot,
                new(Prompt, "md.l 84000000 2\n"),
                new(Prompt, "\u0001x"),
            ],
            LimitHostSeconds);

        console.Shows(@"^84000000: 12345678 12345678 ", @"^resetting \.\.\.$", @"resetting(.|\n)*^U-Boot 20\d\d\.\d\d");
    }
}
