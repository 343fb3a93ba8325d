using NUnit.Framework;
using RiscvXv6.Devices.Net.UserNet;
using RiscvXv6.Devices.Net.Wire;
using RiscvXv6.Devices.Timing;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Devices.Net.UserNet;

/// <summary>
/// A TCP relay between a guest and a host that the test plays: segments in, segments out, and virtual time. What comes is taken apart by
/// the tests' own code and its checksum judged.
/// </summary>
internal sealed class TcpRig : IPacketSender, IHostDoorEvents
{
    public const int Fin = 1;
    public const int Syn = 2;
    public const int Rst = 4;
    public const int Psh = 8;
    public const int Ack = 16;

    /// <summary>The guest's first sequence number.</summary>
    public const uint Isn = 1000;

    public const int GuestPort = 40_000;
    public const int RemotePort = 80;

    public static readonly IPv4Address GuestAddress = Packets.Address("10.0.2.15");
    public static readonly IPv4Address Gateway = Packets.Address("10.0.2.2");

    /// <summary>RFC 5737 "Documentation Address Blocks": nobody. Behind the fake door nothing is sent anywhere.</summary>
    public static readonly IPv4Address Outside = Packets.Address("192.0.2.7");

    private readonly byte[] _buffer = new byte[2000];
    private readonly List<RigSegment> _segments = [];

    public TcpRig(bool isRestricted = false)
    {
        Clock = new GuestClock();
        Scheduler = new EventScheduler(Clock);
        Door.Attach(this);
        var options = new TcpRelayOptions(
            Packets.Address("10.0.2.0"), 24, Gateway, Packets.Address("10.0.2.3"), isRestricted);
        Relay = new TcpRelay(options, Clock, Scheduler, Door, this);
    }

    public GuestClock Clock { get; }

    public EventScheduler Scheduler { get; }

    public FakeHostDoor Door { get; } = new();

    public TcpRelay Relay { get; }

    public int RoomFrames { get; set; } = 1000;

    /// <summary>Each packet takes one frame of room until the test makes room again.</summary>
    public bool UsesRoom { get; set; }

    /// <summary>ICMP messages, by their code, with the packet that they quote.</summary>
    public List<(byte Code, byte[] Packet)> Unreachables { get; } = [];

    /// <summary>Whether segments are kept. A fuzzer only has them judged.</summary>
    public bool Keeps { get; set; } = true;

    /// <summary>If segments are not kept: by the guest's port, what follows on the latest one, and what it expects.</summary>
    public Dictionary<int, (uint Theirs, uint Mine)> Numbers { get; } = [];

    /// <summary>The number that the guest expects next; kept by <see cref="Establish"/>.</summary>
    public uint Theirs { get; set; }

    /// <summary>What <see cref="Theirs"/> was at first.</summary>
    public uint FirstTheirs { get; private set; }

    /// <summary>The guest's own next number; kept by <see cref="Establish"/> only.</summary>
    public uint Mine { get; set; } = Isn;

    /// <summary>The flow of the latest connection of the guest's.</summary>
    public int Flow => Door.Connects[^1].Flow;

    public TcpState State => Relay.StateOf(Endpoints());

    public Span<byte> PacketPayload => _buffer;

    public static TcpEndpoints Endpoints(IPv4Address? remote = null, int remotePort = RemotePort, int guestPort = GuestPort) => new(
        new HostEndpoint(GuestAddress, (ushort)guestPort), new HostEndpoint(remote ?? Gateway, (ushort)remotePort));

    /// <summary>Options of a SYN: MSS, and a window shift if it is not negative.</summary>
    public static byte[] SynOptions(int mss = 1460, int shift = -1) =>
        shift < 0 ? [2, 4, .. Packets.Big16(mss)] : [2, 4, .. Packets.Big16(mss), 1, 3, 3, (byte)shift];

    public static byte[] Noise(int length)
    {
        byte[] data = new byte[length];
        new Random(length).NextBytes(data);
        return data;
    }

    public void Send(IPv4Address source, IPv4Address destination, IpProtocol protocol, int lengthBytes)
    {
        RoomFrames -= UsesRoom ? 1 : 0;
        byte[] segment = _buffer[..lengthBytes];
        Assert.That(protocol, Is.EqualTo(IpProtocol.Tcp));
        Assert.That(lengthBytes, Is.InRange(20, 1480));
        Assert.That(Packets.Checksum(Packets.PseudoHeader(source, destination, Packets.Tcp, lengthBytes), segment), Is.Zero);
        if (!Keeps)
        {
            uint length = (uint)(lengthBytes - (segment[12] >> 4) * 4) + ((segment[13] & (Syn | Fin)) != 0 ? 1u : 0);
            Numbers[Packets.Word(segment, 2)] = (Packets.Long(segment, 4) + length, Packets.Long(segment, 8));
            return;
        }

        _segments.Add(new RigSegment(source, destination, segment, Clock.NowCycles));
    }

