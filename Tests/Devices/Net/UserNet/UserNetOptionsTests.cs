using NUnit.Framework;
using RiscvXv6.Devices.Net.UserNet;
using RiscvXv6.Devices.Net.Wire;
using RiscvXv6.Devices.Timing;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Devices.Net.UserNet;

public sealed class UserNetOptionsTests
{
    [TestCase("10.0.2.0/24", "10.0.2.0", 24)]
    [TestCase("10.0.2.0", "10.0.2.0", 24)]
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

    [Test]
    public void Addresses_follow_the_network_as_in_QEMU()
    {
        using var rig = new UserNetRig(new UserNetOptions { Network = Packets.Address("172.16.0.0"), PrefixLength = 16 });
        rig.Guest.Address = Packets.Address("172.16.0.15");
        foreach (string host in new[] { "172.16.0.2", "172.16.0.3" })
        {
            rig.Guest.AskFor(Packets.Address(host));
            Assert.That(rig.Guest.TakeArp().Single().Sender, Is.EqualTo(Packets.Address(host)));
        }

        Assert.That(DhcpClient.Ask(rig.Guest, DhcpClient.Discover)!.Yours, Is.EqualTo(Packets.Address("172.16.0.15")));
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
        yield return new TestCaseData(new UserNetOptions { PrefixLength = 7 }, "7 bits");
        yield return new TestCaseData(new UserNetOptions { Host = outside }, "10.0.3.2");
        yield return new TestCaseData(new UserNetOptions { Dns = outside }, "name server");
        yield return new TestCaseData(new UserNetOptions { DhcpStart = Packets.Address("10.0.2.255") }, "DHCP");
        yield return new TestCaseData(new UserNetOptions { Dns = Packets.Address("10.0.2.2") }, "both");
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
