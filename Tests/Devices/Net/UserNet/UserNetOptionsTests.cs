using NUnit.Framework;
using RiscvXv6.Devices.Net.UserNet;
using RiscvXv6.Devices.Net.Wire;
using RiscvXv6.Devices.Timing;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Devices.Net.UserNet;

public sealed class UserNetOptionsTests
{
    [TestCase("10.0.2.0/24", "10.0.2.0", 24)]
    [TestCase("10.0.2.0", "10.0.0.0", 8)]
    [TestCase("172.31.9.0", "172.16.0.0", 12)]
    [TestCase("172.32.9.0", "172.32.0.0", 16)]
    [TestCase("192.168.76.0", "192.168.0.0", 16)]
    [TestCase("198.19.0.0", "198.18.0.0", 15)]
    [TestCase("203.0.113.0", "203.0.113.0", 24)]
    [TestCase("192.168.76.9/24", "192.168.76.0", 24)]
    [TestCase("10.0.0.0/255.0.0.0", "10.0.0.0", 8)]
    [TestCase("172.16.8.0/255.255.248.0", "172.16.8.0", 21)]
    public void A_network_is_read_in_QEMUs_notations(string text, string network, int prefixLength)
    {
        Assert.That(UserNetOptions.TryParseNetwork(text, out var read, out int bits));
        Assert.That((read, bits), Is.EqualTo((Packets.Address(network), prefixLength)));
    }

    [TestCase("")]
    [TestCase("10.0.2")]
    [TestCase("10.0.2.0/")]
    [TestCase("10.0.2.0/33")]
    [TestCase("10.0.2.0/-1")]
    [TestCase("10.0.2.0/255.0.255.0")]
    [TestCase("10.0.2.0/24/8")]
    [TestCase("10.0.2.256/24")]
    public void What_is_no_network_is_refused(string text) => Assert.That(UserNetOptions.TryParseNetwork(text, out _, out _), Is.False);

    [Test]
    public void The_defaults_are_sound() => Assert.That(new UserNetOptions().FindFault(), Is.Null);

    [TestCase("172.16.0.0", 16, "172.16.2.2", "172.16.2.3", "172.16.2.15")]
    [TestCase("192.168.9.0", 24, "192.168.9.2", "192.168.9.3", "192.168.9.15")]
    [TestCase("192.168.9.128", 26, "192.168.9.130", "192.168.9.131", "192.168.9.143")]
    [TestCase("10.0.0.16", 28, "10.0.0.18", "10.0.0.19", "10.0.0.28")]
    [TestCase("10.0.0.8", 29, "10.0.0.10", "10.0.0.11", "10.0.0.12")]
    public void Addresses_follow_the_network_as_in_QEMU(string network, int prefixLength, string host, string dns, string first)
    {
        using var rig = new UserNetRig(new UserNetOptions { Network = Packets.Address(network), PrefixLength = prefixLength });
        rig.Guest.Address = Packets.Address(first);
        foreach (string virtualHost in new[] { host, dns })
        {
            rig.Guest.AskFor(Packets.Address(virtualHost));
            Assert.That(rig.Guest.TakeArp().Single().Sender, Is.EqualTo(Packets.Address(virtualHost)));
        }

        Assert.That(DhcpClient.Ask(rig.Guest, DhcpClient.Discover)!.Yours, Is.EqualTo(Packets.Address(first)));
    }

    [Test]
    public void A_name_server_may_lie_outside_and_is_reached_over_the_gateway()
    {
        var outside = Packets.Address("9.9.9.9");
        using var rig = new UserNetRig(new UserNetOptions { Dns = outside, DnsHosts = [new DnsHost("a", NetGuest.Gateway)] });
        rig.Guest.AskFor(outside);
        Assert.That(rig.Guest.Frames, Is.Empty);
        rig.Guest.SendUdp(1234, outside, 53, [0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, (byte)'b', 0, 0, 1, 0, 1]);
        Assert.That(MacAddress.Read(rig.Guest.Frames.Single().AsSpan(6)), Is.EqualTo(NetGuest.GatewayMac));
        var answer = rig.Guest.TakeUdp().Single();
        Assert.That((answer.From, answer.Data[3] & 15), Is.EqualTo((outside, 3)));
        Assert.That(rig.Door.OpenFlowsMax, Is.Zero);
        Assert.That(DhcpClient.Ask(rig.Guest, DhcpClient.Discover)!.Address(6), Is.EqualTo(outside));
    }

    [TestCaseSource(nameof(Faulty))]
    public void What_does_not_fit_together_is_told(UserNetOptions options, string what)
    {
        Assert.That(options.FindFault(), Does.Contain(what));
        var clock = new GuestClock();
        Assert.That(
            () => new UserNetwork(options, clock, new EventScheduler(clock), new FakeHostDoor()),
            Throws.ArgumentException.With.Message.Contains(what));
    }

    private static IEnumerable<TestCaseData> Faulty()
    {
        var outside = Packets.Address("10.0.3.2");
        yield return new TestCaseData(new UserNetOptions { PrefixLength = 30 }, "30 bits");
        yield return new TestCaseData(new UserNetOptions { PrefixLength = 3 }, "3 bits");
        yield return new TestCaseData(new UserNetOptions { Host = outside }, "10.0.3.2");
        yield return new TestCaseData(new UserNetOptions { Dns = Packets.Address("127.0.0.53") }, "name server");
        yield return new TestCaseData(new UserNetOptions { DhcpStart = Packets.Address("10.0.2.255") }, "DHCP");
        yield return new TestCaseData(new UserNetOptions { Dns = Packets.Address("10.0.2.2") }, "both");
        yield return new TestCaseData(new UserNetOptions { DhcpStart = Packets.Address("10.0.2.3") }, "virtual host");
        yield return new TestCaseData(new UserNetOptions { HostName = "" }, "host name");
        yield return new TestCaseData(new UserNetOptions { HostName = "a b" }, "host name");
        yield return new TestCaseData(new UserNetOptions { DomainName = new string('d', 256) }, "domain name");
        yield return new TestCaseData(new UserNetOptions { BootFile = new string('b', 128) }, "boot file");
        yield return new TestCaseData(new UserNetOptions { TftpServerName = "é" }, "TFTP");
        yield return new TestCaseData(new UserNetOptions { DnsSearch = ["a..b"] }, "a..b");
        yield return new TestCaseData(new UserNetOptions { DnsHosts = [new DnsHost(new string('x', 64), outside)] }, "DNS");
        yield return new TestCaseData(new UserNetOptions { Forwards = [Forward(outside, 1)] }, "10.0.3.2");
        yield return new TestCaseData(new UserNetOptions { Forwards = [Forward(NetGuest.Gateway, 1)] }, "10.0.2.2");
        yield return new TestCaseData(new UserNetOptions { Forwards = [Forward(IPv4Address.Any, 0)] }, "port 0");
        yield return new TestCaseData(
            new UserNetOptions { GuestForwards = [new GuestForward(new HostEndpoint(outside, 1), new HostEndpoint(IPv4Address.Loopback, 1))] },
            "10.0.3.2");
    }

    private static PortForward Forward(IPv4Address guest, ushort port) =>
        new(HostProtocol.Udp, new HostEndpoint(IPv4Address.Loopback, 1), new HostEndpoint(guest, port));
}
