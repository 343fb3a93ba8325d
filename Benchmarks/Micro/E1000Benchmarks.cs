using BenchmarkDotNet.Attributes;
using RiscvXv6.Devices.Bus;
using RiscvXv6.Devices.E1000;
using RiscvXv6.Devices.Memory;
using RiscvXv6.Devices.Net;
using RiscvXv6.Devices.Timing;
using Card = RiscvXv6.Devices.E1000.E1000;

namespace RiscvXv6.Benchmarks.Micro;

/// <summary>
/// What a frame costs the host, from the store to TDT to the far end of the cable, and from there to DD in memory.
/// </summary>
public class E1000Benchmarks : INetworkBackend
{
    private const ulong RamBase = 0x8000_0000;
    private const ulong TransmitRing = RamBase + 0x1000;
    private const ulong ReceiveRing = RamBase + 0x2000;
    private const ulong TransmitBuffer = RamBase + 0x4000;
    private const ulong ReceiveBuffers = RamBase + 0x10_0000;
    private const int RingDescriptors = 128;
    private const int FramesPerOperation = 64;

    // A legacy descriptor's command: EOP, IFCS, RS; and what TCTL and RCTL are in xv6's driver.
    private const ulong Command = 0x0b00_0000;
    private const uint TransmitControl = 0x4_010a;
    private const uint ReceiveControl = 0x0400_8002;

    private readonly GuestClock _clock = new();
    private readonly GuestMemory _ram = new("ram", new AddressRange(RamBase, 0x20_0000), writable: true);
    private readonly EventScheduler _scheduler;
    private readonly Card _card;
    private byte[] _frame = [];
    private int _sent;
    private uint _transmitTail;
    private uint _receiveTail;

    public E1000Benchmarks()
    {
        _scheduler = new EventScheduler(_clock);
        _card = new Card("e1000", new E1000Options(E1000Options.DefaultMac), _ram, _clock, _scheduler, this);
    }

    /// <summary>Without frame check sequence: the shortest and the longest that Ethernet has.</summary>
    [Params(60, 1514)]
    public int FrameBytes { get; set; }

    string INetworkBackend.Name => "nowhere";

    [GlobalSetup]
    public void SetUp()
    {
        // Memory decoding and bus mastering.
        _card.Config.Write(4, 2, 6);
        _frame = new byte[FrameBytes];
        Convert.FromHexString("525400123456" + "020000000002" + "88b5").CopyTo(_frame, 0);
        _ram.TryWrite(TransmitBuffer, _frame);
        for (ulong index = 0; index < RingDescriptors; index++)
        {
            _ram.TryWriteUInt64(TransmitRing + 16 * index, TransmitBuffer);
            _ram.TryWriteUInt64(TransmitRing + 16 * index + 8, (uint)FrameBytes | Command);
            _ram.TryWriteUInt64(ReceiveRing + 16 * index, ReceiveBuffers + 2048 * index);
        }

        _receiveTail = RingDescriptors - 1;
        foreach (var (register, value) in new (E1000Register, uint)[]
        {
            (E1000Register.Tdbal, (uint)TransmitRing), (E1000Register.Tdlen, 16 * RingDescriptors), (E1000Register.Tctl, TransmitControl),
            (E1000Register.Rdbal, (uint)ReceiveRing), (E1000Register.Rdlen, 16 * RingDescriptors), (E1000Register.Rdt, _receiveTail),
            (E1000Register.Rctl, ReceiveControl),
        })
        {
            Store(register, value);
        }
    }

    [GlobalCleanup]
    public void CleanUp() => _ram.Dispose();

    [Benchmark(OperationsPerInvoke = FramesPerOperation)]
    public int Transmit()
    {
        int end = _sent + FramesPerOperation;
        _transmitTail = (_transmitTail + FramesPerOperation) % RingDescriptors;
        Store(E1000Register.Tdt, _transmitTail);
        while (_sent < end)
        {
            RunNext();
        }

        Load(E1000Register.Icr);
        return _sent;
    }

    [Benchmark(OperationsPerInvoke = FramesPerOperation)]
    public uint Receive()
    {
        uint end = (Load(E1000Register.Rdh) + FramesPerOperation) % RingDescriptors;
        for (int index = 0; index < FramesPerOperation; index++)
        {
            _card.Receive(_frame, FrameInfo.None);
        }

        while (Load(E1000Register.Rdh) != end)
        {
            RunNext();
        }

        Load(E1000Register.Icr);
        _receiveTail = (_receiveTail + FramesPerOperation) % RingDescriptors;
        Store(E1000Register.Rdt, _receiveTail);
        return end;
    }

    void INetworkBackend.Connect(INetworkClient client)
    {
    }

    void INetworkBackend.Send(ReadOnlySpan<byte> frame, in FrameInfo info) => _sent++;

    void INetworkBackend.ReceiveRoomAvailable()
    {
    }

    void INetworkBackend.Reset()
    {
    }

    private void RunNext()
    {
        if (_scheduler.NextDeadlineCycles == EventScheduler.Never)
        {
            throw new InvalidOperationException("the card has stopped");
        }

        _clock.AdvanceTo(Math.Max(_clock.NowCycles, _scheduler.NextDeadlineCycles));
        _scheduler.RunDue();
    }

    private uint Load(E1000Register register)
    {
        _card.ReadBar(0, (uint)E1000Registers.Table[register].Offset, 4, out uint value);
        return value;
    }

    private void Store(E1000Register register, uint value) =>
        _card.WriteBar(0, (uint)E1000Registers.Table[register].Offset, 4, value);
}
