using RiscvXv6.Devices.Bus;

namespace RiscvXv6.Devices.Pci;

/// <summary>
/// Configuration space in memory (PCIe "PCI Express Enhanced Configuration Access Mechanism"): bus in bits 27:20, device
/// in 19:15, function in 14:12, register in 11:0. A function that does not exist reads all ones, and so do the extended
/// 3840 bytes of one that does, for all functions here are conventional.
/// </summary>
public sealed class PciEcam(PciBus bus) : IMmioDevice
{
    /// <summary>256 buses of 1 MiB.</summary>
    public const ulong SizeBytes = 0x1000_0000;

    public string Name => "pcie-ecam";

    /// <summary>The bus whose functions it shows.</summary>
    public PciBus Bus => bus;

    /// <summary>A double word is two words, low half first, as QEMU's bus splits it.</summary>
    public AccessWidths Widths => AccessWidths.Any;

    public BusStatus Read(ulong offset, int sizeBytes, out ulong value) => Peek(offset, sizeBytes, out value);

    public BusStatus Peek(ulong offset, int sizeBytes, out ulong value)
    {
        value = sizeBytes == 8
            ? ReadConfig(offset, 4) | ((ulong)ReadConfig(offset + 4, 4) << 32)
            : ReadConfig(offset, sizeBytes);
        return BusStatus.Ok;
    }

    public BusStatus Write(ulong offset, int sizeBytes, ulong value)
    {
        if (sizeBytes == 8)
        {
            WriteConfig(offset, 4, (uint)value);
            WriteConfig(offset + 4, 4, (uint)(value >> 32));
        }
        else
        {
            WriteConfig(offset, sizeBytes, (uint)value);
        }

        return BusStatus.Ok;
    }

    private uint ReadConfig(ulong offset, int sizeBytes) =>
        Find(offset, out int register)?.Read(register, sizeBytes) ?? uint.MaxValue >> (32 - 8 * sizeBytes);

    private void WriteConfig(ulong offset, int sizeBytes, uint value) =>
        Find(offset, out int register)?.Write(register, sizeBytes, value);

    private PciConfigSpace? Find(ulong offset, out int register)
    {
        register = (int)(offset & 0xfff);
        return offset >> 20 == 0 && register < PciConfigSpace.SizeBytes
            ? bus.Find((int)(offset >> 15) & 0x1f, (int)(offset >> 12) & 7)?.Config
            : null;
    }
}
