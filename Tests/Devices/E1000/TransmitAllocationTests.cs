using NUnit.Framework;
using RiscvXv6.Devices.Bus;
using RiscvXv6.Devices.E1000;
using RiscvXv6.Devices.Memory;
using RiscvXv6.Devices.Net;
using RiscvXv6.Devices.Timing;
using RiscvXv6.Tests.Support;
using Card = RiscvXv6.Devices.E1000.E1000;

namespace RiscvXv6.Tests.Devices.E1000;

/// <summary>Architecture rule 11: a frame on its way allocates nothing, whatever descriptors it is made of.</summary>
public sealed class TransmitAllocationTests : INetworkBackend, IPacketObserver
{
    private const ulong Ram = 0x8000_0000;
    private const ulong Ring = Ram + 0x1000;
    private const ulong Buffer = Ram + 0x1_0000;
    private const int Count = 64;
    private const int Frames = 20_000;

    private readonly GuestClock _clock = new();
    private int _frames;
    private int _records;
    private bool _isWasteful;
    private byte[] _last = [];

    public string Name => "nowhere";

    public void Connect(INetworkClient client)
    {
    }

    public void Send(ReadOnlySpan<byte> frame, in FrameInfo info)
    {
        _frames++;
        if (_isWasteful)
        {
            _last = frame.ToArray();
        }
    }

    public void ReceiveRoomAvailable()
    {
    }

    void INetworkBackend.Reset()
    {
    }

    public void Completed(in PacketRecord record) => _records++;

    [TestCase(0ul, Description = "legacy, with IC")]
    [TestCase(1ul, Description = "data, with both checksums")]
    [TestCase(2ul, Description = "segments")]
    public void A_frame_allocates_nothing(ulong kind)
    {
        _isWasteful = false;
        Assert.That(Measure(kind), Is.Zero);
    }

    // Negative control: a copy of 1000 bytes for each frame.
    [Test]
    public void A_copy_of_each_frame_is_noticed()
    {
        _isWasteful = true;
        Assert.That(Measure(0), Is.GreaterThan(Frames * 1_000L));
        Assert.That(_last, Has.Length.EqualTo(1_000));
    }

    private long Measure(ulong kind)
    {
        var scheduler = new EventScheduler(_clock);
        using var memory = new GuestMemory("ram", new AddressRange(Ram, 0x10_0000), writable: true);
        var card = new Card("e1000", new E1000Options(E1000Options.DefaultMac), memory, _clock, scheduler, this);
        card.Journal.Observer = this;
        card.Config.Write(4, 2, 6);
        Fill(memory, kind);
        Store(card, E1000Register.Tdbal, (uint)Ring);
        Store(card, E1000Register.Tdlen, Count * 16);
        Store(card, E1000Register.Tctl, 0x4010a);
        Send(card, scheduler, 2_000);
        return Allocation.LeastOf(() => Send(card, scheduler, Frames));
    }

    /// <summary>A context and 63 packets, each in one descriptor of 1000 bytes.</summary>
    private static void Fill(GuestMemory memory, ulong kind)
    {
        memory.TryWriteUInt64(Ring, 14 | 24ul << 8 | 33ul << 16 | 34ul << 32 | 50ul << 40);
        memory.TryWriteUInt64(Ring + 8, (kind == 2 ? 946 | 0x2ful << 24 | 54ul << 40 | 300ul << 48 : 0x2bul << 24));
        for (int index = 1; index < Count; index++)
        {
            ulong at = Ring + (ulong)(index * 16);
            memory.TryWriteUInt64(at, Buffer);
            memory.TryWriteUInt64(at + 8, 1_000 | kind switch
            {
                0 => 0x0ful << 24 | 50ul << 16 | 14ul << 40,
                1 => 1ul << 20 | 0x2bul << 24 | 3ul << 40,
                _ => 1ul << 20 | 0x2ful << 24 | 3ul << 40,
            });
        }
    }

    private void Send(Card card, EventScheduler scheduler, int frames)
    {
        int end = _frames + frames;
        int records = _records;
        while (_frames < end)
        {
            uint tail = (uint)(Load(card, E1000Register.Tdh) + Count - 1) % Count;
            Store(card, E1000Register.Tdt, tail);
            for (int step = 0; step < 200; step++)
            {
                _clock.AdvanceTo(Math.Max(_clock.NowCycles, scheduler.NextDeadlineCycles));
                scheduler.RunDue();
            }

            Load(card, E1000Register.Icr);
        }

        if (_records <= records)
        {
            throw new InvalidOperationException("no packet was accounted for");
        }
    }

    private static uint Load(Card card, E1000Register register)
    {
        card.ReadBar(0, (uint)E1000Registers.Table[register].Offset, 4, out uint value);
        return value;
    }

    private static void Store(Card card, E1000Register register, uint value) =>
        card.WriteBar(0, (uint)E1000Registers.Table[register].Offset, 4, value);
}
