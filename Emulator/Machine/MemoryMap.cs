using RiscvXv6.Devices.Bus;

namespace RiscvXv6.Emulator.Machine;

/// <summary>
/// The physical address space of QEMU's <c>virt</c> board, once: the bus, the device tree and the docs read it here. RAM's
/// size is an option of the machine, so its row has the base only.
/// </summary>
internal static class MemoryMap
{
    public static MemoryRegion BootRom { get; } =
        new("rom", 0x1000, 0xf000, 0, 1, "Reset vector and fw_dynamic_info");

    public static MemoryRegion Finisher { get; } =
        new("finisher", 0x10_0000, 0x1000, 0, 1, "Power off, fail with a code, reset");

    public static MemoryRegion Rtc { get; } =
        new("rtc", 0x10_1000, 0x1000, 11, 1, "Goldfish real-time clock");

    public static MemoryRegion Clint { get; } =
        new("clint", 0x200_0000, 0x1_0000, 0, 1, "Software interrupts and machine timers");

    public static MemoryRegion PciPorts { get; } =
        new("pci-pio", 0x300_0000, 0x1_0000, 0, 1, "PCI I/O ports");

    public static MemoryRegion Plic { get; } =
        new("plic", 0xc00_0000, 0x60_0000, 0, 1, "External interrupts");

    public static MemoryRegion Uart { get; } =
        new("uart0", 0x1000_0000, 0x100, 10, 1, "16550A serial port");

    public static MemoryRegion Virtio { get; } =
        new("virtio-mmio", 0x1000_1000, 0x1000, 1, 8, "virtio-mmio slots");

    /// <summary>The interrupt is INTA of slot 0; a slot's pins are swizzled over four sources.</summary>
    public static MemoryRegion PciConfig { get; } =
        new("pci-ecam", 0x3000_0000, 0x1000_0000, 32, 1, "PCI configuration space (ECAM)");

    public static MemoryRegion PciMemory { get; } =
        new("pci-mmio", 0x4000_0000, 0x4000_0000, 0, 1, "PCI memory below 4 GiB");

    public static MemoryRegion Ram { get; } =
        new("ram", 0x8000_0000, 0, 0, 1, "Main memory; -m gives its size");

    /// <summary>Every row, by address.</summary>
    public static IReadOnlyList<MemoryRegion> All { get; } =
    [
        BootRom, Finisher, Rtc, Clint, PciPorts, Plic, Uart, Virtio, PciConfig, PciMemory, Ram,
    ];

    /// <summary>The PLIC source of a PCI pin: 32 + (pin + slot) mod 4.</summary>
    /// <param name="slot">Device number on bus 0.</param>
    /// <param name="pin">0 for INTA to 3 for INTD.</param>
    public static int PciInterrupt(int slot, int pin) => PciConfig.Interrupt + ((pin + slot) & 3);

    public static AddressRange RamRange(ulong sizeBytes) => new(Ram.Base, sizeBytes);

    /// <summary>The PCI window above RAM, for 64-bit BARs: 16 GiB at the next multiple of 16 GiB, as on QEMU.</summary>
    public static AddressRange PciHighMemory(ulong ramSizeBytes)
    {
        const ulong windowBytes = 16UL << 30;
        ulong ramEnd = Ram.Base + ramSizeBytes;
        return new AddressRange((ramEnd + windowBytes - 1) & ~(windowBytes - 1), windowBytes);
    }
}
