using NUnit.Framework;
using RiscvXv6.Emulator.Machine;
using RiscvXv6.Emulator.Machine.DeviceTree;
using RiscvXv6.Tests.Guest.Elf;

namespace RiscvXv6.Tests.Machine.Boot;

/// <summary>
/// Addresses are those that QEMU 7.2 shows in its monitor (<c>info roms</c>, <c>xp /24wx 0x1000</c>) for the same files and
/// sizes.
/// </summary>
public sealed class BootPlanTests
{
    private const ulong MiB = 1 << 20;

    private static readonly BootFile RawFirmware = new("fw.bin", Binary(0x1c280));

    [Test]
    public void Without_firmware_an_ELF_lies_at_its_own_addresses()
    {
        var plan = Plan(Options(128) with { Kernel = Kernel(ElfImage.Small()) });

        Assert.That(Describe(plan), Is.EqualTo(new[] { "Kernel 80000000+10", "DeviceTree 87e00000" }));
        Assert.That(plan.Rom, Is.EqualTo(new BootRom(0x8000_0000, 0x87e0_0000, 0x8000_0000)));
        Assert.That(plan.Kernel, Is.Not.Null);
        Assert.That(plan.Notices, Is.Empty);
    }

    [Test]
    public void The_machine_starts_at_the_beginning_of_RAM_whatever_the_entry_point_and_says_so()
    {
        var elf = new ElfImage { Entry = 0x8000_03c0 }.Segment(0x8000_0000, Binary(0x1000));

        var plan = Plan(Options(128) with { Kernel = Kernel(elf) });

        Assert.That(plan.Rom.StartAddress, Is.EqualTo(0x8000_0000));
        Assert.That(plan.Notices, Is.EqualTo(new[]
        {
            "kernel: its entry point is 0x800003c0, but the machine starts at 0x80000000, as QEMU's does",
        }));
    }

    [Test]
    public void Without_firmware_a_raw_binary_lies_at_the_beginning_of_RAM()
    {
        var plan = Plan(Options(128) with { Kernel = new BootFile("nop.bin", new byte[] { 0x13, 0, 0, 0 }) });

        Assert.That(Describe(plan), Is.EqualTo(new[] { "Kernel 80000000+4", "DeviceTree 87e00000" }));
        Assert.That(plan.Notices, Has.Count.EqualTo(1));
        Assert.That(plan.Notices[0], Does.Contain("not an ELF file").And.Contain("0x80000000"));
    }

    [Test]
    public void With_more_than_1_GiB_the_device_tree_stays_below_3_GiB_and_the_RAM_disk_at_128_MiB()
    {
        var plan = Plan(Options(4096) with
        {
            Kernel = new BootFile("nop.bin", new byte[] { 0x13, 0, 0, 0 }),
            InitialRamDisk = new BootFile("initrd", new byte[0x320d]),
        });

        Assert.That(Describe(plan),
            Is.EqualTo(new[] { "Kernel 80000000+4", "InitialRamDisk 88000000+320d", "DeviceTree bfe00000" }));
    }

    [Test]
    public void Firmware_finds_an_ELF_kernel_at_its_lowest_address_and_a_RAM_disk_half_of_RAM_above()
    {
        var elf = new ElfImage { Entry = 0x8020_0000 }.Segment(0x8020_0000, Binary(0x9e6c0), 0xa8d08);

        var plan = Plan(Options(128) with
        {
            Firmware = RawFirmware,
            Kernel = Kernel(elf),
            InitialRamDisk = new BootFile("initrd", new byte[0x320d]),
        });

        Assert.That(Describe(plan), Is.EqualTo(new[]
        {
            "Firmware 80000000+1c280", "Kernel 80200000+a8d08", "InitialRamDisk 84200000+320d", "DeviceTree 87e00000",
        }));
        Assert.That(plan.Rom, Is.EqualTo(new BootRom(0x8000_0000, 0x87e0_0000, 0x8020_0000)));
        Assert.That(plan.Notices, Is.Empty, "firmware goes where it is told, not to the entry point");
    }

