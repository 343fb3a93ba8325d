using NUnit.Framework;
using RiscvXv6.Devices.Net.UserNet;
using RiscvXv6.Devices.Net.Wire;
using static RiscvXv6.Tests.Devices.Net.UserNet.TcpRig;

namespace RiscvXv6.Tests.Devices.Net.UserNet;

/// <summary>Connections to the guest, through forwarded ports.</summary>
internal sealed class TcpAcceptTests
{
    private const int GuestServer = 22;

    private static readonly HostEndpoint Peer = new(IPv4Address.Loopback, 51_000);

    [Test]
    public void The_guest_sees_the_connection_come_from_the_gateway_with_the_peers_port()
    {
        var rig = Forwarding();

        Accept(rig, Peer);
        var syn = rig.TakeOne();

        Assert.That((syn.From, syn.FromPort, syn.To, syn.ToPort), Is.EqualTo((Gateway, 51_000, GuestAddress, GuestServer)));
        Assert.That(syn.Flags, Is.EqualTo(Syn));
        Assert.That(syn.Options, Does.Contain((byte)3), "a window shift is offered");
        Assert.That(StateOf(rig), Is.EqualTo(TcpState.SynSent));
    }

    [Test]
    public void The_guests_answer_makes_the_connection_and_bytes_go_both_ways()
    {
        var rig = Forwarding();
        int flow = Accept(rig, Peer);
        var syn = rig.TakeOne();

        FromServer(rig, Syn | Ack, Isn, syn.Sequence + 1);
        var ack = rig.TakeOne();
        rig.Door.ReceiveTcp(flow, [1, 2]);
        var data = rig.TakeOne();
        FromServer(rig, Ack | Psh, Isn + 1, syn.Sequence + 3, [7]);

        Assert.That((ack.Flags, ack.Sequence, ack.Acknowledgement), Is.EqualTo((Ack, syn.Sequence + 1, Isn + 1)));
        Assert.That(data.Data, Is.EqualTo(new byte[] { 1, 2 }));
        Assert.That(rig.HostGot(flow), Is.EqualTo(new byte[] { 7 }));
        Assert.That(StateOf(rig), Is.EqualTo(TcpState.Established));
    }

    [Test]
    public void Where_nobody_listens_in_the_guest_the_peer_is_reset()
    {
        var rig = Forwarding();
        int flow = Accept(rig, Peer);

        FromServer(rig, Rst | Ack, 0, rig.TakeOne().Sequence + 1);

        Assert.That(rig.Door.Closed, Is.EqualTo(new[] { flow }));
        Assert.That(StateOf(rig), Is.EqualTo(TcpState.Closed));
    }

    [Test]
    public void A_reset_or_an_answer_to_something_else_does_not_count()
    {
        var rig = Forwarding();
        Accept(rig, Peer);
        uint next = rig.TakeOne().Sequence + 1;

        FromServer(rig, Rst | Ack, 0, next + 7);
        FromServer(rig, Rst, next, 0);
        var silent = rig.Take();
        FromServer(rig, Syn | Ack, Isn, next + 7);
        var reset = rig.TakeOne();

        Assert.That(silent, Is.Empty);
        Assert.That((reset.Flags, reset.Sequence), Is.EqualTo((Rst, next + 7)));
        Assert.That(StateOf(rig), Is.EqualTo(TcpState.SynSent));
    }

    [Test]
    public void A_guest_that_is_not_up_yet_is_asked_for_a_minute()
    {
        var rig = Forwarding();
        int flow = Accept(rig, Peer);

        rig.Advance(31_500);
        var sent = rig.Take();
        FromServer(rig, Syn | Ack, Isn, sent[0].Sequence + 1);
        var state = StateOf(rig);
        int other = Accept(rig, Peer with { Port = 51_001 });
        rig.Advance(64_000);

        Assert.That(sent.Select(static one => one.AtCycles / 1_000_000_000), Is.EqualTo(new ulong[] { 0, 1, 3, 7, 15, 31 }));
        Assert.That(state, Is.EqualTo(TcpState.Established));
        Assert.That(rig.Door.Closed, Is.EqualTo(new[] { other }));
        Assert.That(rig.Door.Granted, Does.ContainKey(flow));
    }

    [Test]
    public void SYNs_that_cross_make_one_connection()
    {
        var rig = Forwarding();
        Accept(rig, Peer);
        var syn = rig.TakeOne();

        FromServer(rig, Syn, Isn, 0);
        var answer = rig.TakeOne();
        FromServer(rig, Syn | Ack, Isn, syn.Sequence + 1);

        // RFC 9293 "Simultaneous Connection Synchronization".
        Assert.That((answer.Flags, answer.Sequence, answer.Acknowledgement), Is.EqualTo((Syn | Ack, syn.Sequence, Isn + 1)));
        Assert.That(StateOf(rig), Is.EqualTo(TcpState.Established));
    }

    [Test]
    public void A_peers_port_that_the_guest_sees_already_is_replaced_by_another()
    {
        var rig = Forwarding();

        Accept(rig, Peer);
        Accept(rig, Peer with { Address = new IPv4Address(0x7f00_0002) });
        var ports = rig.Take().Select(static one => one.FromPort).ToArray();

        Assert.That(ports, Has.Length.EqualTo(2).And.Unique);
        Assert.That(ports[1], Is.InRange(49_152, 65_535), "RFC 6335 \"Port Number Ranges\": dynamic ports");
    }

    [Test]
    public void A_guest_that_offers_no_window_shift_gets_none()
    {
        var rig = Forwarding();
        int flow = Accept(rig, Peer);
        uint next = rig.TakeOne().Sequence + 1;
        FromServer(rig, Syn | Ack, Isn, next, window: 2_000);
        rig.Take();

        rig.Door.ReceiveTcp(flow, new byte[1_000]);

        Assert.That(rig.Take()[0].Window, Is.EqualTo(65_535));
    }

    [Test]
    public void When_there_is_no_place_the_peer_is_refused()
    {
        var rig = Forwarding();
        for (int i = 0; i < TcpRelay.ConnectionsMax; i++)
        {
            rig.Segment(Syn, Isn, fromPort: 1_000 + i);
        }

        Assert.That(Accept(rig, Peer), Is.EqualTo(-1));
    }

    [Test]
    public void The_guest_may_say_by_ICMP_that_nobody_is_there()
    {
        var rig = Forwarding();
        int flow = Accept(rig, Peer);

        rig.Relay.Unreachable(Gateway, GuestAddress, rig.TakeOne().Bytes.AsSpan(0, 8));

        Assert.That(rig.Door.Closed, Is.EqualTo(new[] { flow }));
    }

    private static TcpRig Forwarding()
    {
        var rig = new TcpRig();
        rig.Relay.Listen(new HostEndpoint(IPv4Address.Loopback, 2_222), new HostEndpoint(GuestAddress, GuestServer));
        return rig;
    }

    private static int Accept(TcpRig rig, HostEndpoint from) =>
        rig.Door.Accept(rig.Door.ListenerAt(HostProtocol.Tcp, 2_222), from);

    private static TcpState StateOf(TcpRig rig) => rig.Relay.StateOf(Endpoints(Gateway, 51_000, GuestServer));

    private static void FromServer(TcpRig rig, int flags, uint sequence, uint acknowledgement, byte[]? data = null, int window = 65_535) =>
        rig.Segment(flags, sequence, acknowledgement, data, window, SynOptionsIf(flags), toPort: 51_000, fromPort: GuestServer);

    private static byte[]? SynOptionsIf(int flags) => (flags & Syn) != 0 ? SynOptions() : null;
}
