using System.Buffers.Binary;
using System.Text;
using NUnit.Framework;
using RiscvXv6.Devices.Net.UserNet;
using RiscvXv6.Devices.Net.Wire;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Devices.Net.UserNet;

/// <summary>
/// A conversation in every protocol, read by tshark: nothing that the network says is malformed, has a wrong checksum
/// or makes an expert wonder, and the fields say what they should.
/// </summary>
public sealed class UserNetworkAgreesWithTsharkTests
{
    private const string Network = "eth.src[0:2] == 52:55";

    private const string Faulty =
        Network + " && (_ws.malformed || ip.checksum.status == \"Bad\" || udp.checksum.status == \"Bad\" || tcp.checksum.status == \"Bad\""
        + " || icmp.checksum.status == \"Bad\" || _ws.expert.severity == \"Error\")";

    private static readonly HostEndpoint s_peer = new(IPv4Address.Loopback, 5555);
    private static readonly IPv4Address s_outside = Packets.Address("192.0.2.7");

    [Test]
    public void Tshark_finds_nothing_wrong_in_any_frame()
    {
        var frames = Conversation();
        Assert.That(Dissect(frames, Faulty, "frame.number"), Is.Empty);
        string[] sent = Dissect(frames, Network, "frame.protocols");
        foreach (string protocol in new[] { "arp", "dhcp", "dns", "icmp", "tftp", "udp", "tcp" })
        {
            Assert.That(sent.Count(line => line.Split(':').Contains(protocol)), Is.GreaterThan(1), protocol);
        }
    }

    [TestCase(24, TestName = "Tshark sees a wrong IPv4 checksum")]
    [TestCase(40, TestName = "Tshark sees a wrong UDP checksum")]
    public void A_wrong_checksum_is_seen(int at)
    {
        var frames = Conversation();
        int index = frames.FindIndex(static frame => frame.Bytes[6] == 0x52 && frame.Bytes[7] == 0x55 && frame.Bytes[12] == 8 && frame.Bytes[13] == 0 && frame.Bytes[23] == 17);
        frames[index].Bytes[at] ^= 1;
        Assert.That(Dissect(frames, Faulty, "frame.number"), Is.EqualTo(new[] { $"{index + 1}" }));
    }

    [Test]
    public void Tshark_sees_a_datagram_that_is_cut_off()
    {
        var frames = Conversation();
        int index = frames.FindIndex(static frame => frame.Bytes.Length > 300 && frame.Bytes[7] == 0x55);
        frames[index] = frames[index] with { Bytes = frames[index].Bytes[..200] };
        Assert.That(Dissect(frames, Faulty, "frame.number"), Does.Contain($"{index + 1}"));
    }

    [Test]
    public void Tshark_reads_of_DHCP_what_was_meant()
    {
        string[] lines = Dissect(
            Conversation(), $"{Network} && dhcp", "dhcp.option.dhcp", "dhcp.ip.your", "dhcp.ip.server", "dhcp.option.subnet_mask", "dhcp.option.router",
            "dhcp.option.domain_name_server", "dhcp.option.ip_address_lease_time", "dhcp.file", "dhcp.option.hostname", "dhcp.option.domain_name",
            "dhcp.option.dhcp_server_id");
        string offer = "10.0.2.15|10.0.2.2|255.255.255.0|10.0.2.2|10.0.2.3|86400|boot/kernel|guest|example|10.0.2.2";
        Assert.That(lines, Is.EqualTo(new[]
        {
            $"2|{offer}", $"5|{offer}", "6|0.0.0.0|0.0.0.0||||||||10.0.2.2",
            "5|0.0.0.0|10.0.2.2|255.255.255.0|10.0.2.2|10.0.2.3||boot/kernel|guest|example|10.0.2.2",
        }));
    }

    [Test]
    public void Tshark_reads_of_DNS_what_was_meant()
    {
        string[] lines = Dissect(
            Conversation(), $"{Network} && dns", "ip.src", "dns.flags.rcode", "dns.count.answers", "dns.qry.name", "dns.a", "dns.ptr.domain_name");
        Assert.That(lines, Is.EqualTo(new[]
        {
            "8.8.8.8|0|1|host.example|128.52.129.126|",
            "10.0.2.3|0|1|126.129.52.128.in-addr.arpa||host.example",
            "10.0.2.3|3|0|other.example||",
            "10.0.2.3|1|0|||",
        }));
    }