    [TestCase(0x1c280, 0x8020_0000UL)]
    [TestCase(0x20_0000, 0x8020_0000UL)]
    [TestCase(0x20_0001, 0x8040_0000UL)]
    public void A_raw_kernel_lies_above_the_firmware_at_a_multiple_of_2_MiB(int firmwareBytes, ulong expected)
    {
        var plan = Plan(Options(128) with
        {
            Firmware = new BootFile("fw.bin", Binary(firmwareBytes)),
            Kernel = new BootFile("u-boot.bin", Binary(0x9e6c0)),
        });

        Assert.That(plan.Rom.NextAddress, Is.EqualTo(expected));
        Assert.That(plan.Images.Single(image => image.Role == BootImageRole.Kernel).Range.Base, Is.EqualTo(expected));
        Assert.That(plan.Notices, Is.Empty);
    }

    [Test]
    public void An_ELF_firmware_ends_where_its_memory_ends()
    {
        var elf = new ElfImage().Segment(0x8000_0000, Binary(0x1c280), 0x24_5ac8);

        var plan = Plan(Options(128) with
        {
            Firmware = new BootFile("fw.elf", elf.Build()),
            Kernel = new BootFile("u-boot.bin", Binary(0x1000)),
        });

        Assert.That(plan.Rom.NextAddress, Is.EqualTo(0x8040_0000));
        Assert.That(plan.Kernel, Is.Null);
    }

    [Test]
    public void Firmware_alone_has_no_next_stage()
    {
        var plan = Plan(Options(128) with { Firmware = RawFirmware });

        Assert.That(plan.Rom, Is.EqualTo(new BootRom(0x8000_0000, 0x87e0_0000, 0)));
    }

    [Test]
    public void A_Linux_Image_occupies_what_its_header_says()
    {
        var plan = Plan(Options(128) with
        {
            Firmware = RawFirmware,
            Kernel = new BootFile("Image", LinuxImageBytes(0x1000, 0x123_4000)),
        });

        Assert.That(Describe(plan)[1], Is.EqualTo("Kernel 80200000+1234000"));
    }

    [Test]
    public void A_gzipped_Image_is_unpacked()
    {
        byte[] image = LinuxImageBytes(0x1000, 0x2000);

        var plan = Plan(Options(128) with
        {
            Firmware = RawFirmware,
            Kernel = new BootFile("Image.gz", KernelFileTests.Gzip(image)),
        });

        var kernel = plan.Images.Single(loaded => loaded.Role == BootImageRole.Kernel);
        Assert.That(kernel.Data.ToArray(), Is.EqualTo(image));
        Assert.That(kernel.Range.SizeBytes, Is.EqualTo(0x2000));
    }

    [Test]
    public void The_device_tree_holds_the_command_line_the_RAM_disk_and_the_seed()
    {
        var plan = Plan(Options(128) with
        {
            Firmware = RawFirmware,
            Kernel = new BootFile("u-boot.bin", Binary(0x1000)),
            InitialRamDisk = new BootFile("initrd", new byte[0x320d]),
            CommandLine = "console=ttyS0",
            RngSeed = new byte[] { 1, 2, 3 },
        });

        var chosen = DeviceTree(plan).Child("chosen")!;
        Assert.That(chosen.Property("bootargs"), Is.EqualTo("console=ttyS0\0"u8.ToArray()));
        Assert.That(chosen.Property("linux,initrd-start"), Is.EqualTo(new byte[] { 0, 0, 0, 0, 0x84, 0x20, 0, 0 }));
        Assert.That(chosen.Property("linux,initrd-end"), Is.EqualTo(new byte[] { 0, 0, 0, 0, 0x84, 0x20, 0x32, 0x0d }));
        Assert.That(chosen.Property("rng-seed"), Is.EqualTo(new byte[] { 1, 2, 3 }));
    }

