using NUnit.Framework;
using RiscvXv6.Emulator.Cli;
using RiscvXv6.Emulator.Machine;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Machine.Boot;

/// <summary>Debian's own files. The addresses are QEMU 7.2's for the same files (<c>info roms</c>).</summary>
public sealed class RealFirmwareTests
{
    private const string OpenSbi = "/usr/lib/riscv64-linux-gnu/opensbi/generic/";
    private const string UBoot = "/usr/lib/u-boot/qemu-riscv64_smode/";

    [TestCase(OpenSbi + "fw_dynamic.bin", UBoot + "u-boot.bin")]
    [TestCase(OpenSbi + "fw_dynamic.bin", UBoot + "uboot.elf")]
    [TestCase(OpenSbi + "fw_dynamic.elf", UBoot + "u-boot.bin")]
    [TestCase(OpenSbi + "fw_jump.elf", UBoot + "uboot.elf")]
    public void OpenSBI_finds_U_Boot_where_QEMU_puts_it(string firmware, string kernel)
    {
        var options = BootPlanTests.Options(128) with { Firmware = Read(firmware), Kernel = Read(kernel) };

        Assert.That(BootPlan.TryCreate(options, out var plan, out var error), Is.True, error?.Message);
        Assert.That(plan!.Rom, Is.EqualTo(new BootRom(0x8000_0000, 0x87e0_0000, 0x8020_0000)));
        Assert.That(plan.Images.Select(image => image.Range.Base),
            Is.EqualTo(new ulong[] { 0x8000_0000, 0x8020_0000, 0x87e0_0000 }));
        Assert.That(plan.Notices, Is.Empty);
    }

    [Test]
    public void The_default_firmware_is_found_where_Debian_installs_it()
    {
        _ = Read(OpenSbi + "fw_dynamic.bin");

        Assert.That(Firmware.FindDefault(), Is.EqualTo(OpenSbi + "fw_dynamic.bin"));
    }

    [Test]
    public void The_first_place_that_has_a_file_wins_and_none_is_said_with_the_package()
    {
        string present = Path.Combine(TestContext.CurrentContext.TestDirectory, "Tests.dll");

        Assert.That(Firmware.FirstOf(["/nonexistent/fw.bin", present, "/nonexistent/other.bin"]), Is.EqualTo(present));
        Assert.That(Firmware.FirstOf(["/nonexistent/fw.bin"]), Is.Null);
        Assert.That(Firmware.NotFound, Does.Contain("apt-get install opensbi").And.Not.Contain('\n'));
    }

    private static BootFile Read(string path)
    {
        Requirement.File(path, path.StartsWith(OpenSbi, StringComparison.Ordinal) ? "opensbi" : "u-boot-qemu");
        return new BootFile(path, File.ReadAllBytes(path));
    }
}
