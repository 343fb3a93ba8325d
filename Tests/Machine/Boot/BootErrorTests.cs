using NUnit.Framework;
using RiscvXv6.Emulator.Machine;
using RiscvXv6.Tests.Guest.Elf;
using static RiscvXv6.Tests.Machine.Boot.BootPlanTests;

namespace RiscvXv6.Tests.Machine.Boot;

public sealed class BootErrorTests
{
    private static readonly BootFile Firmware = new("fw.bin", Binary(0x1000));

    private static IEnumerable<TestCaseData> Mistakes()
    {
        var small = Kernel(ElfImage.Small());
        var disk = new BootFile("initrd", new byte[0x1000]);
        yield return Case("nothing", Options(128), "there is nothing to run", "-kernel");
        yield return Case("odd memory", new BootOptions { MemorySizeBytes = 12345, Kernel = small }, "12345 bytes", "-m");
        yield return Case("no memory", Options(0) with { Kernel = small }, "-m");
        yield return Case("append alone", Options(128) with { Firmware = Firmware, CommandLine = "x" }, "-kernel");
        yield return Case("initrd alone", Options(128) with { Firmware = Firmware, InitialRamDisk = disk }, "-kernel");
        yield return Case(
            "damaged kernel",
            Options(128) with { Kernel = new BootFile("kernel", new byte[] { 0x7f, (byte)'E', (byte)'L', (byte)'F' }) },
            "kernel: is cut off");
        yield return Case(
            "text", Options(128) with { Kernel = new BootFile("Makefile", "all:\n"u8.ToArray()) }, "Makefile: is a text file");
        yield return Case(
            "empty firmware", Options(128) with { Firmware = new BootFile("fw.bin", default) }, "fw.bin: is empty");
        yield return Case(
            "empty initrd", Options(128) with { Kernel = small, InitialRamDisk = new BootFile("i", default) }, "i: is empty");
        yield return Case(
            "segment below RAM",
            Options(128) with { Kernel = Kernel(new ElfImage().Segment(0x1000_0000, [1])) },
            "kernel: needs memory at 0x10000000-0x10000000, outside RAM (0x80000000-0x87ffffff): link it at 0x80000000");
        yield return Case(
            "segment that begins below RAM with the ELF header, as ld puts it by default",
            Options(128) with { Kernel = Kernel(new ElfImage().Segment(0x7fff_f000, [1], 0x1010)) },
            "kernel: needs memory at 0x7ffff000-0x8000000f, outside RAM", "link it with -n");
        yield return Case(
            "segment above RAM",
            Options(128) with { Kernel = Kernel(new ElfImage().Segment(0x87ff_f000, [1], 0x1001)) },
            "0x87fff000-0x88000000, outside RAM", "-m");
        yield return Case(
            "Image with an absurd size",
            Options(128) with { Firmware = Firmware, Kernel = new BootFile("Image", LinuxImageBytes(0x100, ulong.MaxValue)) },
            "Image: needs memory at 0x80200000-0xffffffffffffffff, outside RAM");
        yield return Case(
            "big-endian Image",
            Options(128) with { Kernel = new BootFile("Image", LinuxImageBytes(0x100, 0, flags: 1)) },
            "Image: is a big-endian Linux Image");
        yield return Case(
            "kernel on firmware", Options(128) with { Firmware = Firmware, Kernel = small }, "overlap", "-bios none");
        yield return Case(
            "initrd too large",
            Options(128) with { Kernel = small, InitialRamDisk = new BootFile("initrd", new byte[65 << 20]) },
            "initrd: needs memory at 0x84000000-0x880fffff, outside RAM", "-m");
        yield return Case(
            "initrd on the device tree",
            Options(128) with { Kernel = small, InitialRamDisk = new BootFile("initrd", new byte[63 << 20]) },
            "initrd (0x84000000-0x87efffff) and the device tree (0x87e00000-", "overlap", "-m");
        yield return Case(
            "kernel on initrd, small machine",
            Options(64) with { Kernel = Kernel(new ElfImage().Segment(0x8000_0000, [1], 33 << 20)), InitialRamDisk = disk },
            "overlap", "-m");
        yield return Case(
            "kernel on initrd, large machine",
            Options(512) with { Kernel = Kernel(new ElfImage().Segment(0x8000_0000, [1], 129 << 20)), InitialRamDisk = disk },
            "overlap: make the kernel");
        yield return Case(
            "no room for the device tree",
            new BootOptions { MemorySizeBytes = 4096, HartCount = 8, Kernel = small },
            "RAM of 4 KiB has no room for the device tree", "-m");
        yield return Case("device tree on kernel", Options(2) with { Kernel = small }, "the device tree", "overlap", "-m");
        yield return Case(
            "not a device tree",
            Options(128) with { Kernel = small, DeviceTree = new BootFile("my.dts", "/dts-v1/;"u8.ToArray()) },
            "my.dts: is not a device tree blob", "dtc");
        yield return Case(
            "a disk image for a kernel",
            Options(128) with { Kernel = new BootFile("fs.img", new byte[4096]) },
            "fs.img: is not an ELF file, nor code", "give the kernel's ELF file");
        yield return Case(
            "damaged gzip",
            Options(128) with { Kernel = new BootFile("Image.gz", new byte[] { 0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0, 0xff }) },
            "Image.gz: is a damaged gzip file");
        yield return Case(
            "gzip of more than RAM",
            Options(4) with { Kernel = new BootFile("Image.gz", KernelFileTests.Gzip(new byte[5 << 20])) },
            "Image.gz: unpacks to more than 4 MiB", "-m");
    }

    [TestCaseSource(nameof(Mistakes))]
    public void A_mistake_gets_one_line_that_says_what_to_do(object options, string[] texts)
    {
        Assert.That(BootPlan.TryCreate((BootOptions)options, out var plan, out var error), Is.False);
        Assert.That(plan, Is.Null);
        Assert.That(error!.Message, Does.Not.Contain('\n'));
        foreach (string text in texts)
        {
            Assert.That(error.Message, Does.Contain(text));
        }
    }

    private static TestCaseData Case(string name, BootOptions options, params string[] texts) =>
        new TestCaseData(options, texts).SetArgDisplayNames(name);
}