    [Test]
    public void A_device_tree_of_the_users_is_completed_and_otherwise_kept()
    {
        var root = new DeviceTreeNode("");
        root.SetStrings("model", "mine").Add("chosen").SetStrings("stdout-path", "/uart");

        var plan = Plan(Options(128) with
        {
            Kernel = Kernel(ElfImage.Small()),
            DeviceTree = new BootFile("my.dtb", FdtWriter.Write(root)),
            CommandLine = "quiet",
        });

        var tree = DeviceTree(plan);
        Assert.That(tree.Property("model"), Is.EqualTo("mine\0"u8.ToArray()));
        Assert.That(tree.Child("soc"), Is.Null);
        Assert.That(tree.Child("chosen")!.Property("stdout-path"), Is.EqualTo("/uart\0"u8.ToArray()));
        Assert.That(tree.Child("chosen")!.Property("bootargs"), Is.EqualTo("quiet\0"u8.ToArray()));
    }

    [Test]
    public void The_loads_are_the_ROM_and_every_image_with_its_zeros()
    {
        var plan = Plan(Options(128) with { Kernel = Kernel(ElfImage.Small()) });

        var loads = plan.ToLoads();

        Assert.That(loads[0].Address, Is.EqualTo(0x1000));
        Assert.That(loads[0].Bytes.ToArray(), Is.EqualTo(plan.Rom.ToBytes()));
        Assert.That(loads[1].Bytes.Length, Is.EqualTo(8));
        Assert.That(loads[1].SizeBytes, Is.EqualTo(16));
        Assert.That(loads.Select(load => load.Address), Is.EqualTo(new ulong[] { 0x1000, 0x8000_0000, 0x87e0_0000 }));
    }

    [Test]
    public void The_seed_is_stretched_the_same_way_each_time()
    {
        // SplitMix64 from 0: the first outputs of the reference implementation.
        ulong[] expected = [0xe220a8397b1dcdaf, 0x6e789e6aa1b965f4, 0x06c45d188009454f, 0xf88bb8a8724c81ec];
        byte[] bytes = RngSeed.Expand(0);

        Assert.That(Enumerable.Range(0, 4).Select(index => BitConverter.ToUInt64(bytes, 8 * index)), Is.EqualTo(expected));
    }

    internal static BootOptions Options(ulong memoryMiB) => new() { MemorySizeBytes = memoryMiB * MiB };

    internal static BootFile Kernel(ElfImage elf) => new("kernel", elf.Build());

    /// <summary>Bytes that are no known format.</summary>
    internal static byte[] Binary(int length)
    {
        var bytes = new byte[length];
        bytes[0] = 0x6f;
        return bytes;
    }

    internal static byte[] LinuxImageBytes(int length, ulong imageSize, ulong flags = 0)
    {
        byte[] image = Binary(length);
        ElfImage.Put64(image, 8, 0x20_0000);
        ElfImage.Put64(image, 16, imageSize);
        ElfImage.Put64(image, 24, flags);
        "RISCV\0\0\0RSC\x05"u8.CopyTo(image.AsSpan(0x30));
        return image;
    }

    private static BootPlan Plan(BootOptions options)
    {
        Assert.That(BootPlan.TryCreate(options, out var plan, out var error), Is.True, error?.Message);
        return plan!;
    }

    /// <summary>Role, address and size of each image; the device tree's size is its own affair.</summary>
    private static string[] Describe(BootPlan plan) =>
    [
        .. plan.Images.Select(image => image.Role == BootImageRole.DeviceTree
            ? $"{image.Role} {image.Range.Base:x}"
            : $"{image.Role} {image.Range.Base:x}+{image.Range.SizeBytes:x}"),
    ];

    private static DeviceTreeNode DeviceTree(BootPlan plan)
    {
        var image = plan.Images.Single(image => image.Role == BootImageRole.DeviceTree);
        Assert.That(FdtReader.TryRead(image.Data.Span, out var tree, out string? error), Is.True, error);
        return tree!.Root;
    }
}
