using NUnit.Framework;
using RiscvXv6.Devices.Bus;
using RiscvXv6.Devices.Pci;
using RiscvXv6.Tests.Devices.Interrupts;

namespace RiscvXv6.Tests.Devices.Pci;

/// <summary>A bus mapped as on <c>virt</c>, and accesses to it by physical address.</summary>
internal sealed class PciHost
{
    public const ulong Ecam = 0x3000_0000;
    public const ulong Memory = 0x4000_0000;
    public const ulong Io = 0x0300_0000;

    private readonly SystemBus _system = new();

    public PciHost()
    {
        Lines = [new RecordingLine(), new RecordingLine(), new RecordingLine(), new RecordingLine()];
        Bus = new PciBus(Lines[0], Lines[1], Lines[2], Lines[3]);
        _system.Map(new AddressRange(Ecam, PciEcam.SizeBytes), new PciEcam(Bus), AccessCost.OnChip);
        _system.Map(
            new AddressRange(Memory, 0x4000_0000),
            new PciWindow("pcie-mmio", Bus, PciSpace.Memory, Memory),
            AccessCost.OnChip);
        _system.Map(new AddressRange(Io, 0x1_0000), new PciWindow("pcie-pio", Bus, PciSpace.Io, 0), AccessCost.OnChip);
    }

    public PciBus Bus { get; }

    public RecordingLine[] Lines { get; }

    public static ulong ConfigAddress(int bus, int device, int function, int register) =>
        Ecam + ((ulong)bus << 20) + ((ulong)device << 15) + ((ulong)function << 12) + (ulong)register;

    public ulong Read(ulong address, int sizeBytes = 4)
    {
        Assert.That(_system.ReadDevice(address, sizeBytes, out ulong value, out _), Is.EqualTo(BusStatus.Ok));
        return value;
    }

    public ulong Peek(ulong address, int sizeBytes = 4)
    {
        Assert.That(_system.Peek(address, sizeBytes, out ulong value), Is.EqualTo(BusStatus.Ok));
        return value;
    }

    public void Write(ulong address, ulong value, int sizeBytes = 4) =>
        Assert.That(_system.WriteDevice(address, sizeBytes, value, out _), Is.EqualTo(BusStatus.Ok));
}
