using NUnit.Framework;
using RiscvXv6.Devices.Bus;
using RiscvXv6.Devices.E1000;
using RiscvXv6.Devices.Memory;
using RiscvXv6.Devices.Net;
using RiscvXv6.Devices.Pci;
using RiscvXv6.Devices.Timing;
using RiscvXv6.Tests.Devices.Interrupts;
using Card = RiscvXv6.Devices.E1000.E1000;

namespace RiscvXv6.Tests.Support;

/// <summary>
/// Plays the guest's driver of an e1000 through its windows and its rings in memory, with a clock that a test moves.
/// </summary>
internal sealed partial class E1000Driver : IDisposable
{
    public const ulong MemoryBase = 0x8000_0000;
    public const ulong MemoryBytes = 0x100_0000;

    /// <summary>Where the rings and buffers lie unless a test says otherwise.</summary>
    public const ulong TransmitRing = MemoryBase + 0x1_0000;
    public const ulong ReceiveRing = MemoryBase + 0x2_0000;
    public const ulong TransmitBuffers = MemoryBase + 0x10_0000;
    public const ulong ReceiveBuffers = MemoryBase + 0x40_0000;

    private const int Slot = 1;
    private const uint MemoryWindow = 0x4000_0000;
    private const uint IoWindow = 0x1000;

    private readonly GuestMemory _memory = new("ram", new AddressRange(MemoryBase, MemoryBytes), writable: true);
    private readonly PciWindow _window;
    private readonly PciWindow _ports;
    private readonly PciEcam _ecam;

    /// <param name="fidelity">How strict the card is.</param>
    /// <param name="megahertz">The clock; a cycle is 1 ns at 1000.</param>
    /// <param name="change">Changes the card's options.</param>
    /// <param name="memory">What the card's DMA reaches instead of plain memory, given that memory.</param>
    /// <param name="backend">What the cable leads to instead of <see cref="Cable"/>.</param>
    public E1000Driver(
        E1000Fidelity fidelity = E1000Fidelity.Lenient,
        int megahertz = 1000,
        Func<E1000Options, E1000Options>? change = null,
        Func<IDmaMemory, IDmaMemory>? memory = null,
        INetworkBackend? backend = null)
    {
        Clock = new GuestClock(megahertz);
        Scheduler = new EventScheduler(Clock);
        Cable = new RecordingCable(Clock);
        var options = new E1000Options(E1000Options.DefaultMac) { Fidelity = fidelity };
        options = change?.Invoke(options) ?? options;
        Card = new Card("e1000", options, memory?.Invoke(_memory) ?? _memory, Clock, Scheduler, backend ?? Cable)
        {
            Advice = Sentences.Add,
        };
        Bus = new PciBus(Lines[0], Lines[1], Lines[2], Lines[3]);
        Bus.Attach(Slot, 0, Card);
        _window = new PciWindow("pcie-mmio", Bus, PciSpace.Memory, 0);
        _ports = new PciWindow("pcie-pio", Bus, PciSpace.Io, 0);
        _ecam = new PciEcam(Bus);
        SetUpBus();
    }

    public GuestClock Clock { get; }

    public EventScheduler Scheduler { get; }

    public RecordingCable Cable { get; }

    public Card Card { get; }

    public PciBus Bus { get; }

    /// <summary>INTA to INTD as the host sees them; the card in slot 1 is on the second.</summary>
    public RecordingLine[] Lines { get; } = [new(), new(), new(), new()];

    public RecordingLine Interrupt => Lines[Slot];

    /// <summary>What the card said of the driver's mistakes.</summary>
    public List<string> Sentences { get; } = [];

    public IDmaMemory Memory => _memory;

    public ulong Now => Clock.NowCycles;

    public static ulong OffsetOf(E1000Register register, int element = 0) =>
        E1000Registers.Table[register].OffsetOf(0, element);

    /// <summary>
    /// What a guest's firmware or its PCI scan does: assigns addresses and enables decoding and bus mastering.
    /// </summary>
    public void SetUpBus(ushort command = 7)
    {
        WriteConfig(PciConfigOffset.Bar0, MemoryWindow);
        WriteConfig(PciConfigOffset.Bar0 + 4, IoWindow);
        WriteConfig(PciConfigOffset.Command, command, 2);
    }

    public uint ReadConfig(int offset, int sizeBytes = 4)
    {
        _ecam.Read((Slot << 15) + (ulong)offset, sizeBytes, out ulong value);
        return (uint)value;
    }

    public void WriteConfig(int offset, uint value, int sizeBytes = 4) =>
        _ecam.Write((Slot << 15) + (ulong)offset, sizeBytes, value);

    public uint Read(E1000Register register, int element = 0) => (uint)ReadAt(OffsetOf(register, element));

    public void Write(E1000Register register, uint value, int element = 0) =>
        WriteAt(OffsetOf(register, element), value);

    public uint Peek(E1000Register register, int element = 0)
    {
        Expect(_window.Peek(MemoryWindow + OffsetOf(register, element), 4, out ulong value));
        return (uint)value;
    }

    public ulong ReadAt(ulong offset, int sizeBytes = 4)
    {
        Expect(_window.Read(MemoryWindow + offset, sizeBytes, out ulong value));
        return value;
    }

    public void WriteAt(ulong offset, ulong value, int sizeBytes = 4) =>
        Expect(_window.Write(MemoryWindow + offset, sizeBytes, value));

    public ulong ReadPort(uint offset, int sizeBytes = 4)
    {
        Expect(_ports.Read(IoWindow + offset, sizeBytes, out ulong value));
        return value;
    }

    public void WritePort(uint offset, uint value, int sizeBytes = 4) =>
        Expect(_ports.Write(IoWindow + offset, sizeBytes, value));

    /// <summary>Moves the clock to a cycle, through every event on the way.</summary>
    public void RunTo(ulong cycle)
    {
        while (Scheduler.NextDeadlineCycles <= cycle)
        {
            Clock.AdvanceTo(Math.Max(Clock.NowCycles, Scheduler.NextDeadlineCycles));
            Scheduler.RunDue();
        }

        Clock.AdvanceTo(cycle);
    }

    public void RunFor(ulong cycles) => RunTo(Now + cycles);

    /// <summary>Runs until a condition holds, event by event; fails if it does not within the time.</summary>
    public void RunUntil(Func<bool> condition, ulong atMostCycles = 100_000_000)
    {
        ulong end = Now + atMostCycles;
        while (!condition())
        {
            Assert.That(Scheduler.NextDeadlineCycles, Is.LessThanOrEqualTo(end), "what was waited for did not happen");
            RunTo(Math.Max(Now, Scheduler.NextDeadlineCycles));
        }
    }

    /// <summary>Allocates nothing unless it fails, so that a test can count what the card allocates.</summary>
    private static void Expect(BusStatus status)
    {
        if (status != BusStatus.Ok)
        {
            Assert.Fail($"an access ended as {status}");
        }
    }

    public void Dispose() => _memory.Dispose();
}
