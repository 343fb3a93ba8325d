using NUnit.Framework;
using RiscvXv6.Devices.Net.UserNet;
using RiscvXv6.Devices.Net.Wire;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Devices.Net.UserNet;

public sealed class IcmpTests
{
    private static readonly IPv4Address s_outside = Packets.Address("192.0.2.7");

    [TestCase("10.0.2.2", false)]
    [TestCase("10.0.2.3", false)]
    [TestCase("10.0.2.2", true)]
    [TestCase("10.0.2.3", true)]
    public void A_virtual_host_answers_an_echo_itself(string address, bool isRestricted)
    {
        using var rig = new UserNetRig(new UserNetOptions { IsRestricted = isRestricted });
        rig.Guest.SendEcho(Packets.Address(address), 0xbeef, 7, [1, 2, 3]);
        var reply = rig.Guest.TakeIcmp().Single();
        Assert.That((reply.From, reply.Type, reply.Code), Is.EqualTo((Packets.Address(address), 0, 0)));
        Assert.That(reply.RestOfHeader, Is.EqualTo(new byte[] { 0xbe, 0xef, 0, 7 }));
        Assert.That(reply.Data, Is.EqualTo(new byte[] { 1, 2, 3 }));
        Assert.That(rig.Door.OpenFlowsMax, Is.Zero);
    }

    [Test]
    public void An_echo_to_the_outside_goes_through_the_door_and_keeps_its_identifier()
    {
        using var rig = new UserNetRig();
        rig.Door.Answer = static sent => sent.Payload;
        rig.Guest.SendEcho(s_outside, 0xbeef, 9, [5]);
        Assert.That(rig.Door.Echoes.Single().To, Is.EqualTo(new HostEndpoint(s_outside, 9)));
        rig.Door.Deliver();
        var reply = rig.Guest.TakeIcmp().Single();
        Assert.That((reply.From, reply.Type), Is.EqualTo((s_outside, 0)));
        Assert.That(reply.RestOfHeader, Is.EqualTo(new byte[] { 0xbe, 0xef, 0, 9 }));
        Assert.That(reply.Data, Is.EqualTo(new byte[] { 5 }));
    }

    [Test]
    public void An_echo_that_the_host_does_not_allow_is_answered_by_net_unreachable()
    {
        using var rig = new UserNetRig();
        rig.Door.AllowsEcho = false;
        rig.Guest.SendEcho(s_outside, 0xbeef, 9, [5]);
        rig.Door.Deliver();
        var error = rig.Guest.TakeIcmp().Single();
        Assert.That((error.From, error.Type, error.Code), Is.EqualTo((NetGuest.Gateway, 3, 0)));
        Assert.That(new IPv4Address(Packets.Long(error.Data, 16)), Is.EqualTo(s_outside));
        Assert.That(error.Data[20..22], Is.EqualTo(new byte[] { 8, 0 }));
        Assert.That(error.Data[24..28], Is.EqualTo(new byte[] { 0xbe, 0xef, 0, 9 }));
    }

    [Test]
    public void A_restricted_network_lets_no_echo_out()
    {
        using var rig = new UserNetRig(new UserNetOptions { IsRestricted = true });
        rig.Guest.SendEcho(s_outside, 1, 1, []);
        Assert.That(rig.Door.Echoes, Is.Empty);
        Assert.That(rig.Guest.Frames, Is.Empty);
        Assert.That(rig.Network.Counters.DroppedRestricted, Is.EqualTo(1));
    }

    [Test]
    public void Pings_are_closed_after_a_minute_and_no_more_than_32_are_open()
    {
        using var rig = new UserNetRig();
        for (int identifier = 0; identifier < 100; identifier++)
        {
            rig.Guest.SendEcho(s_outside, identifier, 1, []);
        }

        Assert.That(rig.Door.OpenFlowsMax, Is.EqualTo(32));
        rig.AdvanceMilliseconds(60_000);
        Assert.That(rig.Door.OpenFlows, Is.Zero);
    }

    [Test]
    public void A_long_echo_comes_back_in_fragments()
    {
        using var rig = new UserNetRig();
        byte[] data = [.. Enumerable.Range(0, 4000).Select(static i => (byte)i)];
        byte[] message = Packets.IcmpPayload(8, 0, [0, 1, 0, 2], data);
        for (int at = 0; at < message.Length; at += 1480)
        {
            rig.Guest.Send(Packets.Ethernet(NetGuest.GatewayMac, rig.Guest.Mac, Packets.IPv4, Packets.Ip(
                rig.Guest.Address, NetGuest.Gateway, Packets.Icmp, message[at..Math.Min(at + 1480, message.Length)], 1,
                at / 8 | (at + 1480 < message.Length ? 0x2000 : 0))));
        }

        byte[] reply = [.. rig.Guest.TakeIp().SelectMany(static packet => packet[20..])];
        Assert.That(Packets.Checksum(reply), Is.Zero);
        Assert.That((reply[0], reply[7]), Is.EqualTo((0, 2)));
        Assert.That(reply[8..], Is.EqualTo(data));
    }

