using NUnit.Framework;
using RiscvXv6.Devices.Net;
using RiscvXv6.Devices.Net.UserNet;
using RiscvXv6.Devices.Net.Wire;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Devices.Net.UserNet;

public sealed class UdpTests
{
    private const ulong FlowMilliseconds = 240_000;

    private static readonly HostEndpoint s_outside = new(Packets.Address("192.0.2.7"), 4000);
    private static readonly HostEndpoint s_peer = new(IPv4Address.Loopback, 5555);

    [Test]
    public void A_datagram_to_the_gateway_reaches_the_hosts_loopback_and_the_answer_comes_from_the_gateway()
    {
        using var rig = new UserNetRig();
        rig.Door.Answer = static sent => [.. Enumerable.Reverse(sent.Payload)];
        rig.Guest.SendUdp(2000, NetGuest.Gateway, 25099, [1, 2, 3]);
        var sent = rig.Door.Datagrams.Single();
        Assert.That(sent.To, Is.EqualTo(new HostEndpoint(IPv4Address.Loopback, 25099)));
        Assert.That(sent.Payload, Is.EqualTo(new byte[] { 1, 2, 3 }));
        rig.Door.Deliver();
        ExpectOne(rig, NetGuest.Gateway, 25099, 2000, [3, 2, 1]);
    }

    [Test]
    public void A_datagram_to_the_outside_leaves_as_it_is()
    {
        using var rig = new UserNetRig();
        rig.Door.Answer = static _ => [9];
        rig.Guest.SendUdp(2000, s_outside.Address, s_outside.Port, [1]);
        Assert.That(rig.Door.Datagrams.Single().To, Is.EqualTo(s_outside));
        rig.Door.Deliver();
        ExpectOne(rig, s_outside.Address, s_outside.Port, 2000, [9]);
    }

    [Test]
    public void Replies_come_from_whoever_sends_to_the_flow()
    {
        using var rig = new UserNetRig();
        rig.Guest.SendUdp(2000, NetGuest.Gateway, 25099, []);
        int flow = rig.Door.Datagrams.Single().Flow;
        rig.Door.ReceiveUdp(flow, s_outside, [1]);
        ExpectOne(rig, s_outside.Address, s_outside.Port, 2000, [1]);
        rig.Door.ReceiveUdp(flow, new HostEndpoint(Packets.Address("127.0.0.53"), 53), [2]);
        ExpectOne(rig, NetGuest.Gateway, 53, 2000, [2]);
    }

    [Test]
    public void Each_port_of_a_guest_has_one_flow_whomever_it_sends_to()
    {
        using var rig = new UserNetRig();
        rig.Guest.SendUdp(2000, NetGuest.Gateway, 1, []);
        rig.Guest.SendUdp(2000, s_outside.Address, 2, []);
        rig.Guest.SendUdp(2001, NetGuest.Gateway, 1, []);
        Assert.That(rig.Door.Datagrams[0].Flow, Is.EqualTo(rig.Door.Datagrams[1].Flow));
        Assert.That(rig.Door.OpenFlows, Is.EqualTo(2));
    }

    [Test]
    public void A_forwarded_datagram_comes_from_the_gateway_with_its_port_and_the_answer_leaves_by_the_forwarded_one()
    {
        using var rig = Forwarding();
        Assert.That(
            rig.Door.Listeners.Single(), Is.EqualTo((0, HostProtocol.Udp, new HostEndpoint(IPv4Address.Loopback, 26000))));
        rig.Door.ReceiveUdp(0, s_peer, [1]);
        ExpectOne(rig, NetGuest.Gateway, 5555, 2000, [1]);
        rig.Guest.SendUdp(2000, NetGuest.Gateway, 5555, [2]);
        var sent = rig.Door.Datagrams.Single();
        Assert.That((sent.Flow, sent.To), Is.EqualTo((0, s_peer)));
        Assert.That(sent.Payload, Is.EqualTo(new byte[] { 2 }));
        Assert.That(rig.Door.OpenFlows, Is.Zero);
    }

