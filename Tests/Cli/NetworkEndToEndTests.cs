using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using NUnit.Framework;
using RiscvXv6.Tests.Support;
using RiscvXv6.Tests.Xv6;

namespace RiscvXv6.Tests.Cli;

/// <summary>From the options of a command line to a guest that talks: our xv6, its card, the user network, and peers in the process.</summary>
internal sealed class NetworkEndToEndTests
{
    private const string Card = " -device e1000,netdev=net0,bus=pcie.0";
    private const string Sealed = "-netdev user,id=net0,restrict=on,peers=on,dns-host=www.example=10.1.2.3" + Card;

    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("riscvxv6-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Everything_that_nettest_asks_of_a_host_is_answered_and_every_run_is_the_same([Values(1, 3)] int harts)
    {
        string[] lines =
        [
            "ifconfig dhcp", "ping -c 3 10.0.2.2", "nettest -n www.example=10.1.2.3 grade icmp multi burst large loss descriptor10", "netbench -c 100 echo 10.0.2.2 7",
            "netbench -c 100 tx 10.0.2.2 9", "host www.example", "netstat",
        ];
        string first = Session(Sealed, harts, lines);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(first, Does.Contain("(DHCP, "));
            Assert.That(first, Does.Contain("3 sent, 3 answered, 0% lost"));
            Assert.That(first, Does.Contain("nettest: all 13 tests ok"));
            Assert.That(first, Does.Match(@"echoed\n +packets +100\n"));
            Assert.That(first, Does.Contain("www.example has address 10.1.2.3"));
        }

        Assert.That(Session(Sealed, harts, lines), Is.EqualTo(first));
    }

    [Test]
    public void Without_peers_a_restricted_network_answers_for_itself_alone()
    {
        string output = Session(
            "-netdev user,id=net0,restrict=on" + Card, 1, "ping -c 1 10.0.2.2", "ping -c 1 10.0.2.77", "nettest ping0", "host www.example");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(output, Does.Contain("10.0.2.2: 1 sent, 1 answered"));
            Assert.That(output, Does.Contain("10.0.2.77: 1 sent, 0 answered"));
            Assert.That(output, Does.Contain("ping0        FAILED"));
            Assert.That(output, Does.Not.Contain("has address"));
        }
    }

    [Test]
    public void A_peer_that_is_asked_to_sends_to_a_forwarded_port()
    {
        int port = FreeUdpPort();
        string output = Session(
            $"-netdev user,id=net0,restrict=on,peers=on,hostfwd=udp:127.0.0.1:{port}-:2000" + Card,
            3,
            $"(sleep 5; sendpkt udp 10.0.2.2 19 200 512 2000 {port}) &",
            "netbench -c 200 rx 2000",
            $"(sleep 5; sendpkt udp 10.0.2.2 19 10 64 20000 {port}) &",
            "nettest -c 10 rx");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(output, Does.Contain("received 200 packets"));
            Assert.That(output, Does.Contain("nettest: all 1 tests ok"), "the numbers at the datagrams' ends go up");
        }
    }

    [Test]
    public void A_hub_leads_to_the_user_network_and_losses_are_seeded()
    {
        const string network = "-netdev user,id=u,restrict=on,peers=on -netdev hubport,id=p,hubid=0 -netdev hubport,id=q,hubid=0,netdev=u "
            + "-device e1000,netdev=p -net-faults netdev=p,drop=10%,seed=";
        string[] lines = ["nettest -c 300 loss"];
        string seven = Session(network + "7", 1, lines);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(seven, Does.Match(@"nettest: loss +ok: 2\d\d of 300 answered"));
            Assert.That(Session(network + "7", 1, lines), Is.EqualTo(seven));
            Assert.That(Session(network + "8", 1, lines), Is.Not.EqualTo(seven));
        }
    }

    [Test]
    public void Captures_and_the_report_agree_on_how_many_frames_there_were()
    {
        string pcap = Path.Join(_folder, "packets.pcap");
        string pcapng = Path.Join(_folder, "packets.pcapng");
        string report = Path.Join(_folder, "report.json");
        using var program = BuiltProgram.Start(
        [
            "-machine", "virt", "-bios", "none", "-kernel", Xv6Guest.Kernel, "-m", "128M", "-nographic", "-global", "virtio-mmio.force-legacy=false",
            "-drive", $"file={Xv6Guest.PathOf("fs.img")},if=none,format=raw,id=x0,snapshot=on",
            "-device", "virtio-blk-device,drive=x0,bus=virtio-mmio-bus.0",
            .. Sealed.Split(' '), "-object", $"filter-dump,id=net0,netdev=net0,file={pcap}", "-capture", pcapng, "-net-report", report, "-net-table",
        ]);
        program.WaitForLine("init: starting sh");
        program.Type("ping -c 5 10.0.2.2\nhalt\n");
        var result = program.WaitForExit();
        using var json = JsonDocument.Parse(File.ReadAllText(report));
        var card = json.RootElement.GetProperty("cards")[0].GetProperty("report");
        int transmitted = card.GetProperty("transmit").GetProperty("packets").GetInt32();
        int received = card.GetProperty("receive").GetProperty("packets").GetInt32();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Output, Does.Contain("5 sent, 5 answered"));
            Assert.That(transmitted, Is.GreaterThanOrEqualTo(5));
            Assert.That(received, Is.GreaterThanOrEqualTo(5));
            Assert.That(card.GetProperty("packets").GetArrayLength(), Is.EqualTo(transmitted + received));
            Assert.That(PcapFrames(pcap), Is.EqualTo(transmitted + received));
            Assert.That(PcapNgFrames(pcapng), Is.EqualTo(transmitted + received));
            Assert.That(result.Error, Does.Match($@"transmit +{transmitted} ").And.Match($@"receive +{received} "));
        }
    }

    private static string Session(string network, int harts, params string[] lines)
    {
        var request = Xv6Guest.Session(harts, Xv6Guest.Disk(), lines) with
        {
            NetworkOptions = network,
            CpuMegahertz = 100,
            LimitGuestSeconds = 600,
            LimitHostSeconds = 120,
        };
        var run = new MachinePlatform().Run(request);
        Assert.That(run.ExitCode, Is.Zero, run.Output);
        return run.Output;
    }

    private static int FreeUdpPort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <summary>Records behind the header of 24 bytes, each with its length at byte 8 of 16.</summary>
    private static int PcapFrames(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        int count = 0;
        for (int at = 24; at < file.Length; at += 16 + BitConverter.ToInt32(file, at + 8))
        {
            count++;
        }

        return count;
    }

    /// <summary>Blocks of type 6, each with its length behind the type.</summary>
    private static int PcapNgFrames(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        int count = 0;
        for (int at = 0; at < file.Length; at += BitConverter.ToInt32(file, at + 4))
        {
            count += BitConverter.ToInt32(file, at) == 6 ? 1 : 0;
        }

        return count;
    }
}
