using RiscvXv6.Devices.Bus;

namespace RiscvXv6.Devices.Pci;

/// <summary>
/// A window from the system bus into PCI memory or I/O space. Where no function decodes, reads give all ones and writes
/// vanish, as on QEMU 7.2 and as a master abort does on real hosts; it is no bus fault.
/// </summary>
/// <param name="name">As traces print it: <c>pcie-mmio</c>, <c>pcie-pio</c>.</param>
/// <param name="bus">The bus behind the window.</param>
/// <param name="space">Memory or I/O.</param>
/// <param name="pciBase">The address on the PCI bus of the window's first byte.</param>
public sealed class PciWindow(string name, PciBus bus, PciSpace space, ulong pciBase) : IMmioDevice
{
    public string Name => name;

    /// <summary>A double word is two words, low half first: the bus is 32 bits wide.</summary>
    public AccessWidths Widths => AccessWidths.Any;

    public BusStatus Read(ulong offset, int sizeBytes, out ulong value)
    {
        if (sizeBytes != 8)
        {
            return ReadPart(offset, sizeBytes, out value);
        }

        var low = ReadPart(offset, 4, out value);
        var high = ReadPart(offset + 4, 4, out ulong highValue);
        value |= highValue << 32;
        return low == BusStatus.Ok ? high : low;
    }

    public BusStatus Peek(ulong offset, int sizeBytes, out ulong value)
    {
        if (sizeBytes != 8)
        {
            return PeekPart(offset, sizeBytes, out value);
        }

        var low = PeekPart(offset, 4, out value);
        var high = PeekPart(offset + 4, 4, out ulong highValue);
        value |= highValue << 32;
        return low == BusStatus.Ok ? high : low;
    }

    public BusStatus Write(ulong offset, int sizeBytes, ulong value)
    {
        if (sizeBytes != 8)
        {
            return WritePart(offset, sizeBytes, (uint)value);
        }

        var low = WritePart(offset, 4, (uint)value);
        var high = WritePart(offset + 4, 4, (uint)(value >> 32));
        return low == BusStatus.Ok ? high : low;
    }

    private BusStatus ReadPart(ulong offset, int sizeBytes, out ulong value)
    {
        if (bus.Decode(space, pciBase + offset, out int bar, out uint at) is not { } function)
        {
            value = AllOnes(sizeBytes);
            return BusStatus.Ok;
        }

        var status = function.ReadBar(bar, at, sizeBytes, out uint word);
        value = word;
        return status;
    }

    private BusStatus PeekPart(ulong offset, int sizeBytes, out ulong value)
    {
        if (bus.Decode(space, pciBase + offset, out int bar, out uint at) is not { } function)
        {
            value = AllOnes(sizeBytes);
            return BusStatus.Ok;
        }

        var status = function.PeekBar(bar, at, sizeBytes, out uint word);
        value = word;
        return status;
    }

    private BusStatus WritePart(ulong offset, int sizeBytes, uint value) =>
        bus.Decode(space, pciBase + offset, out int bar, out uint at) is { } function
            ? function.WriteBar(bar, at, sizeBytes, value)
            : BusStatus.Ok;

    private static ulong AllOnes(int sizeBytes) => uint.MaxValue >> (32 - 8 * sizeBytes);
}
