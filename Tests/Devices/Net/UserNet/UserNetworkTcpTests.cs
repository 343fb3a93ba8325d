using NUnit.Framework;
using RiscvXv6.Devices.Net.UserNet;
using RiscvXv6.Devices.Net.Wire;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Devices.Net.UserNet;

/// <summary>That TCP is where it belongs in the whole network; how it behaves is tried in its own tests.</summary>
public sealed class UserNetworkTcpTests
{
    private const int Syn = 2;
    private const int Rst = 4;
    private const int Ack = 16;

    private static readonly IPv4Address s_forwarder = Packets.Address("10.0.2.100");
    private static readonly HostEndpoint s_peer = new(IPv4Address.Loopback, 5555);

    [Test]
    public void A_connection_to_the_gateway_leads_to_the_hosts_loopback()
    {
        using var rig = new UserNetRig();
        rig.Guest.SendIp(NetGuest.Gateway, Packets.Tcp, Segment(rig, NetGuest.Gateway, 80, 100, 0, Syn));
        var (flow, to) = rig.Door.Connects.Single();
        Assert.That(to, Is.EqualTo(new HostEndpoint(IPv4Address.Loopback, 80)));
        rig.Door.Events.TcpConnected(flow);
        byte[] answer = rig.Guest.TakeIp().Single();
        Assert.That((answer[33], Packets.Long(answer, 28)), Is.EqualTo((Syn | Ack, 101u)));

        uint next = Packets.Long(answer, 24) + 1;
        rig.Guest.SendIp(NetGuest.Gateway, Packets.Tcp, Segment(rig, NetGuest.Gateway, 80, 101, next, Ack, [1, 2, 3]));
        Assert.That(rig.Door.TcpBytes[flow], Is.EqualTo(new byte[] { 1, 2, 3 }));
        rig.Door.ReceiveTcp(flow, [4, 5]);
        Assert.That(rig.Guest.TakeIp().Any(packet => packet.AsSpan(20 + (packet[32] >> 4) * 4).SequenceEqual(new byte[] { 4, 5 })));
        rig.Network.Reset();
        Assert.That(rig.Door.OpenFlows, Is.Zero);
    }

    [Test]
    public void A_forwarded_port_leads_to_the_guest_which_is_asked_for_first()
    {
        using var rig = new UserNetRig(new UserNetOptions
        {
            Forwards = [new PortForward(HostProtocol.Tcp, new HostEndpoint(IPv4Address.Loopback, 5555), new HostEndpoint(IPv4Address.Any, 22))],
        });
        rig.Door.Accept(rig.Door.ListenerAt(HostProtocol.Tcp, 5555), s_peer);
        byte[] syn = rig.Guest.TakeIp().Single();
        Assert.That(new IPv4Address(Packets.Long(syn, 12)), Is.EqualTo(NetGuest.Gateway));
        Assert.That((Packets.Word(syn, 22), syn[33]), Is.EqualTo((22, Syn)));
    }

    [Test]
    public void A_guest_forward_has_an_address_of_its_own_that_answers_ARP_and_echoes()
    {
        using var rig = new UserNetRig(new UserNetOptions
        {
            IsRestricted = true,
            GuestForwards = [new GuestForward(new HostEndpoint(s_forwarder, 80), new HostEndpoint(IPv4Address.Loopback, 8080))],
        });
        rig.Guest.AskFor(s_forwarder);
        Assert.That(rig.Guest.TakeArp().Single().SenderMac, Is.EqualTo(Packets.Mac("52:55:0a:00:02:64")));
        rig.Guest.SendEcho(s_forwarder, 1, 1, []);
        Assert.That(rig.Guest.TakeIcmp().Single().From, Is.EqualTo(s_forwarder));
        rig.Guest.SendIp(s_forwarder, Packets.Tcp, Segment(rig, s_forwarder, 80, 100, 0, Syn), Packets.Mac("52:55:0a:00:02:64"));
        var (flow, to) = rig.Door.Connects.Single();
        Assert.That(to, Is.EqualTo(new HostEndpoint(IPv4Address.Loopback, 8080)));
        rig.Door.Events.TcpConnected(flow);
        byte[] frame = rig.Guest.Frames.Single();
        Assert.That(MacAddress.Read(frame.AsSpan(6)), Is.EqualTo(Packets.Mac("52:55:0a:00:02:64")));
        Assert.That(frame[47], Is.EqualTo(Syn | Ack));
    }

    [Test]
    public void A_restricted_network_resets_what_would_leave()
    {
        // As QEMU, which drops all else without a word.
        using var rig = new UserNetRig(new UserNetOptions { IsRestricted = true });
        rig.Guest.SendIp(NetGuest.Gateway, Packets.Tcp, Segment(rig, NetGuest.Gateway, 80, 100, 0, Syn));
        Assert.That(rig.Door.Connects, Is.Empty);
        Assert.That(rig.Guest.TakeIp().Single()[33] & Rst, Is.EqualTo(Rst));
    }

    [Test]
    public void A_guest_that_has_nobody_for_a_segment_says_so_by_ICMP_and_the_connection_ends()
    {
        using var rig = new UserNetRig(new UserNetOptions
        {
            Forwards = [new PortForward(HostProtocol.Tcp, new HostEndpoint(IPv4Address.Loopback, 5555), new HostEndpoint(IPv4Address.Any, 22))],
        });
        rig.Door.Accept(rig.Door.ListenerAt(HostProtocol.Tcp, 5555), s_peer);
        byte[] syn = rig.Guest.TakeIp().Single();
        rig.Guest.SendIp(NetGuest.Gateway, Packets.Icmp, Packets.IcmpPayload(3, 3, [0, 0, 0, 0], syn[..27]));
        Assert.That(rig.Door.OpenFlows, Is.EqualTo(1), "seven bytes of a segment are too few");
        rig.Guest.SendIp(NetGuest.Gateway, Packets.Icmp, Packets.IcmpPayload(3, 3, [0, 0, 0, 0], syn[..28]));
        Assert.That(rig.Door.OpenFlows, Is.Zero);
    }

    private static byte[] Segment(UserNetRig rig, IPv4Address to, int port, uint sequence, uint acknowledgement, int flags, byte[]? data = null) =>
        Packets.TcpPayload(rig.Guest.Address, 1025, to, port, sequence, acknowledgement, flags, 65535, data: data);
}