    [Test]
    public void A_datagram_that_answers_nobody_gets_a_flow_though_its_port_is_forwarded()
    {
        using var rig = Forwarding();
        rig.Door.ReceiveUdp(0, s_peer, [1]);
        rig.Guest.SendUdp(2000, NetGuest.Gateway, 5556, [2]);
        Assert.That(rig.Door.Datagrams.Single().Flow, Is.Not.Zero);
    }

    [Test]
    public void A_peer_on_another_machine_keeps_its_address()
    {
        using var rig = Forwarding();
        rig.Door.ReceiveUdp(0, s_outside, [1]);
        ExpectOne(rig, s_outside.Address, s_outside.Port, 2000, [1]);
        rig.Guest.SendUdp(2000, s_outside.Address, s_outside.Port, [2]);
        Assert.That((rig.Door.Datagrams.Single().Flow, rig.Door.Datagrams.Single().To), Is.EqualTo((0, s_outside)));
    }

    [Test]
    public void A_peer_whose_address_looks_like_one_in_here_is_shown_as_the_gateway_and_still_gets_its_answer()
    {
        // A host that is itself in 10.0.2.0/24, as in a machine inside a machine.
        using var rig = Forwarding();
        var peer = new HostEndpoint(Packets.Address("10.0.2.99"), 7);
        rig.Door.ReceiveUdp(0, peer, [1]);
        ExpectOne(rig, NetGuest.Gateway, 7, 2000, [1]);
        rig.Guest.SendUdp(2000, NetGuest.Gateway, 7, [2]);
        Assert.That(rig.Door.Datagrams.Single().To, Is.EqualTo(peer));
    }

    [Test]
    public void Interleaved_datagrams_arrive_in_their_order()
    {
        // xv6 of 2024 and later, ping2: two ports, five datagrams each.
        using var rig = Forwarding(2000, 2001);
        for (byte i = 0; i < 5; i++)
        {
            rig.Door.ReceiveUdp(0, s_peer, [i]);
            rig.Door.ReceiveUdp(1, s_peer, [i]);
        }

        var came = rig.Guest.TakeUdp();
        Assert.That(
            came.Select(static one => (one.ToPort, (int)one.Data[0])),
            Is.EqualTo(Enumerable.Range(0, 10).Select(static i => (2000 + i % 2, i / 2))));
    }

    [Test]
    public void A_forward_names_its_guest_and_otherwise_the_first_address_of_DHCP_is_meant()
    {
        using var rig = new UserNetRig(new UserNetOptions
        {
            DhcpStart = Packets.Address("10.0.2.40"),
            Forwards =
            [
                new PortForward(HostProtocol.Udp, new HostEndpoint(IPv4Address.Loopback, 1), new HostEndpoint(IPv4Address.Any, 7)),
                new PortForward(HostProtocol.Udp, new HostEndpoint(IPv4Address.Loopback, 2), new HostEndpoint(Packets.Address("10.0.2.77"), 8)),
            ],
        });
        rig.Door.ReceiveUdp(0, s_peer, []);
        rig.Door.ReceiveUdp(1, s_peer, []);
        Assert.That(
            rig.Guest.TakeArp().Select(static request => request.Target),
            Is.EqualTo(new[] { Packets.Address("10.0.2.40"), Packets.Address("10.0.2.77") }));
    }

    [Test]
    public void A_port_that_cannot_be_had_is_told_of_before_the_guest_runs()
    {
        var taken = new HostEndpoint(IPv4Address.Loopback, 26000);
        var door = new FakeHostDoor { Taken = { taken } };
        Assert.That(() => Forwarding(door: door), Throws.TypeOf<HostPortException>().With.Message.Contains("26000"));
    }

