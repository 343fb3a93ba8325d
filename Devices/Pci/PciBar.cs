namespace RiscvXv6.Devices.Pci;

/// <summary>The address space that a window or a base address register belongs to.</summary>
public enum PciSpace
{
    Memory,
    Io,
}

/// <summary>A 32-bit base address register (PCI "Base Addresses").</summary>
/// <param name="Index">0 to 5.</param>
/// <param name="Space">Memory or I/O.</param>
/// <param name="SizeBytes">A power of two: at least 16 for memory, at least 4 for I/O.</param>
public sealed record PciBar(int Index, PciSpace Space, uint SizeBytes);
