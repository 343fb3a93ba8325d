namespace RiscvXv6.Devices.Pci;

/// <summary>Bits of the command register (PCI "Device Control").</summary>
[Flags]
public enum PciCommand : ushort
{
    None = 0,
    IoSpace = 1 << 0,
    MemorySpace = 1 << 1,
    BusMaster = 1 << 2,
    SerrEnable = 1 << 8,
    InterruptDisable = 1 << 10,

    /// <summary>The bits that software can change, as on QEMU.</summary>
    Writable = IoSpace | MemorySpace | BusMaster | SerrEnable | InterruptDisable,
}
