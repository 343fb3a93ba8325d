using RiscvXv6.Devices.Bus;
using RiscvXv6.Devices.E1000;
using RiscvXv6.Devices.Pci;
using RiscvXv6.Devices.Registers;
using RiscvXv6.Devices.Timing;
using RiscvXv6.Tests.Devices.Interrupts;
using RiscvXv6.Tests.Devices.Virtio;
using RiscvXv6.Tests.Support;
using Card = RiscvXv6.Devices.E1000.E1000;

namespace RiscvXv6.Tests.Devices.E1000;

/// <summary>
/// A card's memory window at offset 0, in a machine without RAM, for tests that are driven by the register table.
/// </summary>
internal sealed class E1000Window : IMmioDevice, IRegisterMapped
{
    // 52:54:00:12:34:56, first byte lowest.
    private const ulong AddressLow = 0x1200_5452;
    private const ulong AddressHigh = 0x8000_5634;

    private readonly PciWindow _window;

    public E1000Window()
    {
        var clock = new GuestClock();
        Card = new Card(
            "e1000",
            new E1000Options(E1000Options.DefaultMac),
            new NoMemory(),
            clock,
            new EventScheduler(clock),
            new RecordingCable(clock));
        var bus = new PciBus(new RecordingLine(), new RecordingLine(), new RecordingLine(), new RecordingLine());
        bus.Attach(1, 0, Card);
        Card.Config.Write(PciConfigOffset.Command, 2, 2);
        _window = new PciWindow("pcie-mmio", bus, PciSpace.Memory, 0);
    }

    public Card Card { get; }

    public string Name => Card.Name;

    public AccessWidths Widths => _window.Widths;

    public RegisterTable Registers => Card.Registers;

    /// <summary>The first receive address comes from the EEPROM.</summary>
    public static ulong? ValueAfterReset(ulong offset) => offset switch
    {
        0x5400 => AddressLow,
        0x5404 => AddressHigh,
        _ => null,
    };

    public BusStatus Read(ulong offset, int sizeBytes, out ulong value) => _window.Read(offset, sizeBytes, out value);

    public BusStatus Write(ulong offset, int sizeBytes, ulong value) => _window.Write(offset, sizeBytes, value);

    public BusStatus Peek(ulong offset, int sizeBytes, out ulong value) => _window.Peek(offset, sizeBytes, out value);
}
