using NUnit.Framework;
using RiscvXv6.Devices.Net.UserNet;
using RiscvXv6.Devices.Net.Wire;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Devices.Net.UserNet;

public sealed class DhcpTests
{
    private const int Offer = 2;
    private const int Acknowledge = 5;
    private const int Refuse = 6;

    private static readonly byte[] s_request = [53, 1, 3];
    private static readonly IPv4Address s_first = Packets.Address("10.0.2.15");
    private static readonly IPv4Address s_second = Packets.Address("10.0.2.16");
    private static readonly MacAddress s_otherMac = Packets.Mac("52:54:00:12:34:57");

    [Test]
    public void A_client_is_offered_the_first_address_and_all_that_it_needs_and_then_gets_it()
    {
        using var rig = new UserNetRig();
        foreach (int type in new[] { Offer, Acknowledge })
        {
            byte[] options = type == Offer
                ? [.. DhcpClient.Discover, .. DhcpClient.Wanted]
                : [.. s_request, .. DhcpClient.Server("10.0.2.2"), .. DhcpClient.Requested("10.0.2.15"), .. DhcpClient.Wanted];
            var reply = DhcpClient.Ask(rig.Guest, options)!;
            Assert.That(reply.Type, Is.EqualTo(type));
            Assert.That(reply.Transaction, Is.EqualTo(DhcpClient.Transaction));
            Assert.That((reply.Yours, reply.Client, reply.ClientMac), Is.EqualTo((s_first, IPv4Address.Any, rig.Guest.Mac)));
            Assert.That((reply.From, reply.NextServer, reply.Address(54)), Is.EqualTo((NetGuest.Gateway, NetGuest.Gateway, NetGuest.Gateway)));
            Assert.That(reply.Address(1), Is.EqualTo(Packets.Address("255.255.255.0")));
            Assert.That((reply.Address(3), reply.Address(6)), Is.EqualTo((NetGuest.Gateway, NetGuest.Dns)));
            Assert.That(reply.Address(28), Is.EqualTo(Packets.Address("10.0.2.255")));
            Assert.That(Packets.Long(reply.Options[51], 0), Is.EqualTo(86_400));
            Assert.That(Packets.Long(reply.Options[58], 0), Is.EqualTo(43_200), "RFC 2131 4.4.5: T1 is half the lease");
            Assert.That(Packets.Long(reply.Options[59], 0), Is.EqualTo(75_600), "and T2 seven eighths");
            Assert.That(Packets.Word(reply.Options[26], 0), Is.EqualTo(1500));
            Assert.That(reply.Length, Is.GreaterThanOrEqualTo(300), "RFC 1542");
        }
    }

    [Test]
    public void A_reply_goes_to_the_address_given_or_to_everybody_as_the_client_wishes()
    {
        // RFC 2131 "Constructing and sending DHCP messages".
        using var rig = new UserNetRig();
        var narrow = DhcpClient.Ask(rig.Guest, DhcpClient.Discover)!;
        Assert.That((narrow.ToMac, narrow.To), Is.EqualTo((rig.Guest.Mac, s_first)));
        var wide = DhcpClient.Ask(rig.Guest, DhcpClient.Discover, flags: 0x8000)!;
        Assert.That((wide.ToMac, wide.To, wide.Flags), Is.EqualTo((MacAddress.Broadcast, NetGuest.Everybody, 0x8000)));
        var renewing = DhcpClient.Ask(rig.Guest, s_request, client: "10.0.2.15")!;
        Assert.That((renewing.ToMac, renewing.To, renewing.Client), Is.EqualTo((rig.Guest.Mac, s_first, s_first)));
    }

    [Test]
    public void The_same_client_always_gets_the_same_address_and_another_one_the_next()
    {
        using var rig = new UserNetRig();
        Assert.That(Lease(rig), Is.EqualTo(s_first));
        Assert.That(Lease(rig, s_otherMac), Is.EqualTo(s_second));
        rig.Network.Reset();
        Assert.That(Lease(rig, s_otherMac), Is.EqualTo(s_second));
        Assert.That(Lease(rig), Is.EqualTo(s_first));
    }

    [Test]
    public void An_address_that_a_guest_uses_without_asking_is_given_to_no_other()
    {
        using var rig = new UserNetRig();
        var settled = new NetGuest(rig.Network, "52:54:00:00:00:01", "10.0.2.15", isPluggedIn: false);
        settled.AskFor(NetGuest.Gateway);
        rig.Guest.Clear();
        Assert.That(Lease(rig), Is.EqualTo(s_second));
    }