    [Test]
    public void A_wrong_checksum_drops_a_datagram_and_none_at_all_does_not()
    {
        using var rig = new UserNetRig();
        byte[] datagram = Packets.UdpPayload(rig.Guest.Address, 2000, NetGuest.Gateway, 9, [1, 2, 3]);
        datagram[6] ^= 1;
        rig.Guest.SendIp(NetGuest.Gateway, Packets.Udp, datagram);
        Assert.That(rig.Door.Datagrams, Is.Empty);
        Assert.That(rig.Network.Counters.DroppedMalformed, Is.EqualTo(1));
        datagram[6] = datagram[7] = 0;
        rig.Guest.SendIp(NetGuest.Gateway, Packets.Udp, datagram);
        Assert.That(rig.Door.Datagrams, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_length_that_does_not_fit_drops_a_datagram_and_padding_does_not_become_data()
    {
        using var rig = new UserNetRig();
        foreach (int length in new[] { 0, 7, 12 })
        {
            byte[] bad = Packets.UdpPayload(rig.Guest.Address, 2000, NetGuest.Gateway, 9, [1, 2, 3]);
            Packets.Big16(length).CopyTo(bad, 4);
            bad[6] = bad[7] = 0;
            rig.Guest.SendIp(NetGuest.Gateway, Packets.Udp, bad);
        }

        Assert.That(rig.Door.Datagrams, Is.Empty);
        rig.Guest.SendUdp(2000, NetGuest.Gateway, 9, [1]); // 43 bytes, which the card pads to 60.
        Assert.That(rig.Door.Datagrams.Single().Payload, Is.EqualTo(new byte[] { 1 }));
    }

    [Test]
    public void A_refused_datagram_is_answered_by_port_unreachable_with_the_guests_own_ports_in_it()
    {
        using var rig = new UserNetRig();
        rig.Guest.SendUdp(2000, NetGuest.Gateway, 9, [1]);
        rig.Door.Events.UdpRefused(rig.Door.Datagrams.Single().Flow, rig.Door.Datagrams.Single().To);
        var error = rig.Guest.TakeIcmp().Single();
        Assert.That((error.From, error.Type, error.Code), Is.EqualTo((NetGuest.Gateway, 3, 3)));
        Assert.That(new IPv4Address(Packets.Long(error.Data, 12)), Is.EqualTo(rig.Guest.Address));
        Assert.That(new IPv4Address(Packets.Long(error.Data, 16)), Is.EqualTo(NetGuest.Gateway));
        Assert.That((Packets.Word(error.Data, 20), Packets.Word(error.Data, 22)), Is.EqualTo((2000, 9)));
        rig.Guest.SendUdp(2000, NetGuest.Gateway, 9, [1]);
        Assert.That(rig.Door.Datagrams, Has.Count.EqualTo(2), "the flow goes on");
    }

    [Test]
    public void A_flow_that_is_not_used_for_four_minutes_is_closed()
    {
        using var rig = new UserNetRig();
        rig.Guest.SendUdp(2000, NetGuest.Gateway, 9, []);
        int flow = rig.Door.Datagrams.Single().Flow;
        rig.AdvanceMilliseconds(FlowMilliseconds - 1);
        rig.Guest.SendUdp(2000, NetGuest.Gateway, 9, []);
        rig.AdvanceMilliseconds(FlowMilliseconds - 1);
        rig.Door.ReceiveUdp(flow, s_peer, [1]);
        rig.AdvanceMilliseconds(FlowMilliseconds - 1);
        Assert.That(rig.Door.Closed, Is.Empty);
        rig.AdvanceMilliseconds(1);
        Assert.That(rig.Door.Closed, Is.EqualTo(new[] { flow }));
        Assert.That(rig.Scheduler.NextDeadlineCycles, Is.EqualTo(RiscvXv6.Devices.Timing.EventScheduler.Never));
    }

    [Test]
    public void No_more_than_256_flows_are_open_and_the_one_that_rested_longest_goes()
    {
        using var rig = new UserNetRig();
        for (int port = 1; port <= 256; port++)
        {
            rig.Guest.SendUdp(port, NetGuest.Gateway, 9, []);
        }

        rig.Guest.SendUdp(1, NetGuest.Gateway, 9, []);
        int second = rig.Door.Datagrams[1].Flow;
        Assert.That(rig.Door.Closed, Is.Empty);
        rig.Guest.SendUdp(257, NetGuest.Gateway, 9, []);
        Assert.That(rig.Door.Closed, Is.EqualTo(new[] { second }));
        for (int port = 1000; port < 3000; port++)
        {
            rig.Guest.SendUdp(port, NetGuest.Gateway, 9, []);
        }

        Assert.That(rig.Door.OpenFlowsMax, Is.EqualTo(256));
    }

    [Test]
    public void A_reset_closes_flows_and_keeps_forwarded_ports()
    {
        using var rig = Forwarding();
        rig.Guest.SendUdp(2005, NetGuest.Gateway, 9, []);
        rig.Network.Reset();
        Assert.That(rig.Door.OpenFlows, Is.Zero);
        rig.Door.ReceiveUdp(0, s_peer, [3]);
        ExpectOne(rig, NetGuest.Gateway, 5555, 2000, [3]);
    }

    [TestCase("127.0.0.1")]
    [TestCase("0.0.0.1")]
    [TestCase("224.0.0.1")]
    [TestCase("250.0.0.1")]
    [TestCase("255.255.255.255")]
    [TestCase("10.0.2.255")]
    [TestCase("10.0.2.0")]
    public void Nothing_goes_to_an_address_that_leads_nowhere(string address)
    {
        using var rig = new UserNetRig().Introduced();
        rig.Guest.SendUdp(2000, Packets.Address(address), 9, [1]);
        Assert.That(rig.Door.Datagrams, Is.Empty);
        Assert.That(rig.Guest.Frames, Is.Empty);
        Assert.That(rig.Network.Counters.DroppedAddress, Is.EqualTo(1));
    }

    [TestCase("10.0.2.2")]
    [TestCase("10.0.2.3")]
    [TestCase("10.0.3.15")]
    [TestCase("192.168.0.1")]
    [TestCase("127.0.0.1")]
    [TestCase("255.255.255.255")]
    public void Nothing_comes_from_an_address_that_a_guest_cannot_have(string address)
    {
        using var rig = new UserNetRig();
        rig.Guest.Address = Packets.Address(address);
        rig.Guest.SendUdp(2000, NetGuest.Gateway, 9, [1]);
        Assert.That(rig.Door.Datagrams, Is.Empty);
        Assert.That(rig.Network.Counters.DroppedAddress, Is.EqualTo(1));
    }

    [TestCase(0, 9)]
    [TestCase(2000, 0)]
    public void Nothing_goes_from_or_to_port_0(int from, int to)
    {
        using var rig = new UserNetRig();
        rig.Guest.SendUdp(from, NetGuest.Gateway, to, [1]);
        Assert.That(rig.Door.OpenFlowsMax, Is.Zero);
        Assert.That(rig.Network.Counters.DroppedAddress, Is.EqualTo(1));
    }

    [Test]
    public void Nothing_leaves_a_restricted_network_but_answers_to_what_was_forwarded()
    {
        using var rig = Forwarding(isRestricted: true);
        rig.Guest.SendUdp(2000, NetGuest.Gateway, 9, [1]);
        rig.Guest.SendUdp(2000, s_outside.Address, 9, [1]);
        rig.Guest.SendUdp(2000, NetGuest.Gateway, 5555, [1]);
        Assert.That(rig.Guest.Frames, Is.Empty, "as QEMU, without a word");
        Assert.That(rig.Network.Counters.DroppedRestricted, Is.EqualTo(3));
        rig.Door.ReceiveUdp(0, s_peer, [2]);
        ExpectOne(rig, NetGuest.Gateway, 5555, 2000, [2]);
        rig.Guest.SendUdp(2000, NetGuest.Gateway, 5555, [3]);
        Assert.That(rig.Door.Datagrams.Single().To, Is.EqualTo(s_peer));
        Assert.That(rig.Door.OpenFlowsMax, Is.Zero);
    }

    [Test]
    public void Two_guests_on_one_cable_have_flows_of_their_own_and_each_gets_its_answers()
    {
        using var rig = new UserNetRig();
        var second = new NetGuest(rig.Network, "52:54:00:12:34:57", "10.0.2.16", isPluggedIn: false);
        rig.Door.Answer = static sent => sent.Payload;
        rig.Guest.SendUdp(2000, NetGuest.Gateway, 9, [1]);
        second.SendUdp(2000, NetGuest.Gateway, 9, [2]);
        rig.Door.Deliver();
        Assert.That(rig.Door.OpenFlows, Is.EqualTo(2));
        Assert.That(
            rig.Guest.Frames
                .Where(static frame => Packets.Word(frame, 12) == Packets.IPv4)
                .Select(static frame => (MacAddress.Read(frame), frame[42])),
            Is.EqualTo(new[] { (rig.Guest.Mac, (byte)1), (second.Mac, (byte)2) }));
    }

    [Test]
    public void A_frame_from_one_guest_to_another_is_none_of_the_gateways_business()
    {
        using var rig = new UserNetRig().Introduced();
        byte[] datagram = Packets.UdpPayload(rig.Guest.Address, 2000, Packets.Address("10.0.2.16"), 9, [1]);
        rig.Guest.SendIp(Packets.Address("10.0.2.16"), Packets.Udp, datagram, Packets.Mac("52:54:00:12:34:57"));
        rig.Guest.SendIp(Packets.Address("10.0.2.16"), Packets.Udp, datagram, MacAddress.Broadcast);
        Assert.That(rig.Guest.Frames, Is.Empty);
        rig.Guest.SendIp(Packets.Address("10.0.2.16"), Packets.Udp, datagram);
        var error = rig.Guest.TakeIcmp().Single();
        Assert.That((error.Type, error.Code), Is.EqualTo((3, 1)), "the gateway knows of no such host");
    }

    [Test]
    public void A_frame_to_everybody_with_an_address_of_one_is_taken()
    {
        // xv6 of 2019 to 2023 sends every frame so.
        using var rig = new UserNetRig();
        byte[] datagram = Packets.UdpPayload(rig.Guest.Address, 2000, NetGuest.Gateway, 9, [1]);
        rig.Guest.SendIp(NetGuest.Gateway, Packets.Udp, datagram, MacAddress.Broadcast);
        Assert.That(rig.Door.Datagrams, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_tag_for_priority_alone_is_looked_through_and_a_VLAN_is_not_ours()
    {
        using var rig = new UserNetRig();
        byte[] packet = Packets.Ip(
            rig.Guest.Address, NetGuest.Gateway, Packets.Udp, Packets.UdpPayload(rig.Guest.Address, 2000, NetGuest.Gateway, 9, [1]));
        byte[] Tagged(int tag) => Packets.Ethernet(NetGuest.GatewayMac, rig.Guest.Mac, 0x8100, [.. Packets.Big16(tag), 8, 0, .. packet]);
        rig.Guest.Send(Tagged(0xe000));
        Assert.That(rig.Door.Datagrams, Has.Count.EqualTo(1));
        rig.Guest.Send(Tagged(0xe001));
        Assert.That(rig.Door.Datagrams, Has.Count.EqualTo(1));
        Assert.That(rig.Network.Counters.DroppedNotForUs, Is.EqualTo(1));
    }

    [TestCase(FrameFlags.BadFcs)]
    [TestCase(FrameFlags.MissingFcs)]
    public void A_frame_that_came_damaged_is_not_looked_at(FrameFlags flags)
    {
        using var rig = new UserNetRig();
        rig.Guest.Send(
            Packets.Ethernet(NetGuest.GatewayMac, rig.Guest.Mac, Packets.IPv4, Packets.Ip(
                rig.Guest.Address, NetGuest.Gateway, Packets.Udp, Packets.UdpPayload(rig.Guest.Address, 1, NetGuest.Gateway, 9, []))),
            flags);
        Assert.That(rig.Door.Datagrams, Is.Empty);
        Assert.That(rig.Network.Counters.DroppedBadFcs, Is.EqualTo(1));
    }

    private static UserNetRig Forwarding(ushort first = 2000, ushort second = 0, bool isRestricted = false, FakeHostDoor? door = null) => new(
        new UserNetOptions
        {
            IsRestricted = isRestricted,
            Forwards =
            [
                .. new[] { first, second }.Where(static port => port != 0).Select(static (port, index) => new PortForward(
                    HostProtocol.Udp,
                    new HostEndpoint(IPv4Address.Loopback, (ushort)(26000 + index)),
                    new HostEndpoint(IPv4Address.Any, port))),
            ],
        },
        door);

    private static void ExpectOne(UserNetRig rig, IPv4Address from, int fromPort, int toPort, byte[] data)
    {
        var came = rig.Guest.TakeUdp().Single();
        Assert.That((came.From, came.FromPort, came.To, came.ToPort), Is.EqualTo((from, fromPort, rig.Guest.Address, toPort)));
        Assert.That(came.Data, Is.EqualTo(data));
    }
}
