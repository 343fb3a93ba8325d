using NUnit.Framework;
using RiscvXv6.Devices.Net;
using RiscvXv6.Devices.Net.UserNet;
using RiscvXv6.Devices.Net.Wire;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Devices.Net.UserNet;

public sealed class ArpTests
{
    private static readonly HostEndpoint s_hostPort = new(IPv4Address.Loopback, 5555);
    private static readonly MacAddress s_elsewhere = Packets.Mac("52:54:00:12:34:57");

    [TestCase("10.0.2.2", "52:55:0a:00:02:02")]
    [TestCase("10.0.2.3", "52:55:0a:00:02:03")]
    public void A_virtual_host_answers_with_an_address_made_of_its_own(string address, string mac)
    {
        using var rig = new UserNetRig();
        rig.Guest.AskFor(Packets.Address(address));
        var reply = rig.Guest.TakeArp().Single();
        Assert.That(
            reply,
            Is.EqualTo(new GuestArp(2, Packets.Mac(mac), Packets.Address(address), rig.Guest.Mac, rig.Guest.Address)));
    }

    [Test]
    public void A_reply_is_addressed_to_who_asked_on_the_wire_as_well()
    {
        using var rig = new UserNetRig();
        rig.Guest.AskFor(NetGuest.Gateway);
        byte[] frame = rig.Guest.Frames.Single();
        Assert.That(frame[..6], Is.EqualTo(Packets.Bytes(rig.Guest.Mac)));
        Assert.That(frame[6..12], Is.EqualTo(Packets.Bytes(NetGuest.GatewayMac)));
    }

    [TestCase("10.0.2.15")]
    [TestCase("10.0.2.99")]
    [TestCase("10.0.2.255")]
    [TestCase("8.8.8.8")]
    public void Nobody_answers_for_an_address_that_no_virtual_host_has(string address)
    {
        using var rig = new UserNetRig();
        rig.Guest.AskFor(Packets.Address(address));
        Assert.That(rig.Guest.Frames, Is.Empty);
    }

    [Test]
    public void A_probe_of_the_guests_own_address_stays_unanswered_and_one_of_the_gateways_does_not()
    {
        // RFC 5227 "Probing an Address": the sender's address is 0.
        using var rig = new UserNetRig();
        rig.Guest.SendArp(1, rig.Guest.Mac, NetGuest.AnyAddress, default, rig.Guest.Address);
        Assert.That(rig.Guest.Frames, Is.Empty);
        rig.Guest.SendArp(1, rig.Guest.Mac, NetGuest.AnyAddress, default, NetGuest.Gateway);
        Assert.That(rig.Guest.TakeArp().Single().SenderMac, Is.EqualTo(NetGuest.GatewayMac));
    }