    [Test]
    public void Tshark_puts_the_fragments_together_and_follows_the_transfer_of_a_file()
    {
        var frames = Conversation();
        Assert.That(
            Dissect(frames, $"{Network} && udp.srcport == 5555 && ip.reassembled.length", "udp.length"), Is.EqualTo(new[] { "5008" }));
        Assert.That(Dissect(frames, $"{Network} && tftp.opcode", "tftp.opcode", "tftp.block", "data.len"), Is.EqualTo(new[]
        {
            "6||", "3|1|1000", "3|2|500", "5||",
        }));
    }

    /// <summary>What passes between a guest that tries everything and the network.</summary>
    private static List<(ulong Cycles, byte[] Bytes)> Conversation()
    {
        var frames = new List<(ulong Cycles, byte[] Bytes)>();
        using var rig = new UserNetRig(new UserNetOptions
        {
            HostName = "guest", DomainName = "example", DnsSearch = ["example", "lab.example"], BootFile = "boot/kernel", TftpFiles = new Files(),
            DnsHosts = [new DnsHost("host.example", Packets.Address("128.52.129.126"))],
            Forwards =
            [
                new PortForward(HostProtocol.Udp, new HostEndpoint(IPv4Address.Loopback, 1), new HostEndpoint(IPv4Address.Any, 2000)),
                new PortForward(HostProtocol.Tcp, new HostEndpoint(IPv4Address.Loopback, 2), new HostEndpoint(IPv4Address.Any, 22)),
            ],
        });
        var guest = rig.Guest;
        guest.Observer = (_, frame) => frames.Add((rig.Clock.NowCycles, frame));
        Converse(rig, guest);
        return frames;
    }

    private static void Converse(UserNetRig rig, NetGuest guest)
    {
        // A datagram for a guest that is not known yet: ARP.
        rig.Door.ReceiveUdp(0, s_peer, [1, 2, 3]);
        guest.AskFor(NetGuest.Gateway);
        guest.AskFor(NetGuest.Dns);

        DhcpClient.Ask(guest, [.. DhcpClient.Discover, .. DhcpClient.Wanted]);
        DhcpClient.Ask(guest, [53, 1, 3, .. DhcpClient.Server("10.0.2.2"), .. DhcpClient.Requested("10.0.2.15"), .. DhcpClient.Wanted]);
        DhcpClient.Ask(guest, [53, 1, 3, .. DhcpClient.Requested("10.9.9.9")], flags: 0x8000);
        DhcpClient.Ask(guest, [53, 1, 8], client: "10.0.2.15");

        guest.SendUdp(1234, Packets.Address("8.8.8.8"), 53, Query("host.example", 1));
        guest.SendUdp(1234, NetGuest.Dns, 53, Query("126.129.52.128.in-addr.arpa", 12));
        guest.SendUdp(1234, NetGuest.Dns, 53, Query("other.example", 1));
        guest.SendUdp(1234, NetGuest.Dns, 53, Query("other.example", 1)[..^3]);

        guest.SendEcho(NetGuest.Gateway, 1, 1, [.. Enumerable.Range(0, 2000).Select(static i => (byte)i).Take(1400)]);
        rig.Door.Answer = static sent => sent.Payload;
        guest.SendEcho(s_outside, 1, 2, [1, 2, 3]);
        rig.Door.Deliver();
        guest.SendUdp(2000, NetGuest.Dns, 99, [1]);
        guest.SendIp(NetGuest.Gateway, 47, [1, 2, 3, 4]);
        guest.SendUdp(2001, NetGuest.Gateway, 99, [1, 2, 3]);
        rig.Door.Deliver();
        var sent = rig.Door.Datagrams[^1];
        rig.Door.Events.UdpRefused(sent.Flow, sent.To);
        rig.Door.ReceiveUdp(0, s_peer, new byte[5000]);

        guest.Clear();
        guest.SendUdp(3000, NetGuest.Gateway, 69, "\0\u0001kernel\0octet\0blksize\01000\0tsize\00\0"u8.ToArray());
        int port = guest.TakeUdp().Single().FromPort;
        for (byte block = 0; block <= 2; block++)
        {
            guest.SendUdp(3000, NetGuest.Gateway, port, [0, 4, 0, block]);
        }

        guest.SendUdp(3000, NetGuest.Gateway, 69, "\0\u0001absent\0octet\0"u8.ToArray());
        ConverseByTcp(rig, guest);
    }