    [Test]
    public void A_wish_is_granted_if_the_address_is_free()
    {
        using var rig = new UserNetRig();
        Assert.That(
            DhcpClient.Ask(rig.Guest, [.. DhcpClient.Discover, .. DhcpClient.Requested("10.0.2.99")])!.Yours,
            Is.EqualTo(Packets.Address("10.0.2.99")));
        Assert.That(
            DhcpClient.Ask(rig.Guest, [.. DhcpClient.Discover, .. DhcpClient.Requested("10.0.2.2")], s_otherMac)!.Yours, Is.EqualTo(s_first));
        Assert.That(
            DhcpClient.Ask(rig.Guest, [.. s_request, .. DhcpClient.Requested("10.0.2.99")])!.Type, Is.EqualTo(Acknowledge), "a reboot");
    }

    [TestCase("192.168.1.9")]
    [TestCase("10.0.2.2")]
    [TestCase("10.0.2.14")]
    [TestCase("10.0.2.255")]
    [TestCase("10.0.2.16")]
    public void A_request_for_what_the_client_cannot_have_is_refused_to_everybody(string address)
    {
        using var rig = new UserNetRig();
        Lease(rig);
        Lease(rig, s_otherMac);
        var reply = DhcpClient.Ask(rig.Guest, [.. s_request, .. DhcpClient.Requested(address)])!;
        Assert.That((reply.Type, reply.Yours, reply.NextServer), Is.EqualTo((Refuse, IPv4Address.Any, IPv4Address.Any)));
        Assert.That((reply.ToMac, reply.To), Is.EqualTo((MacAddress.Broadcast, NetGuest.Everybody)));

        // RFC 2131 table 3: a refusal has no lease and no parameters.
        Assert.That(reply.Options.Keys, Is.EquivalentTo(new[] { 53, 54, 56 }));
    }

    [Test]
    public void A_request_for_another_servers_offer_is_left_alone()
    {
        using var rig = new UserNetRig();
        Assert.That(
            DhcpClient.Ask(rig.Guest, [.. s_request, .. DhcpClient.Server("10.0.2.9"), .. DhcpClient.Requested("10.0.2.15")]), Is.Null);
    }

    [Test]
    public void A_client_that_has_an_address_is_told_the_rest_and_given_none()
    {
        // RFC 2131 "DHCPINFORM message".
        using var rig = new UserNetRig();
        var reply = DhcpClient.Ask(rig.Guest, [53, 1, 8], client: "10.0.2.77")!;
        Assert.That((reply.Type, reply.Yours, reply.To), Is.EqualTo((Acknowledge, IPv4Address.Any, Packets.Address("10.0.2.77"))));
        Assert.That(reply.Options.Keys, Does.Not.Contain(51).And.Contain(3).And.Contain(6));
    }

    [Test]
    public void A_released_address_is_free_for_others_when_no_fresh_one_is_left_and_a_bound_one_never_is()
    {
        // Two addresses in all: .13 and .14 of a network of 16.
        using var rig = new UserNetRig(Tiny());
        var third = Packets.Mac("52:54:00:12:34:58");
        Assert.That(Lease(rig), Is.EqualTo(Packets.Address("10.0.2.13")));
        Assert.That(Lease(rig, s_otherMac), Is.EqualTo(Packets.Address("10.0.2.14")));
        Assert.That(DhcpClient.Ask(rig.Guest, DhcpClient.Discover, third), Is.Null);
        rig.Network.Reset();
        DhcpClient.Ask(rig.Guest, [53, 1, 7], client: "10.0.2.13");
        rig.Network.Reset();
        rig.AdvanceMilliseconds(1000);
        Assert.That(Lease(rig, third), Is.EqualTo(Packets.Address("10.0.2.13")));
        Assert.That(DhcpClient.Ask(rig.Guest, DhcpClient.Discover), Is.Null);
        rig.AdvanceMilliseconds(86_399_000);
        rig.Network.Reset();
        Assert.That(Lease(rig), Is.EqualTo(Packets.Address("10.0.2.14")), "the lease that ended first");
    }

    [Test]
    public void A_declined_address_is_not_given_again()
    {
        using var rig = new UserNetRig();
        Lease(rig);
        Assert.That(DhcpClient.Ask(rig.Guest, [53, 1, 4, .. DhcpClient.Requested("10.0.2.15")]), Is.Null);
        rig.Network.Reset();
        Assert.That(Lease(rig), Is.EqualTo(s_second));
        var reply = DhcpClient.Ask(rig.Guest, [.. s_request, .. DhcpClient.Requested("10.0.2.15")], s_otherMac)!;
        Assert.That(reply.Type, Is.EqualTo(Refuse), "nor if somebody insists");
    }

