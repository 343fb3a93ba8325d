using NUnit.Framework;
using RiscvXv6.Devices.Net.UserNet;
using RiscvXv6.Devices.Net.Wire;
using RiscvXv6.Devices.Timing;
using RiscvXv6.Tests.Support;
using static RiscvXv6.Tests.Devices.Net.UserNet.TcpRig;

namespace RiscvXv6.Tests.Devices.Net.UserNet;

/// <summary>Nothing is allocated per segment, nor per connection once one like it has been there.</summary>
internal sealed class TcpAllocationTests
{
    private const int Rounds = 2_000;

    /// <summary>How often an exchange is made: first, then to compile what it needs, then to be measured.</summary>
    private const int Exchanges = 2 + Allocation.Attempts;

    [Test]
    public void Segments_both_ways_allocate_nothing()
    {
        var world = new QuietWorld();
        world.Connect();
        world.Exchange(Rounds);

        Assert.That(AllocatedBy(() => world.Exchange(Rounds)), Is.Zero);
        Assert.That(world.Sender.Sent, Is.GreaterThan(Rounds));
        Assert.That(world.Door.Taken, Is.EqualTo((long)Exchanges * 2 * Rounds * QuietWorld.SegmentBytes));
    }

    [Test]
    public void Segments_out_of_order_allocate_nothing_once_some_have_been()
    {
        var world = new QuietWorld();
        world.Connect();
        world.ExchangeSwapped(Rounds);

        Assert.That(AllocatedBy(() => world.ExchangeSwapped(Rounds)), Is.Zero);
        Assert.That(world.Relay.Statistics.SegmentsOutOfOrder, Is.EqualTo(Exchanges * Rounds));
    }

    [Test]
    public void A_connection_after_another_allocates_nothing()
    {
        var world = new QuietWorld();
        Cycle(50);

        Assert.That(AllocatedBy(() => Cycle(50)), Is.Zero);

        void Cycle(int times)
        {
            for (int i = 0; i < times; i++)
            {
                world.Connect();
                world.Exchange(3);
                world.Abandon();
            }
        }
    }

    [Test]
    public void The_measure_sees_one_array() =>
        Assert.That(AllocatedBy(static () => GC.KeepAlive(new byte[1])), Is.Positive);

    private static long AllocatedBy(Action action)
    {
        // Once before, so that everything is compiled.
        action();
        return Allocation.LeastOf(action);
    }

    /// <summary>A relay among doubles that allocate nothing themselves. The guest's segments are patched, not built.</summary>
    private sealed class QuietWorld
    {
        public const int SegmentBytes = 1_000;

        private readonly GuestClock _clock = new();
        private readonly EventScheduler _scheduler;
        private readonly byte[] _segment = Packets.TcpPayload(
            GuestAddress, GuestPort, Gateway, RemotePort, 0, 0, Ack | Psh, 65_535, null, new byte[SegmentBytes]);

        private readonly byte[] _syn = Packets.TcpPayload(
            GuestAddress, GuestPort, Gateway, RemotePort, Isn, 0, Syn, 65_535, SynOptions(1460, 7), null);

        private readonly byte[] _incoming = new byte[SegmentBytes];
        private readonly byte[] _packet = new byte[60];
        private uint _mine;
        private int _flow;

        public QuietWorld()
        {
            _scheduler = new EventScheduler(_clock);
            var options = new TcpRelayOptions(Packets.Address("10.0.2.0"), 24, Gateway, Packets.Address("10.0.2.3"), false);
            Relay = new TcpRelay(options, _clock, _scheduler, Door, Sender);
            Door.Connected = flow => _flow = flow;
        }

        public QuietDoor Door { get; } = new();

        public QuietSender Sender { get; } = new();

        public TcpRelay Relay { get; }

        public void Connect()
        {
            _mine = Isn + 1;
            Relay.Receive(GuestAddress, Gateway, _syn, _packet);
            Relay.TcpConnected(_flow);
            Say(Ack, _mine, 0);
        }

        public void Exchange(int rounds)
        {
            for (int i = 0; i < rounds; i++)
            {
                Say(Ack | Psh, _mine, SegmentBytes);
                _mine += SegmentBytes;
                Say(Ack | Psh, _mine, SegmentBytes);
                _mine += SegmentBytes;
                Relay.TcpSent(_flow, 2 * SegmentBytes);
                Relay.TcpReceived(_flow, _incoming);
                Say(Ack, _mine, 0);
                Pass();
            }
        }

        public void ExchangeSwapped(int rounds)
        {
            for (int i = 0; i < rounds; i++)
            {
                Say(Ack | Psh, _mine + SegmentBytes, SegmentBytes);
                Say(Ack | Psh, _mine, SegmentBytes);
                _mine += 2 * SegmentBytes;
                Relay.TcpSent(_flow, 2 * SegmentBytes);
                Pass();
            }
        }

        public void Abandon() => Say(Rst, _mine, 0);

        private void Pass()
        {
            _clock.AdvanceTo(_clock.NowCycles + 1_000_000);
            _scheduler.RunDue();
        }

        private void Say(int flags, uint sequence, int length)
        {
            var segment = _segment.AsSpan(0, TcpHeader.SizeBytes + length);
            var header = new TcpHeader(GuestPort, RemotePort, sequence, Sender.NextExpected, (TcpFlags)flags, 65_535);
            header.Write(segment, TcpOptions.None);
            TcpHeader.Seal(segment, GuestAddress, Gateway);
            Relay.Receive(GuestAddress, Gateway, segment, _packet);
        }
    }

    private sealed class QuietSender : IPacketSender
    {
        private readonly byte[] _buffer = new byte[1_480];

        public int Sent { get; private set; }

        /// <summary>What the guest acknowledges: everything.</summary>
        public uint NextExpected { get; private set; }

        public int RoomFrames => 1_000;

        public Span<byte> PacketPayload => _buffer;

        public void Send(IPv4Address source, IPv4Address destination, IpProtocol protocol, int lengthBytes)
        {
            Sent++;
            if (TcpSegment.TryRead(_buffer.AsSpan(0, lengthBytes), out var segment))
            {
                NextExpected = segment.Sequence + segment.SequenceLength;
            }
        }

        public void SendUnreachable(byte code, ReadOnlySpan<byte> packet)
        {
        }
    }

    private sealed class QuietDoor : IHostDoor
    {
        public Action<int> Connected { get; set; } = static _ => { };

        public long Taken { get; private set; }

        public void Attach(IHostDoorEvents events)
        {
        }

        public void Listen(int listener, HostProtocol protocol, HostEndpoint local)
        {
        }

        public void OpenUdp(int flow)
        {
        }

        public void SendUdp(int flow, HostEndpoint to, ReadOnlySpan<byte> payload)
        {
        }

        public void ConnectTcp(int flow, HostEndpoint to) => Connected(flow);

        public void SendTcp(int flow, ReadOnlySpan<byte> data) => Taken += data.Length;

        public void GrantTcp(int flow, int bytes)
        {
        }

        public void EndTcp(int flow)
        {
        }

        public void SendEcho(int flow, IPv4Address to, ushort sequence, ReadOnlySpan<byte> payload)
        {
        }

        public void Close(int flow)
        {
        }

        public void Dispose()
        {
        }
    }
}