    [Test]
    public void A_packet_of_another_hardware_or_protocol_or_cut_off_is_dropped()
    {
        using var rig = new UserNetRig();
        byte[] good = Packets.Ethernet(
            MacAddress.Broadcast, rig.Guest.Mac, Packets.Arp,
            Packets.ArpPayload(1, rig.Guest.Mac, rig.Guest.Address, default, NetGuest.Gateway));
        foreach (int at in new[] { 15, 16, 18, 19 })
        {
            byte[] bad = [.. good];
            bad[at]++;
            rig.Guest.Send(bad);
        }

        rig.Network.Send(good.AsSpan(0, 41), FrameInfo.None);
        Assert.That(rig.Guest.Frames, Is.Empty);
        Assert.That(rig.Network.Counters.DroppedMalformed, Is.EqualTo(5));
        rig.Network.Send(good, FrameInfo.None);
        Assert.That(rig.Guest.Frames, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_guest_that_was_never_seen_is_asked_for_and_gets_what_waited_in_order()
    {
        using var rig = Forwarding();
        rig.Guest.AnswersArp = false;
        for (byte i = 0; i < 33; i++)
        {
            rig.Door.ReceiveUdp(0, s_hostPort, [i]);
        }

        var request = rig.Guest.TakeArp().Single();
        Assert.That(request, Is.EqualTo(new GuestArp(1, NetGuest.GatewayMac, NetGuest.Gateway, default, rig.Guest.Address)));
        Assert.That(rig.Guest.Frames, Is.Empty);
        rig.Guest.SendArp(2, rig.Guest.Mac, rig.Guest.Address, NetGuest.GatewayMac, NetGuest.Gateway, to: NetGuest.GatewayMac);
        Assert.That(rig.Guest.TakeUdp().Select(datagram => datagram.Data.Single()), Is.EqualTo(Enumerable.Range(0, 33)));
    }

    [Test]
    public void What_waits_for_a_guest_waits_a_second_and_is_asked_for_four_times()
    {
        using var rig = Forwarding();
        rig.Guest.AnswersArp = false;
        rig.Door.ReceiveUdp(0, s_hostPort, [1]);
        rig.AdvanceMilliseconds(999);
        Assert.That(rig.Guest.TakeArp(), Has.Length.EqualTo(4));
        rig.AdvanceMilliseconds(2000);
        Assert.That(rig.Guest.TakeArp(), Is.Empty);
        Assert.That(rig.Network.Counters.DroppedUnresolved, Is.EqualTo(1));
        rig.Introduced();
        Assert.That(rig.Guest.Frames, Is.Empty);
    }

    [Test]
    public void No_more_than_64_packets_wait()
    {
        using var rig = Forwarding();
        rig.Guest.AnswersArp = false;
        for (int i = 0; i < 100; i++)
        {
            rig.Door.ReceiveUdp(0, s_hostPort, [1]);
        }

        Assert.That(rig.Network.Counters.DroppedUnresolved, Is.EqualTo(36));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void A_live_guest_is_never_asked_for_again(bool isStatic)
    {
        // xv6 of 2024 and later answers the first question and no other.
        using var rig = Forwarding();
        if (isStatic)
        {
            rig.Guest.SendUdp(2000, NetGuest.Gateway, 9, [1]);
        }

        rig.Door.ReceiveUdp(0, s_hostPort, [1]);
        rig.Guest.AnswersArp = false;
        rig.Guest.Clear();
        for (int day = 0; day < 3; day++)
        {
            rig.AdvanceMilliseconds(24 * 3600 * 1000);
            rig.Door.ReceiveUdp(0, s_hostPort, [1]);
        }

        Assert.That(rig.Guest.Frames.Select(frame => Packets.Word(frame, 12)), Is.EqualTo(new[] { 0x800, 0x800, 0x800 }));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void A_guest_that_asked_nobody_is_asked_once_before_its_first_packet_which_waits_for_no_answer(bool answers)
    {
        // xv6 of 2024 and later has the gateway's MAC address built in; its course's test looks for such a question.
        using var rig = Forwarding();
        rig.Guest.AnswersArp = answers;
        rig.Guest.SendUdp(2000, NetGuest.Gateway, 9, [1]);
        Assert.That(rig.Guest.Frames, Is.Empty, "nothing is to be sent to it yet");
        rig.Door.ReceiveUdp(0, s_hostPort, [2]);
        rig.Door.ReceiveUdp(0, s_hostPort, [3]);
        var request = new GuestArp(1, NetGuest.GatewayMac, NetGuest.Gateway, default, rig.Guest.Address);
        Assert.That(Packets.Word(rig.Guest.Frames[0], 12), Is.EqualTo(Packets.Arp));
        Assert.That(rig.Guest.TakeArp(), Is.EqualTo(new[] { request }));
        Assert.That(rig.Guest.TakeUdp().Select(datagram => datagram.Data.Single()), Is.EqualTo(new byte[] { 2, 3 }));
    }

    [Test]
    public void A_packet_whose_sender_was_damaged_on_its_way_moves_no_guest()
    {
        // As a fault on the link does it; the guest may have nothing more to say, and waits for an answer.
        using var rig = Forwarding().Introduced();
        rig.Guest.AnswersArp = false;
        rig.Network.Send(FromElsewhere(rig), FrameInfo.None);
        Assert.That(rig.Guest.TakeArp().Select(static packet => packet.Operation), Is.EqualTo(new[] { 1 }), "it is asked");
        rig.Door.ReceiveUdp(0, s_hostPort, [1]);
        Assert.That(MacAddress.Read(rig.Guest.Frames[^1]), Is.EqualTo(rig.Guest.Mac));
    }

    [Test]
    public void A_guest_that_says_that_it_has_moved_is_believed()
    {
        using var rig = Forwarding().Introduced();
        rig.Guest.AnswersArp = false;
        rig.Network.Send(FromElsewhere(rig), FrameInfo.None);
        rig.Guest.SendArp(2, s_elsewhere, rig.Guest.Address, NetGuest.GatewayMac, NetGuest.Gateway, to: NetGuest.GatewayMac);
        rig.Door.ReceiveUdp(0, s_hostPort, [1]);
        Assert.That(MacAddress.Read(rig.Guest.Frames[^1]), Is.EqualTo(s_elsewhere));
    }

    [Test]
    public void A_machine_that_was_reset_is_asked_for_again()
    {
        using var rig = Forwarding().Introduced();
        rig.Network.Reset();
        rig.Door.ReceiveUdp(0, s_hostPort, [7]);
        Assert.That(Packets.Word(rig.Guest.Frames[0], 12), Is.EqualTo(Packets.Arp));
        Assert.That(rig.Guest.TakeUdp().Single().Data, Is.EqualTo(new byte[] { 7 }));
    }

    [Test]
    public void Addresses_that_no_guest_can_have_do_not_push_out_one_that_is_known()
    {
        using var rig = Forwarding().Introduced();
        for (uint i = 0; i < 100; i++)
        {
            rig.Guest.SendArp(2, rig.Guest.Mac, new IPv4Address(0xc0a8_0000 + i), NetGuest.GatewayMac, NetGuest.Gateway);
        }

        rig.Guest.Clear();
        rig.Door.ReceiveUdp(0, s_hostPort, [1]);
        Assert.That(Packets.Word(rig.Guest.Frames.Single(), 12), Is.EqualTo(Packets.IPv4));
    }

    [Test]
    public void Nobody_can_take_the_gateways_place()
    {
        using var rig = new UserNetRig().Introduced();
        rig.Guest.SendArp(2, rig.Guest.Mac, NetGuest.Gateway, NetGuest.GatewayMac, NetGuest.Gateway);
        rig.Guest.SendArp(1, rig.Guest.Mac, NetGuest.Gateway, default, NetGuest.Gateway);
        Assert.That(rig.Guest.Frames, Is.Empty);
        rig.Guest.AskFor(NetGuest.Gateway);
        Assert.That(rig.Guest.TakeArp().Single().SenderMac, Is.EqualTo(NetGuest.GatewayMac));
    }

    private static byte[] FromElsewhere(UserNetRig rig) => Packets.Ethernet(
        NetGuest.GatewayMac,
        s_elsewhere,
        Packets.IPv4,
        Packets.Ip(
            rig.Guest.Address,
            NetGuest.Gateway,
            Packets.Udp,
            Packets.UdpPayload(rig.Guest.Address, 2000, NetGuest.Gateway, 9, [1])));

    private static UserNetRig Forwarding() => new(new UserNetOptions
    {
        Forwards = [new PortForward(HostProtocol.Udp, new HostEndpoint(IPv4Address.Loopback, 26000), new HostEndpoint(IPv4Address.Any, 2000))],
    });
}