    private static void ConverseByTcp(UserNetRig rig, NetGuest guest)
    {
        guest.Clear();
        Send(100, 0, 2, [], [2, 4, 5, 0xb4, 1, 3, 3, 7]);
        int flow = rig.Door.Connects.Single().Flow;
        rig.Door.Events.TcpConnected(flow);
        byte[] answer = guest.TakeIp().Single();
        uint next = Packets.Long(answer, 24) + 1;
        Send(101, next, 24, [1, 2, 3]);
        rig.Door.ReceiveTcp(flow, new byte[3000]);
        Send(104, next + 3000, 16, []);
        rig.Door.Events.TcpEnded(flow);
        Send(104, next + 3001, 17, []);
        rig.AdvanceMilliseconds(1000);
        rig.Door.Accept(rig.Door.ListenerAt(HostProtocol.Tcp, 2), s_peer);

        void Send(uint sequence, uint acknowledgement, int flags, byte[] data, byte[]? options = null)
        {
            rig.AdvanceMilliseconds(1);
            guest.SendIp(NetGuest.Gateway, Packets.Tcp, Packets.TcpPayload(
                guest.Address, 1025, NetGuest.Gateway, 80, sequence, acknowledgement, flags, 65535, options, data));
        }
    }

    private static byte[] Query(string name, int type) =>
    [
        0xab, 0xcd, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0,
        .. name.Split('.').SelectMany(static label => (byte[])[(byte)label.Length, .. Encoding.ASCII.GetBytes(label)]), 0,
        .. Packets.Big16(type), 0, 1,
    ];

    private static string[] Dissect(List<(ulong Cycles, byte[] Bytes)> frames, string filter, params string[] fields)
    {
        string tshark = Requirement.Tool("tshark", "tshark");
        string path = Path.GetTempFileName();
        File.WriteAllBytes(path, Pcap(frames));
        string[] arguments =
        [
            "-n", "-r", path, "-Y", filter, "-T", "fields", "-E", "separator=|",
            .. new[] { "ip.check_checksum", "udp.check_checksum", "tcp.check_checksum" }.SelectMany(static name => new[] { "-o", $"{name}:TRUE" }),
            .. fields.SelectMany(static field => new[] { "-e", field }),
        ];
        var run = ScriptedProcess.Run(tshark, arguments, [], 60);
        File.Delete(path);
        Assert.That(run.ExitCode, Is.Zero, run.Output);
        return
        [
            .. run.Output.Split('\n').Select(static line => line.TrimEnd('\r'))
                .Where(static line => line.Length > 0 && !line.StartsWith("Running as user", StringComparison.Ordinal)),
        ];
    }

    /// <summary>A capture file as libpcap defines it: a header of 24 bytes, and one of 16 before each frame.</summary>
    private static byte[] Pcap(List<(ulong Cycles, byte[] Bytes)> frames)
    {
        var file = new MemoryStream();
        Span<byte> words = stackalloc byte[24];
        uint[] header = [0xa1b2c3d4, 4 << 16 | 2, 0, 0, 65_536, 1];
        for (int i = 0; i < header.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(words[(4 * i)..], header[i]);
        }

        file.Write(words);
        foreach (var (cycles, bytes) in frames)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(words, (uint)(cycles / 1_000_000_000));
            BinaryPrimitives.WriteUInt32LittleEndian(words[4..], (uint)(cycles / 1000 % 1_000_000));
            BinaryPrimitives.WriteInt32LittleEndian(words[8..], bytes.Length);
            BinaryPrimitives.WriteInt32LittleEndian(words[12..], bytes.Length);
            file.Write(words[..16]);
            file.Write(bytes);
        }

        return file.ToArray();
    }

    /// <summary>One file of 1500 bytes.</summary>
    private sealed class Files : ITftpFiles, ITftpFile
    {
        public long SizeBytes => 1500;

        public ITftpFile? Open(string name) => name == "kernel" ? this : null;

        public int Read(long offsetBytes, Span<byte> destination) => destination.Length;

        public void Dispose()
        {
        }
    }
}
