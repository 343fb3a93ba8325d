using System.Net;
using System.Net.Sockets;
using NUnit.Framework;
using RiscvXv6.Devices.E1000;
using RiscvXv6.Devices.Net.Middleware;
using RiscvXv6.Devices.Net.UserNet;
using RiscvXv6.Devices.Net.Wire;
using RiscvXv6.Devices.Pci;
using RiscvXv6.Emulator.Machine;
using static RiscvXv6.Tests.Cli.CommandLineDriver;

namespace RiscvXv6.Tests.Cli;

/// <summary>What the options of networks and cards mean, at both doors.</summary>
internal sealed class NetworkOptionTests
{
    [Test]
    public void The_line_of_the_net_lab_is_a_user_network_with_forwards_a_card_and_a_capture()
    {
        var network = Qemu("-netdev user,id=net0,hostfwd=udp::26999-:2000,hostfwd=udp::31999-:2001 "
            + "-object filter-dump,id=net0,netdev=net0,file=packets.pcap -device e1000,netdev=net0,bus=pcie.0").Network;
        var user = (UserNetdevOptions)network.Netdevs.Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(user.Network.Forwards, Is.EqualTo(new[]
            {
                new PortForward(HostProtocol.Udp, At("127.0.0.1", 26999), At("0.0.0.0", 2000)),
                new PortForward(HostProtocol.Udp, At("127.0.0.1", 31999), At("0.0.0.0", 2001)),
            }));
            Assert.That(network.Nics, Is.EqualTo(new[] { new NicOptions("e1000.0", "net0", Mac("52:54:00:12:34:56")) }));
            Assert.That(network.Nics[0].PciDevice, Is.EqualTo(1));
            Assert.That(network.PacketFiles, Is.EqualTo(new[]
            {
                new PacketFileOptions("-object", PacketFileFormat.Pcap, "packets.pcap", "net0", 65536),
            }));
        }
    }

    // The default of an empty host address is a deviation from QEMU's, which binds every interface.
    [TestCase("tcp::5555-:5556", HostProtocol.Tcp, "127.0.0.1", 5555, "0.0.0.0", 5556)]
    [TestCase(":127.0.0.2:80-10.0.2.15:8080", HostProtocol.Tcp, "127.0.0.2", 80, "10.0.2.15", 8080)]
    [TestCase("udp:0.0.0.0:1-:65535", HostProtocol.Udp, "0.0.0.0", 1, "0.0.0.0", 65535)]
    [TestCase("udp:localhost:7-10.0.2.99:7", HostProtocol.Udp, "127.0.0.1", 7, "10.0.2.99", 7)]
    public void A_forward_is_read_as_QEMU_reads_it_but_for_the_empty_address(
        string text, HostProtocol protocol, string host, int hostPort, string guest, int guestPort) =>
        Assert.That(
            User($"hostfwd={text}").Network.Forwards,
            Is.EqualTo(new[] { new PortForward(protocol, At(host, hostPort), At(guest, guestPort)) }));

    [TestCase("net=192.168.76.0/24", "192.168.76.0", 24)]
    [TestCase("net=192.168.76.9/255.255.255.128", "192.168.76.0", 25)]
    [TestCase("hostname=x", "10.0.2.0", 24)]
    public void A_network_is_written_with_bits_or_a_mask(string property, string network, int bits)
    {
        var user = User(property).Network;
        Assert.That((user.Network, user.PrefixLength), Is.EqualTo((Address(network), bits)));
    }

    [Test]
    public void Every_property_of_the_user_network_arrives()
    {
        var netdev = User("host=10.0.2.9,dns=10.0.2.8,dhcpstart=10.0.2.20,hostname=xv6,domainname=lab.example,dnssearch=a.example,"
            + "dnssearch=b.example,tftp=boot,bootfile=u-boot.bin,restrict=on,dns-host=www.example=10.1.2.3,dns-host=b=1.2.3.4,ipv4=on,ipv6=off");
        var user = netdev.Network;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                (user.Host, user.Dns, user.DhcpStart),
                Is.EqualTo(((IPv4Address?)Address("10.0.2.9"), (IPv4Address?)Address("10.0.2.8"), (IPv4Address?)Address("10.0.2.20"))));
            Assert.That((user.HostName, user.DomainName), Is.EqualTo(("xv6", "lab.example")));
            Assert.That(user.DnsSearch, Is.EqualTo(new[] { "a.example", "b.example" }));
            Assert.That((netdev.TftpRoot, user.BootFile, user.IsRestricted), Is.EqualTo(("boot", "u-boot.bin", true)));
            Assert.That(user.DnsHosts, Is.EqualTo(new DnsHost[]
            {
                new("www.example", Address("10.1.2.3")), new("b", Address("1.2.3.4")),
            }));
        }
    }

    [Test]
    public void A_name_given_for_all_networks_is_known_to_each()
    {
        var network = Qemu("-dns-host a.example=1.2.3.4 -nic user,dns-host=b.example=5.6.7.8 -nic user --dns-host c.example=9.9.9.9").Network;
        Assert.That(
            network.Netdevs.Cast<UserNetdevOptions>().Select(static user => string.Join(' ', user.Network.DnsHosts.Select(static host => host.Name))),
            Is.EqualTo(new[] { "b.example a.example c.example", "a.example c.example" }));
    }

    [TestCase("peers=on", "Echo:7 Echo:25099 Discard:9 Discard:25009 Generator:19 Generator:25019 Web:80 Web:25080")]
    [TestCase("peers=echo:26099+web", "Echo:26099 Web:80 Web:25080")]
    [TestCase("peers=on+echo:26099", "Echo:7 Echo:25099 Discard:9 Discard:25009 Generator:19 Generator:25019 Web:80 Web:25080 Echo:26099")]
    [TestCase("peers=off", "")]
    [TestCase("peers=answer:26099:a:b", "Answer:26099")]
    public void Peers_are_all_of_them_or_those_that_are_named(string property, string peers) =>
        Assert.That(string.Join(' ', User(property).Peers.Select(static peer => $"{peer.Kind}:{peer.Port}")), Is.EqualTo(peers));

    [Test]
    public void Sockets_streams_and_datagrams_have_the_addresses_of_QEMUs_options()
    {
        var netdevs = Qemu(Nics(
            "socket,listen=:8900", "socket,connect=127.0.0.1:8901", "socket,udp=127.0.0.1:8902,localaddr=:8903", "socket,mcast=239.192.168.1:1102",
            "stream,server=on,addr.type=unix,addr.path=s", "stream,addr.type=inet,addr.host=localhost,addr.port=8904,reconnect=5",
            "dgram,remote.type=inet,remote.host=127.0.0.1,remote.port=8905,local.type=inet,local.host=127.0.0.1,local.port=8906",
            "dgram,remote.type=inet,remote.host=239.0.0.1,remote.port=8907,local.host=127.0.0.1,local.port=0", "tap,ifname=tap0,script=no,downscript=no"))
            .Network.Netdevs;
        Assert.That(netdevs, Is.EqualTo(new NetdevOptions[]
        {
            new StreamNetdevOptions("n0", "socket", Loopback(8900), true, 0),
            new StreamNetdevOptions("n1", "socket", Loopback(8901), false, 0),
            new DatagramNetdevOptions("n2", "socket", Loopback(8903), Loopback(8902)),
            new MulticastNetdevOptions("n3", "socket", IPEndPoint.Parse("239.192.168.1:1102"), null),
            new StreamNetdevOptions("n4", "stream", new UnixDomainSocketEndPoint("s"), true, 0),
            new StreamNetdevOptions("n5", "stream", Loopback(8904), false, 5),
            new DatagramNetdevOptions("n6", "dgram", Loopback(8906), Loopback(8905)),
            new MulticastNetdevOptions("n7", "dgram", IPEndPoint.Parse("239.0.0.1:8907"), IPAddress.Loopback),
            new TapNetdevOptions("n8", "tap0"),
        }));
    }

    // Seen on QEMU 7.2 with `info network`: the first card has 52:54:00:12:34:56, the next the addresses after it.
    [Test]
    public void Cards_get_QEMUs_addresses_and_places_in_order_around_those_that_are_chosen()
    {
        var nics = Qemu("-nic user -nic user,mac=52:54:00:12:34:57,addr=0x1 -device e1000-82540em,netdev=c,addr=02.0,id=third -nic user "
            + "-netdev user,id=c").Network.Nics;
        Assert.That(
            nics.Select(static nic => $"{nic.Id} {nic.NetdevId} {nic.Mac} {nic.PciDevice}"),
            Is.EqualTo(new[]
            {
                "e1000.0 net0 52:54:00:12:34:56 3", "e1000.1 net1 52:54:00:12:34:57 1", "third c 52:54:00:12:34:58 2",
                "e1000.3 net2 52:54:00:12:34:59 4",
            }));
    }

    [Test]
    public void A_card_may_be_strict_or_talkative_and_sit_on_a_slow_bus()
    {
        var nics = Qemu("-nic-fidelity lab -nic user,fidelity=hardware -nic user,pci-bus=pci33 -netdev user,id=n "
            + "-device e1000,netdev=n,pci-bus=pci66,fidelity=lenient,romfile=,rombar=0").Network.Nics;
        Assert.That(
            nics.Select(static nic => (nic.Fidelity, nic.Bus)),
            Is.EqualTo(new[]
            {
                (E1000Fidelity.Hardware, PciBusTiming.Pcie), (E1000Fidelity.Lab, PciBusTiming.Pci33), (E1000Fidelity.Lenient, PciBusTiming.Pci66),
            }));
    }

    [Test]
    public void The_old_way_with_one_of_each_is_a_card_on_a_network()
    {
        var network = Qemu("-net nic,model=e1000,macaddr=52:54:00:00:00:01 -net user,restrict=on").Network;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(network.Netdevs, Has.Length.EqualTo(1));
            Assert.That(network.Nics, Is.EqualTo(new[] { new NicOptions("e1000.0", "net0", Mac("52:54:00:00:00:01")) }));
        }
    }

    [Test]
    public void The_old_way_with_more_meets_at_a_hub()
    {
        var network = Qemu("-net nic -net nic -net user,restrict=on").Network;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(network.Nics.Select(static nic => nic.NetdevId), Is.EqualTo(new[] { "hub0port0", "hub0port1" }));
            Assert.That(network.Netdevs.Skip(1), Is.EqualTo(new NetdevOptions[]
            {
                new HubPortNetdevOptions("hub0port0", 0, null), new HubPortNetdevOptions("hub0port1", 0, null),
                new HubPortNetdevOptions("hub0port2", 0, "net0"),
            }));
        }
    }

    [Test]
    public void A_hub_joins_cards_and_networks()
    {
        var network = Qemu("-netdev user,id=u -netdev hubport,id=p,hubid=3 -netdev hubport,id=q,hubid=3,netdev=u -device e1000,netdev=p").Network;
        Assert.That(network.Netdevs.Skip(1), Is.EqualTo(new NetdevOptions[]
        {
            new HubPortNetdevOptions("p", 3, null), new HubPortNetdevOptions("q", 3, "u"),
        }));
    }

    [TestCase("")]
    [TestCase("-net none -nic none")]
    public void There_is_no_card_unless_somebody_asks(string line) =>
        Assert.That(Qemu(line).Network.Nics, Is.Empty);

    [Test]
    public void Faults_are_read_with_their_units()
    {
        var faults = Qemu("-nic user -net-faults drop=1%,burst=2.5,dup=0.02,reorder=250ppm,reorder-by=3,corrupt=0.5%,bad-fcs=100%,delay=1.5ms,"
            + "jitter=20us,rate=10Mbit,queue=9000,flap=10s/1s,seed=0x10,direction=rx").Network.Faults.Single();
        Assert.That(faults, Is.EqualTo(new LinkFaultOptions("net0", new FaultOptions
        {
            Seed = 16,
            ToCard = new DirectionFaults
            {
                Drop = new Probability(10_000),
                BurstFrames = 2.5,
                Duplicate = new Probability(20_000),
                Reorder = new Probability(250),
                ReorderFrames = 3,
                Corrupt = new Probability(5_000),
                BadFcs = new Probability(1_000_000),
                DelayNanoseconds = 1_500_000,
                JitterNanoseconds = 20_000,
                RateBitsPerSecond = 10_000_000,
                RateQueueBytes = 9000,
            },
            FlapEveryNanoseconds = 10_000_000_000,
            FlapDownNanoseconds = 1_000_000_000,
        })));
    }

    [TestCase("rate=56k", 56_000UL)]
    [TestCase("rate=1.5Gbit", 1_500_000_000UL)]
    [TestCase("rate=9600", 9_600UL)]
    [TestCase("rate=100Mbit/s", 100_000_000UL)]
    public void A_rate_may_be_written_in_several_ways(string property, ulong bits)
    {
        var faults = Qemu($"-nic user -net-faults {property}").Network.Faults.Single().Faults;
        Assert.That((faults.ToCard.RateBitsPerSecond, faults.ToNetwork.RateBitsPerSecond), Is.EqualTo((bits, bits)));
    }

    [Test]
    public void Captures_and_reports_are_kept_where_one_says()
    {
        var network = Qemu("-netdev user,id=a -device e1000,netdev=a -capture all.pcapng --capture one.pcapng,netdev=a -net-report r.json -net-table "
            + "-object filter-dump,id=f,netdev=a,file=b.pcap,maxlen=96,queue=rx -object filter-dump,id=g,netdev=a,file=c.pcap,status=off").Network;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(network.PacketFiles, Is.EqualTo(new PacketFileOptions[]
            {
                new("--capture", PacketFileFormat.PcapNg, "all.pcapng", null),
                new("--capture", PacketFileFormat.PcapNg, "one.pcapng", "a"),
                new("-object", PacketFileFormat.Pcap, "b.pcap", "a", 96) { Directions = CaptureDirections.ToNetwork },
            }));
            Assert.That((network.ReportPath, network.PrintsTable), Is.EqualTo(("r.json", true)));
        }
    }

    [TestCase("", Pace.Virtual)]
    [TestCase("-nic user", Pace.Realtime)]
    [TestCase("-nic user,restrict=on", Pace.Virtual)]
    [TestCase("-nic user,restrict=on,peers=on", Pace.Virtual)]
    [TestCase("-nic user,restrict=on,hostfwd=tcp::5555-:5556", Pace.Realtime)]
    [TestCase("-nic socket,listen=:8900", Pace.Realtime)]
    [TestCase("-nic user -pace virtual", Pace.Virtual)]
    public void Guest_time_follows_the_wall_where_the_hosts_network_is(string line, Pace pace) =>
        Assert.That(Qemu(line).Pace, Is.EqualTo(pace));

    [Test]
    public void Both_doors_lead_to_the_same_network()
    {
        const string properties = "user,id=net0,restrict=on,hostfwd=tcp::5555-:80,peers=echo";
        var ours = Run($"run k --net {properties} --nic e1000,netdev=net0,mac=52:54:00:00:00:07 --capture c --net-faults drop=1% --net-report r "
            + "--net-table --dns-host a=1.2.3.4 --nic-fidelity lab").Options.Network;
        var qemus = Qemu($"-netdev {properties} -device e1000,netdev=net0,mac=52:54:00:00:00:07 -capture c -net-faults drop=1% -net-report r "
            + "-net-table -dns-host a=1.2.3.4 -nic-fidelity lab").Network;
        Assert.That(Describe(ours), Is.EqualTo(Describe(qemus)));
    }

    [Test]
    public void A_network_is_enough_to_get_a_card_at_our_own_door()
    {
        var network = Run("run k --net user --net socket,listen=:8900 --nic e1000,mac=52:54:00:00:00:07").Options.Network;
        Assert.That(
            network.Nics.Select(static nic => $"{nic.NetdevId} {nic.Mac}"),
            Is.EqualTo(new[] { "net0 52:54:00:00:00:07", "net1 52:54:00:12:34:56" }));
    }

    /// <summary>Records of arrays do not compare by content.</summary>
    private static string Describe(NetworkOptions network)
    {
        var user = (UserNetdevOptions)network.Netdevs.Single();
        return string.Join('\n', (object[])[
            user.Id, user.Network.IsRestricted, string.Join(' ', user.Network.Forwards), string.Join(' ', user.Peers),
            string.Join(' ', user.Network.DnsHosts),
            string.Join(' ', network.Nics), string.Join(' ', network.PacketFiles), string.Join(' ', network.Faults),
            network.ReportPath!, network.PrintsTable]);
    }

    private static UserNetdevOptions User(string properties) => (UserNetdevOptions)Qemu($"-nic user,{properties}").Network.Netdevs.Single();

    private static string Nics(params string[] networks) => string.Join(
        ' ', networks.Select(static (network, index) => $"-netdev {network.Insert(network.IndexOf(',') + 1, $"id=n{index},")} -device e1000,netdev=n{index}"));

    private static IPEndPoint Loopback(int port) => new(IPAddress.Loopback, port);

    private static HostEndpoint At(string address, int port) => new(Address(address), (ushort)port);

    private static IPv4Address Address(string text) => IPv4Address.TryParse(text, out var address) ? address : throw new FormatException(text);

    private static MacAddress Mac(string text) => MacAddress.TryParse(text, out var mac) ? mac : throw new FormatException(text);
}