    public void SendUnreachable(byte code, ReadOnlySpan<byte> packet) => Unreachables.Add((code, packet.ToArray()));

    /// <summary>What came to the guest since the last call.</summary>
    public List<RigSegment> Take()
    {
        List<RigSegment> taken = [.. _segments];
        _segments.Clear();
        return taken;
    }

    /// <summary>The one segment that came since the last call.</summary>
    public RigSegment TakeOne()
    {
        var taken = Take();
        Assert.That(taken, Has.Count.EqualTo(1), string.Join("; ", taken));
        return taken[0];
    }

    /// <summary>Sends a segment of the guest's.</summary>
    public void Segment(
        int flags, uint sequence, uint acknowledgement = 0, byte[]? data = null, int window = 65_535, byte[]? options = null,
        IPv4Address? to = null, int toPort = RemotePort, int fromPort = GuestPort)
    {
        var destination = to ?? Gateway;
        byte[] segment = Packets.TcpPayload(
            GuestAddress, fromPort, destination, toPort, sequence, acknowledgement, flags, window, options, data);
        Raw(destination, segment);
    }

    /// <summary>Sends bytes as the payload of a packet to somebody.</summary>
    public void Raw(IPv4Address destination, byte[] segment)
    {
        byte[] packet = Packets.Ip(GuestAddress, destination, Packets.Tcp, segment);
        Relay.Receive(GuestAddress, destination, segment, packet);
    }

    /// <summary>Has the guest connect to the gateway's port 80, and the host accept. The guest's next number is <see cref="Mine"/>.</summary>
    public void Establish(int window = 65_535, int mss = 1460, int shift = -1)
    {
        Segment(Syn, Isn, window: window, options: SynOptions(mss, shift));
        Door.Events.TcpConnected(Flow);
        var answer = TakeOne();
        (Mine, Theirs) = (Isn + 1, answer.Sequence + 1);
        FirstTheirs = Theirs;
        Segment(Ack, Mine, Theirs, window: shift > 0 ? window >> shift : window);
        Assert.That(State, Is.EqualTo(TcpState.Established));
        Assert.That(Take(), Is.Empty);
    }

    /// <summary>Sends an acknowledgement, with data or FIN if so asked, and moves <see cref="Mine"/> on.</summary>
    public void Say(byte[]? data = null, int flags = Ack, int window = 65_535)
    {
        Segment(flags, Mine, Theirs, data, window);
        Mine += (uint)(data?.Length ?? 0) + ((flags & Fin) != 0 ? 1u : 0);
    }

    /// <summary>Lets virtual time pass, event by event.</summary>
    public void Advance(double milliseconds)
    {
        ulong until = Clock.NowCycles + (ulong)(milliseconds * 1e6);
        while (Scheduler.NextDeadlineCycles <= until)
        {
            Clock.AdvanceTo(Math.Max(Clock.NowCycles, Scheduler.NextDeadlineCycles));
            Scheduler.RunDue();
        }

        Clock.AdvanceTo(until);
    }

    /// <summary>The bytes that the host got of a connection.</summary>
    public byte[] HostGot(int flow) => [.. Door.TcpBytes[flow]];

    public void UdpReceived(int flow, HostEndpoint from, ReadOnlySpan<byte> payload) => Assert.Fail("no datagram was sent");

    public void UdpRefused(int flow, HostEndpoint to) => Assert.Fail("no datagram was sent");

    public int TcpAccepted(int listener, HostEndpoint from) => Relay.TcpAccepted(listener, from);

    public void TcpConnected(int flow) => Relay.TcpConnected(flow);

    public void TcpFailed(int flow, HostFailure reason) => Relay.TcpFailed(flow, reason);

    public void TcpReceived(int flow, ReadOnlySpan<byte> data) => Relay.TcpReceived(flow, data);

    public void TcpSent(int flow, int bytes) => Relay.TcpSent(flow, bytes);

    public void TcpEnded(int flow) => Relay.TcpEnded(flow);

    public void TcpReset(int flow) => Relay.TcpReset(flow);

    public void EchoReplied(int flow, IPv4Address from, ushort sequence, ReadOnlySpan<byte> payload) =>
        Assert.Fail("no echo request was sent");
}