    [Test]
    public void A_client_that_would_keep_what_is_anothers_is_refused_to_everybody()
    {
        // RFC 2131 "Constructing and sending DHCP messages": a DHCPNAK is always broadcast, even if the client has an address.
        using var rig = new UserNetRig();
        Lease(rig);
        var reply = DhcpClient.Ask(rig.Guest, s_request, s_otherMac, client: "10.0.2.15")!;
        Assert.That((reply.Type, reply.ToMac, reply.To), Is.EqualTo((Refuse, MacAddress.Broadcast, NetGuest.Everybody)));
    }

    [Test]
    public void Only_who_has_an_address_can_release_or_decline_it()
    {
        using var rig = new UserNetRig(Tiny());
        Lease(rig);
        Lease(rig, s_otherMac);
        rig.Network.Reset();
        DhcpClient.Ask(rig.Guest, [53, 1, 7], s_otherMac, client: "10.0.2.13");
        DhcpClient.Ask(rig.Guest, [53, 1, 4, .. DhcpClient.Requested("10.0.2.13")], s_otherMac);
        rig.Network.Reset();
        Assert.That(DhcpClient.Ask(rig.Guest, DhcpClient.Discover, Packets.Mac("52:54:00:12:34:58")), Is.Null);
        Assert.That(Lease(rig), Is.EqualTo(Packets.Address("10.0.2.13")));
    }

    [Test]
    public void Any_number_of_clients_get_all_addresses_and_no_more()
    {
        using var rig = new UserNetRig();
        var given = new HashSet<IPv4Address>();
        int refused = 0;
        for (uint client = 0; client < 1000; client++)
        {
            var mac = new MacAddress(0x5254_0000_0000ul + client);
            var reply = DhcpClient.Ask(rig.Guest, DhcpClient.Discover, mac);
            bool isNew = reply is not null && given.Add(reply.Yours);
            Assert.That(reply is null || isNew);
            refused += reply is null ? 1 : 0;
            if (reply is not null)
            {
                DhcpClient.Ask(rig.Guest, [.. s_request, .. DhcpClient.Requested(reply.Yours.ToString())], mac);
            }
        }

        // .15 to .254.
        Assert.That((given.Count, refused), Is.EqualTo((240, 760)));
    }

    [Test]
    public void A_client_of_BOOTP_is_answered_in_its_language()
    {
        using var rig = new UserNetRig(new UserNetOptions { BootFile = "kernel" });
        foreach (bool hasCookie in new[] { true, false })
        {
            var reply = DhcpClient.Ask(rig.Guest, [], hasCookie: hasCookie)!;
            Assert.That((reply.Yours, reply.NextServer, reply.File), Is.EqualTo((s_first, NetGuest.Gateway, "kernel")));
            Assert.That(reply.Options.Keys, Is.EquivalentTo(new[] { 1, 3, 6 }), "neither type nor lease");
        }
    }

    [Test]
    public void Names_and_the_boot_file_are_told_as_they_were_given()
    {
        using var rig = new UserNetRig(new UserNetOptions
        {
            HostName = "guest", DomainName = "example", DnsSearch = ["lab.example", "a.b"], BootFile = "pxe/kernel", TftpServerName = "boot.example",
        });
        var reply = DhcpClient.Ask(rig.Guest, [.. DhcpClient.Discover, 55, 3, 66, 67, 119])!;
        Assert.That((reply.Text(12), reply.Text(15), reply.Text(66), reply.Text(67)), Is.EqualTo(("guest", "example", "boot.example", "pxe/kernel")));
        Assert.That(reply.File, Is.EqualTo("pxe/kernel"));
        Assert.That(reply.Options[119], Is.EqualTo("\u0003lab\u0007example\0\u0001a\u0001b\0"u8.ToArray()));
    }

    [Test]
    public void A_reply_stays_within_what_the_client_takes_and_leaves_out_what_does_not_fit()
    {
        var options = new UserNetOptions { HostName = new string('h', 200), DomainName = new string('d', 200) };
        using var rig = new UserNetRig(options);
        var small = DhcpClient.Ask(rig.Guest, DhcpClient.Discover)!;
        Assert.That(small.Length, Is.LessThanOrEqualTo(576 - 28));
        Assert.That(small.Options.Keys, Does.Contain(12).And.Not.Contain(15));
        var large = DhcpClient.Ask(rig.Guest, [.. DhcpClient.Discover, 57, 2, .. Packets.Big16(1500)])!;
        Assert.That(large.Options.Keys, Does.Contain(12).And.Contain(15));
    }

