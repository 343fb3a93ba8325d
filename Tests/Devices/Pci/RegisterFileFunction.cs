using RiscvXv6.Devices.Bus;
using RiscvXv6.Devices.Pci;

namespace RiscvXv6.Tests.Devices.Pci;

/// <summary>
/// A function with the shape of an e1000 (ids, 128 KiB of memory, 64 bytes of I/O, INTA) and words instead of a chip
/// behind it. A read of offset 0 counts, so that a peek can be told from a read.
/// </summary>
internal sealed class RegisterFileFunction : IPciFunction
{
    private readonly Dictionary<(int Bar, uint Offset), uint> _words = [];

    public string Name => "register-file";

    public PciConfigSpace Config { get; } = new(
        new PciIdentity(VendorId: 0x8086, DeviceId: 0x100e, ClassCode: 0x020000, RevisionId: 3, InterruptPin: 1),
        new PciBar(0, PciSpace.Memory, 0x2_0000),
        new PciBar(1, PciSpace.Io, 64));

    public int Reads { get; private set; }

    public void Reset() => _words.Clear();

    public BusStatus ReadBar(int barIndex, uint offset, int sizeBytes, out uint value)
    {
        Reads++;
        return PeekBar(barIndex, offset, sizeBytes, out value);
    }

    public BusStatus WriteBar(int barIndex, uint offset, int sizeBytes, uint value)
    {
        _words[(barIndex, offset)] = value;
        return BusStatus.Ok;
    }

    public BusStatus PeekBar(int barIndex, uint offset, int sizeBytes, out uint value)
    {
        value = _words.GetValueOrDefault((barIndex, offset));
        return BusStatus.Ok;
    }
}