    [Test]
    public void An_echo_to_everybody_is_not_answered()
    {
        // RFC 1122 "Echo Request/Reply": it may be silently discarded.
        using var rig = new UserNetRig();
        rig.Guest.SendEcho(Packets.Address("10.0.2.255"), 1, 1, []);
        rig.Guest.SendEcho(NetGuest.Everybody, 1, 1, []);
        Assert.That(rig.Guest.Frames, Is.Empty);
        Assert.That(rig.Door.Echoes, Is.Empty);
    }

    [Test]
    public void A_wrong_checksum_is_dropped()
    {
        using var rig = new UserNetRig();
        byte[] message = Packets.IcmpPayload(8, 0, [0, 1, 0, 2], [1, 2, 3]);
        message[^1]++;
        rig.Guest.SendIp(NetGuest.Gateway, Packets.Icmp, message);
        Assert.That(rig.Guest.Frames, Is.Empty);
        Assert.That(rig.Network.Counters.DroppedMalformed, Is.EqualTo(1));
    }

    [Test]
    public void A_protocol_that_nobody_speaks_and_a_port_that_nobody_serves_are_unreachable()
    {
        using var rig = new UserNetRig().Introduced();
        rig.Guest.SendIp(NetGuest.Gateway, 47, [1, 2, 3, 4]);
        rig.Guest.SendUdp(2000, NetGuest.Dns, 99, [1]);
        var errors = rig.Guest.TakeIcmp();
        Assert.That(
            errors.Select(static error => (error.From, error.Type, error.Code)),
            Is.EqualTo(new[] { (NetGuest.Gateway, 3, 2), (NetGuest.Dns, 3, 3) }));
    }

    [Test]
    public void An_error_quotes_the_packet_as_it_came_up_to_576_bytes_in_all()
    {
        // RFC 1812 "Original Message Header".
        using var rig = new UserNetRig().Introduced();
        byte[] datagram = Packets.UdpPayload(rig.Guest.Address, 2000, NetGuest.Dns, 99, new byte[1000]);
        byte[] packet = Packets.Ip(rig.Guest.Address, NetGuest.Dns, Packets.Udp, datagram);
        rig.Guest.Send(Packets.Ethernet(NetGuest.GatewayMac, rig.Guest.Mac, Packets.IPv4, packet));
        byte[] error = rig.Guest.TakeIp().Single();
        Assert.That(error, Has.Length.EqualTo(576));
        Assert.That(error[24..28], Is.EqualTo(new byte[4]));
        Assert.That(error[28..], Is.EqualTo(packet[..548]));
    }

    [Test]
    public void No_error_is_told_about_what_RFC_1122_forbids()
    {
        // "Internet Control Message Protocol": about errors, broadcasts of either layer, later fragments, senders that
        // are not one host.
        using var rig = new UserNetRig().Introduced();
        var nobody = Packets.Address("10.0.2.77");
        byte[] datagram = Packets.UdpPayload(rig.Guest.Address, 2000, nobody, 99, [1]);
        rig.Guest.SendIp(nobody, Packets.Udp, datagram, MacAddress.Broadcast);
        rig.Guest.SendIp(nobody, Packets.Icmp, Packets.IcmpPayload(3, 3, [0, 0, 0, 0], Packets.Ip(nobody, rig.Guest.Address, 17, new byte[8])));
        rig.Guest.SendIp(nobody, Packets.Icmp, Packets.IcmpPayload(11, 0, [0, 0, 0, 0], Packets.Ip(nobody, rig.Guest.Address, 17, new byte[8])));
        rig.Guest.SendIp(Packets.Address("10.0.2.255"), 47, [1]);
        Assert.That(rig.Guest.Frames, Is.Empty);
        rig.Guest.SendIp(nobody, Packets.Udp, datagram);
        Assert.That(rig.Guest.TakeIcmp(), Has.Length.EqualTo(1), "the control: it is told about this one");
    }

    [Test]
    public void A_packet_whose_time_is_up_shows_the_gateway_to_a_traceroute()
    {
        using var rig = new UserNetRig();
        byte[] datagram = Packets.UdpPayload(rig.Guest.Address, 2000, s_outside, 33434, [1]);
        foreach (byte timeToLive in new byte[] { 1, 2 })
        {
            rig.Guest.Send(Packets.Ethernet(NetGuest.GatewayMac, rig.Guest.Mac, Packets.IPv4, Packets.Ip(
                rig.Guest.Address, s_outside, Packets.Udp, datagram, timeToLive: timeToLive)));
        }

        var error = rig.Guest.TakeIcmp().Single();
        Assert.That((error.From, error.Type, error.Code), Is.EqualTo((NetGuest.Gateway, 11, 0)));
        Assert.That(rig.Door.Datagrams, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_reply_that_comes_after_its_ping_was_closed_is_forgotten()
    {
        using var rig = new UserNetRig();
        rig.Guest.SendEcho(s_outside, 1, 1, []);
        int flow = rig.Door.Echoes.Single().Flow;
        rig.Network.Reset();
        rig.Door.Events.EchoReplied(flow, s_outside, 1, []);
        rig.Door.Events.EchoFailed(flow, HostFailure.Unreachable);
        Assert.That(rig.Guest.Frames, Is.Empty);
    }
}