    [Test]
    public void A_restricted_network_has_no_router_and_names_only_if_there_is_a_table()
    {
        using var bare = new UserNetRig(new UserNetOptions { IsRestricted = true });
        Assert.That(DhcpClient.Ask(bare.Guest, DhcpClient.Discover)!.Options.Keys, Does.Not.Contain(3).And.Not.Contain(6).And.Contain(1));
        using var named = new UserNetRig(new UserNetOptions { IsRestricted = true, DnsHosts = [new DnsHost("a", s_first)] });
        Assert.That(DhcpClient.Ask(named.Guest, DhcpClient.Discover)!.Options.Keys, Does.Not.Contain(3).And.Contain(6));
    }

    [Test]
    public void Another_network_has_other_addresses()
    {
        using var rig = new UserNetRig(new UserNetOptions
        {
            Network = Packets.Address("192.168.76.0"), PrefixLength = 23, Host = Packets.Address("192.168.77.1"),
            Dns = Packets.Address("192.168.77.2"), DhcpStart = Packets.Address("192.168.76.100"),
        });
        var reply = DhcpClient.Ask(rig.Guest, [.. DhcpClient.Discover, 55, 1, 28])!;
        Assert.That(reply.Yours, Is.EqualTo(Packets.Address("192.168.76.100")));
        Assert.That(reply.Address(1), Is.EqualTo(Packets.Address("255.255.254.0")));
        Assert.That((reply.Address(3), reply.Address(6)), Is.EqualTo((Packets.Address("192.168.77.1"), Packets.Address("192.168.77.2"))));
        Assert.That(reply.Address(28), Is.EqualTo(Packets.Address("192.168.77.255")));
    }

    [Test]
    public void A_client_that_got_its_address_is_known_without_being_asked_for()
    {
        using var rig = new UserNetRig(new UserNetOptions
        {
            Forwards = [new PortForward(HostProtocol.Udp, new HostEndpoint(IPv4Address.Loopback, 1), new HostEndpoint(IPv4Address.Any, 7))],
        });
        Lease(rig);
        rig.Door.ReceiveUdp(0, new HostEndpoint(IPv4Address.Loopback, 5555), [1]);
        Assert.That(Packets.Word(rig.Guest.Frames.Single(), 12), Is.EqualTo(Packets.IPv4));
    }

    [Test]
    public void What_is_no_request_of_an_Ethernet_client_is_dropped()
    {
        using var rig = new UserNetRig();
        byte[] good = DhcpClient.Message(rig.Guest.Mac, DhcpClient.Discover);
        byte[][] bad =
        [
            [2, .. good[1..]], [1, 2, .. good[2..]], [1, 1, 7, .. good[3..]], good[..239],
            DhcpClient.Message(MacAddress.Broadcast, DhcpClient.Discover), DhcpClient.Message(default, DhcpClient.Discover),
            DhcpClient.Message(rig.Guest.Mac, DhcpClient.Discover, relay: Packets.Address("10.0.2.9")),
        ];
        foreach (byte[] message in bad)
        {
            Send(message);
        }

        Assert.That(rig.Guest.Frames, Is.Empty);
        Assert.That(rig.Network.Counters.DroppedMalformed, Is.EqualTo(bad.Length));
        Send(DhcpClient.Message(rig.Guest.Mac, [53, 1, 2]));
        Send(DhcpClient.Message(rig.Guest.Mac, [53, 1, 99]));
        Assert.That(rig.Guest.Frames, Is.Empty);
        Send(good);
        Assert.That(rig.Guest.Frames, Has.Count.EqualTo(1));

        void Send(byte[] message) => rig.Guest.Send(Packets.Ethernet(
            MacAddress.Broadcast, rig.Guest.Mac, Packets.IPv4, Packets.Ip(
                IPv4Address.Any, NetGuest.Everybody, Packets.Udp, Packets.UdpPayload(IPv4Address.Any, 68, NetGuest.Everybody, 67, message))));
    }

    private static UserNetOptions Tiny() => new() { PrefixLength = 28, DhcpStart = Packets.Address("10.0.2.13") };

    /// <summary>Goes through the whole conversation.</summary>
    private static IPv4Address Lease(UserNetRig rig, MacAddress? mac = null)
    {
        var offer = DhcpClient.Ask(rig.Guest, DhcpClient.Discover, mac)!;
        Assert.That(offer.Type, Is.EqualTo(Offer));
        var reply = DhcpClient.Ask(
            rig.Guest, [.. s_request, .. DhcpClient.Server("10.0.2.2"), .. DhcpClient.Requested(offer.Yours.ToString())], mac)!;
        Assert.That((reply.Type, reply.Yours), Is.EqualTo((Acknowledge, offer.Yours)));
        return reply.Yours;
    }
}
