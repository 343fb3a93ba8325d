using RiscvXv6.Devices.Bus;
using RiscvXv6.Devices.Registers;

namespace RiscvXv6.Devices.Virtio;

/// <summary>The register table of a virtio-mmio slot. Bank 0 is the legacy version's, bank 1 the modern one's.</summary>
public static class VirtioMmioRegisters
{
    /// <summary>Size of the register space; the rest of the slot's 4 KiB answers nothing.</summary>
    public const ulong SizeBytes = 0x200;

    public const int LegacyBank = 0;
    public const int ModernBank = 1;

    private const string Layout = "Virtio \"MMIO Device Register Layout\"";
    private const string LegacyLayout = "Virtio \"Virtio Over MMIO\", \"Legacy interface\"";

    public static RegisterTable<VirtioMmioRegister> Table { get; } = new(
        "virtio-mmio",
        ReadOnly("MagicValue", 0x000, 0x74726976, "\"virt\"."),
        ReadOnly("Version", 0x004, 0, "1 legacy, 2 modern."),
        ReadOnly("DeviceID", 0x008, 0, "2 for a block device; 0 for an empty slot."),
        ReadOnly("VendorID", 0x00c, 0x554d4551, "\"QEMU\", on which xv6 insists."),
        ReadOnly("DeviceFeatures", 0x010, 0, "32 bits of what the device offers."),
        WriteOnly("DeviceFeaturesSel", 0x014, "Which 32 bits DeviceFeatures shows."),
        WriteOnly("DriverFeatures", 0x020, "32 bits of what the driver accepts."),
        WriteOnly("DriverFeaturesSel", 0x024, "Which 32 bits DriverFeatures sets."),
        WriteOnly("GuestPageSize", 0x028, "The unit of QueuePFN; outlives a reset by the driver.", LegacyBank),
        WriteOnly("QueueSel", 0x030, "The queue that the Queue registers mean."),
        ReadOnly("QueueNumMax", 0x034, 0, "1024, or 0 for a queue that does not exist."),
        WriteOnly("QueueNum", 0x038, "Size of the queue, 1 to 1024."),
        WriteOnly("QueueAlign", 0x03c, "Alignment of the used ring; 4096 if never written.", LegacyBank),
        ReadWrite("QueuePFN", 0x040, "Page of the rings; a store starts the queue, and 0 resets the device.", LegacyBank),
        ReadWrite("QueueReady", 0x044, "Bit 0 starts and stops the queue.", ModernBank),
        WriteOnly("QueueNotify", 0x050, "Number of a queue with new buffers."),
        ReadOnly("InterruptStatus", 0x060, 0, "Used ring (0), configuration (1)."),
        WriteOnly("InterruptACK", 0x064, "Clears the bits of InterruptStatus that are ones."),
        ReadWrite("Status", 0x070, "The device status field; 0 resets the device."),
        WriteOnly("QueueDescLow", 0x080, "Descriptor area, low half.", ModernBank),
        WriteOnly("QueueDescHigh", 0x084, "Descriptor area, high half.", ModernBank),
        WriteOnly("QueueDriverLow", 0x090, "Available ring, low half.", ModernBank),
        WriteOnly("QueueDriverHigh", 0x094, "Available ring, high half.", ModernBank),
        WriteOnly("QueueDeviceLow", 0x0a0, "Used ring, low half.", ModernBank),
        WriteOnly("QueueDeviceHigh", 0x0a4, "Used ring, high half.", ModernBank),
        ReadOnly("SHMLen", 0x0b0, uint.MaxValue, "Low and high half of a length: there is no shared memory.") with { Count = 2 },
        ReadOnly("SHMBase", 0x0b8, uint.MaxValue, "Low and high half of an address: there is no shared memory.") with { Count = 2 },
        ReadOnly("ConfigGeneration", 0x0fc, 0, "Moves with every change of the configuration.", ModernBank),
        new RegisterSpec("Config", 0x100, 4, RegisterAccess.ReadWrite, 0, uint.MaxValue, Layout,
            "The device's configuration, little-endian in both versions; all ones behind its end.")
        {
            Count = 64,
            Widths = AccessWidths.Any,
            IsLive = true,
        });

    public static RegisterPage Page { get; } = new(
        "virtio-mmio",
        "Eight slots from 0x10001000, 4 KiB apart, PLIC sources 1 to 8: version 1 (bank 0) unless "
        + "`-global virtio-mmio.force-legacy=false` chooses version 2 (bank 1). A load or store of another width than the "
        + "register's finds nothing; of a double word, it is two words, low half first. Behind 0x200 nothing answers.",
        Table,
        [
            "VIRTIO_F_VERSION_1 need not be accepted in version 2, as on QEMU: xv6 writes the low half of its features only.",
            "A legacy queue runs as soon as QueuePFN is written, whatever the status, as on QEMU: xv6 of 2019 sets DRIVER_OK "
            + "first.",
            "Each notification of the used ring asserts the interrupt anew, even if the last one was never acknowledged: "
            + "xv6 of 2019 never does.",
            "GuestPageSize outlives a reset by the driver, as on QEMU: Linux writes it before the reset.",
            "A driver that breaks the ring's rules stops the device until a reset. QEMU does the same, but accepts an indirect "
            + "table that was not negotiated.",
            "Of QEMU's features, NOTIFY_ON_EMPTY and RING_RESET are not offered.",
            "virtio-blk does not offer GEOMETRY, TOPOLOGY, CONFIG_WCE, DISCARD and WRITE_ZEROES. It serves one request at a "
            + "time, in 10 us and 1 ns for each byte of virtual time. A completed write has reached the host's page cache; "
            + "only FLUSH reaches the medium, also for a driver that refuses FLUSH.",
        ]);

    private static RegisterSpec ReadOnly(
        string name, ulong offset, ulong reset, string summary, int bank = RegisterSpec.AnyBank) =>
        Row(name, offset, RegisterAccess.ReadOnly, reset, 0, summary, bank);

    private static RegisterSpec WriteOnly(string name, ulong offset, string summary, int bank = RegisterSpec.AnyBank) =>
        Row(name, offset, RegisterAccess.WriteOnly, 0, uint.MaxValue, summary, bank);

    private static RegisterSpec ReadWrite(string name, ulong offset, string summary, int bank = RegisterSpec.AnyBank) =>
        Row(name, offset, RegisterAccess.ReadWrite, 0, uint.MaxValue, summary, bank);

    private static RegisterSpec Row(
        string name, ulong offset, RegisterAccess access, ulong reset, ulong writeMask, string summary, int bank) =>
        new(name, offset, 4, access, reset, writeMask, bank == LegacyBank ? LegacyLayout : Layout, summary)
        {
            Bank = bank,
            IsLive = true,
        };
}
