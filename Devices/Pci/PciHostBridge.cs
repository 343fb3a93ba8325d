using RiscvXv6.Devices.Bus;

namespace RiscvXv6.Devices.Pci;

/// <summary>The host bridge at 00:00.0, as QEMU's generic PCIe host shows itself. It has no registers of its own.</summary>
public sealed class PciHostBridge : IPciFunction
{
    public string Name => "pcie-host";

    public PciConfigSpace Config { get; } = new(
        new PciIdentity(VendorId: 0x1b36, DeviceId: 0x0008, ClassCode: 0x060000, RevisionId: 0, InterruptPin: 0));

    public void Reset()
    {
    }

    public BusStatus ReadBar(int barIndex, uint offset, int sizeBytes, out uint value)
    {
        value = 0;
        return BusStatus.Fault;
    }

    public BusStatus WriteBar(int barIndex, uint offset, int sizeBytes, uint value) => BusStatus.Fault;

    public BusStatus PeekBar(int barIndex, uint offset, int sizeBytes, out uint value) =>
        ReadBar(barIndex, offset, sizeBytes, out value);
}
