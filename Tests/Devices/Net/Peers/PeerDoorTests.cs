using System.Text;
using NUnit.Framework;
using RiscvXv6.Devices.Net.Peers;
using RiscvXv6.Devices.Net.UserNet;
using RiscvXv6.Devices.Net.Wire;
using RiscvXv6.Devices.Timing;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Devices.Net.Peers;

/// <summary>Peers inside the process, seen from the user network's side of the door.</summary>
public sealed class PeerDoorTests
{
    /// <summary>100 µs there and back at 1 GHz.</summary>
    private const ulong RoundTripCycles = 100_000;

    private const int Flow = 0x1_0000;
    private const int Stream = 0x4000_0000;

    [Test]
    public void A_datagram_to_echo_comes_back_after_a_round_trip_of_guest_time()
    {
        var bench = new Bench(PeerCatalog.InProcess);
        bench.Door.OpenUdp(Flow);
        bench.Door.SendUdp(Flow, Host(7), "hello"u8);
        bench.RunUntil(RoundTripCycles - 1);
        Assert.That(bench.Events, Is.Empty);
        bench.RunUntil(RoundTripCycles);
        Assert.That(bench.Events, Is.EqualTo(new[] { $"{RoundTripCycles} udp {Flow:x} 127.0.0.1:7 hello" }));
    }

    [Test]
    public void Many_datagrams_at_once_come_back_in_order()
    {
        var bench = new Bench(PeerCatalog.InProcess);
        bench.Door.OpenUdp(Flow);
        for (int i = 0; i < 100; i++)
        {
            bench.Door.SendUdp(Flow, Host(25099), Encoding.ASCII.GetBytes($"{i}"));
        }

        bench.RunUntil(RoundTripCycles);
        Assert.That(bench.Events.Select(static line => line.Split(' ')[^1]), Is.EqualTo(Enumerable.Range(0, 100).Select(static i => $"{i}")));
    }

    [Test]
    public void An_answer_is_the_same_for_everybody_over_UDP_and_TCP()
    {
        var bench = new Bench([new PeerOptions(PeerKind.Answer, 26099, "here I am")]);
        bench.Door.OpenUdp(Flow);
        bench.Door.SendUdp(Flow, Host(26099), "who?"u8);
        bench.Door.ConnectTcp(Stream, Host(26099));
        bench.RunUntil(RoundTripCycles);
        bench.Door.GrantTcp(Stream, 100);
        bench.RunUntil(10 * RoundTripCycles);
        Assert.That(bench.Events.Select(static line => line[(line.IndexOf(' ') + 1)..]), Is.EqualTo(new[]
        {
            "udp 10000 127.0.0.1:26099 here I am", "connected 40000000", "tcp 40000000 here I am", "ended 40000000",
        }));
    }

    [Test]
    public void Discard_answers_nothing()
    {
        var bench = new Bench(PeerCatalog.InProcess);
        bench.Door.OpenUdp(Flow);
        bench.Door.SendUdp(Flow, Host(9), "hello"u8);
        bench.RunUntil(100 * RoundTripCycles);
        Assert.That(bench.Events, Is.Empty);
    }

    // RFC 864 "Data Syntax" shows lines of 72 of the 95 printing characters, each beginning one character later.
    [Test]
    public void The_generator_answers_a_datagram_with_the_pattern_of_its_RFC()
    {
        var bench = new Bench(PeerCatalog.InProcess);
        bench.Door.OpenUdp(Flow);
        bench.Door.SendUdp(Flow, Host(19), "anything"u8);
        bench.RunUntil(RoundTripCycles);
        string text = Encoding.ASCII.GetString(bench.Payloads.Single());
        string[] lines = text.Split("\r\n");
        string ring = string.Concat(Enumerable.Range(32, 95).Select(static c => (char)c));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(text, Has.Length.LessThanOrEqualTo(512));
            Assert.That(lines[0], Is.EqualTo((ring + ring)[..72]));
            Assert.That(lines[5], Is.EqualTo((ring + ring).Substring(5, 72)));
        }
    }

    [Test]
    public void The_generator_sends_as_many_as_one_asks_for_so_far_apart_and_numbered()
    {
        var bench = new Bench(PeerCatalog.InProcess);
        bench.Door.OpenUdp(Flow);
        bench.Door.SendUdp(Flow, Host(19), "5 200 1000"u8);
        bench.RunUntil(100 * RoundTripCycles);
        using (Assert.EnterMultipleScope())
        {
            // A millisecond is a million cycles.
            Assert.That(
                bench.Events.Select(static line => ulong.Parse(line.Split(' ')[0])),
                Is.EqualTo(Enumerable.Range(0, 5).Select(static i => RoundTripCycles + (ulong)i * 1_000_000)));
            Assert.That(bench.Payloads.Select(static payload => payload.Length), Is.All.EqualTo(200));
            Assert.That(
                bench.Payloads.Select(static payload => Encoding.ASCII.GetString(payload)[^2..]),
                Is.EqualTo(new[] { " 0", " 1", " 2", " 3", " 4" }));
        }
    }

    // 1500 bytes of IPv4 and 38 around them, 8 ns each at 1 Gb/s: 12,304 ns.
    [Test]
    public void Without_a_pause_the_generator_is_as_fast_as_the_wire()
    {
        var bench = new Bench(PeerCatalog.InProcess);
        bench.Door.OpenUdp(Flow);
        bench.Door.SendUdp(Flow, Host(25019), "3 1472"u8);
        bench.RunUntil(100 * RoundTripCycles);
        Assert.That(
            bench.Events.Select(static line => ulong.Parse(line.Split(' ')[0]) - RoundTripCycles),
            Is.EqualTo(new ulong[] { 0, 12_304, 24_608 }));
    }

    [Test]
    public void The_generator_can_send_to_a_forwarded_port()
    {
        var bench = new Bench(PeerCatalog.InProcess);
        bench.Door.Listen(3, HostProtocol.Udp, Host(26999));
        bench.Door.OpenUdp(Flow);
        bench.Door.SendUdp(Flow, Host(19), "2 64 10 26999"u8);
        bench.Door.SendUdp(Flow, Host(19), "2 64 10 27000"u8);
        bench.RunUntil(100 * RoundTripCycles);
        Assert.That(
            bench.Events.Select(static line => string.Join(' ', line.Split(' ').Skip(1).Take(3))),
            Is.EqualTo(new[] { "udp 3 127.0.0.1:19", "udp 3 127.0.0.1:19" }));
    }

    [TestCase("0 100")]
    [TestCase("1000001 100")]
    [TestCase("5 65508")]
    [TestCase("5 100 0 65536")]
    [TestCase("5 100 0 1 1")]
    [TestCase("-5 100")]
    [TestCase("5x 100")]
    [TestCase("99999999999999999999")]
    [TestCase("")]
    [TestCase(" ")]
    public void What_the_generator_does_not_understand_is_one_datagram_of_the_usual_size(string text)
    {
        var bench = new Bench(PeerCatalog.InProcess);
        bench.Door.OpenUdp(Flow);
        bench.Door.SendUdp(Flow, Host(19), Encoding.ASCII.GetBytes(text));
        bench.RunUntil(100 * RoundTripCycles);
        Assert.That(bench.Payloads.Single(), Has.Length.EqualTo(512));
    }

    [Test]
    public void What_a_forwarded_port_says_to_a_peer_is_not_answered_or_two_echoes_would_never_end()
    {
        var bench = new Bench(PeerCatalog.InProcess);
        bench.Door.Listen(3, HostProtocol.Udp, Host(26999));
        bench.Door.SendUdp(3, Host(7), "again"u8);
        bench.RunUntil(100 * RoundTripCycles);
        Assert.That(bench.Events, Is.Empty);
    }

    [Test]
    public void A_closed_flow_hears_nothing_more()
    {
        var bench = new Bench(PeerCatalog.InProcess);
        bench.Door.OpenUdp(Flow);
        bench.Door.SendUdp(Flow, Host(19), "100 64 1000"u8);
        bench.RunUntil(RoundTripCycles + 2_500_000);
        bench.Door.Close(Flow);
        bench.RunUntil(1000 * RoundTripCycles);
        Assert.That(bench.Payloads, Has.Count.EqualTo(3));
    }

    [Test]
    public void A_flow_may_be_closed_by_what_it_hears()
    {
        var bench = new Bench(PeerCatalog.InProcess);
        bench.OnEvent = () => bench.Door.Close(Flow);
        bench.Door.OpenUdp(Flow);
        bench.Door.SendUdp(Flow, Host(19), "100 64 1000"u8);
        bench.RunUntil(1000 * RoundTripCycles);
        Assert.That(bench.Payloads, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_connection_to_echo_is_made_used_and_ended()
    {
        var bench = new Bench(PeerCatalog.InProcess);
        bench.Door.ConnectTcp(Stream, Host(7));
        bench.RunUntil(RoundTripCycles);
        bench.Door.GrantTcp(Stream, 3);
        bench.Door.SendTcp(Stream, "hello"u8);
        bench.RunUntil(2 * RoundTripCycles);
        bench.Door.GrantTcp(Stream, 10);
        bench.Door.EndTcp(Stream);
        bench.RunUntil(3 * RoundTripCycles);
        Assert.That(bench.Events.Select(static line => line[(line.IndexOf(' ') + 1)..]), Is.EqualTo(new[]
        {
            "connected 40000000", "sent 40000000 5", "tcp 40000000 hel", "tcp 40000000 lo", "ended 40000000",
        }));
    }

    [Test]
    public void An_echo_that_nobody_reads_takes_no_more_than_its_buffer()
    {
        var bench = new Bench(PeerCatalog.InProcess);
        bench.Door.ConnectTcp(Stream, Host(7));
        bench.RunUntil(RoundTripCycles);
        bench.Door.SendTcp(Stream, new byte[IHostDoor.SendBufferBytes]);
        bench.RunUntil(10 * RoundTripCycles);
        Assert.That(bench.Events[^1], Does.EndWith("sent 40000000 65536"));
    }

    [Test]
    public void The_generator_sends_what_is_granted_and_not_a_byte_more()
    {
        var bench = new Bench(PeerCatalog.InProcess);
        bench.Door.ConnectTcp(Stream, Host(19));
        bench.RunUntil(RoundTripCycles);
        bench.Door.GrantTcp(Stream, 100_000);
        bench.RunUntil(10 * RoundTripCycles);
        Assert.That(bench.Payloads.Sum(static payload => payload.Length), Is.EqualTo(100_000));
        bench.Door.EndTcp(Stream);
        bench.RunUntil(20 * RoundTripCycles);
        Assert.That(bench.Events[^1], Does.EndWith("ended 40000000"));
    }

    [Test]
    public void A_connection_may_be_closed_by_what_it_hears()
    {
        var bench = new Bench(PeerCatalog.InProcess);
        bench.Door.ConnectTcp(Stream, Host(19));
        bench.RunUntil(RoundTripCycles);
        bench.OnEvent = () => bench.Door.Close(Stream);
        bench.Door.GrantTcp(Stream, 1_000_000);
        bench.RunUntil(10 * RoundTripCycles);
        Assert.That(bench.Events, Has.Count.EqualTo(2), "connected, and the first bytes");
    }

    [Test]
    public void A_number_may_be_used_again_at_once()
    {
        var bench = new Bench(PeerCatalog.InProcess);
        bench.Door.ConnectTcp(Stream, Host(19));
        bench.Door.Close(Stream);
        bench.Door.ConnectTcp(Stream, Host(7));
        bench.RunUntil(RoundTripCycles);
        bench.Door.GrantTcp(Stream, 1000);
        bench.Door.SendTcp(Stream, "x"u8);
        bench.RunUntil(10 * RoundTripCycles);
        Assert.That(bench.Events.Select(static line => line.Split(' ')[1]), Is.EqualTo(new[] { "connected", "sent", "tcp" }));
    }

    [Test]
    public void A_restricted_door_lets_forwarded_ports_through_and_nothing_else()
    {
        var host = new FakeHostDoor();
        var bench = new Bench(PeerCatalog.InProcess, host, isRestricted: true);
        bench.Door.Listen(3, HostProtocol.Udp, Host(26999));
        bench.Door.OpenUdp(Flow);
        bench.Door.SendUdp(Flow, Host(5000), "out"u8);
        bench.Door.SendUdp(Flow, Outside(53), "out"u8);
        bench.Door.SendUdp(Flow, Outside(7), "no peer there"u8);
        bench.Door.SendUdp(3, Host(4000), "an answer"u8);
        bench.Door.SendEcho(0x2_0000, IPv4Address.Loopback, 1, []);
        bench.Door.ConnectTcp(Stream, Host(5000));
        bench.RunUntil(10 * RoundTripCycles);
        bench.Door.Close(Flow);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(host.Datagrams.Select(static datagram => datagram.Flow), Is.EqualTo(new[] { 3 }));
            Assert.That(host.Echoes, Is.Empty);
            Assert.That(host.Connects, Is.Empty);
            Assert.That(bench.Events, Is.EqualTo(new[] { $"{RoundTripCycles} failed 40000000 Refused" }));
        }
    }

    [Test]
    public void What_no_peer_serves_goes_to_the_door_behind_and_only_then_is_a_port_opened()
    {
        var host = new FakeHostDoor();
        var bench = new Bench(PeerCatalog.InProcess, host);
        bench.Door.OpenUdp(Flow);
        bench.Door.SendUdp(Flow, Host(7), "peer"u8);
        Assert.That(host.OpenFlows, Is.Zero);
        bench.Door.SendUdp(Flow, Host(5000), "host"u8);
        bench.Door.ConnectTcp(Stream, Host(5000));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(host.OpenFlows, Is.EqualTo(2));
            Assert.That(host.Datagrams.Select(static datagram => datagram.To), Is.EqualTo(new[] { Host(5000) }));
        }

        bench.Door.Close(Flow);
        bench.Door.Close(Stream);
        Assert.That(host.Closed, Is.EqualTo(new[] { Flow, Stream }));
    }

    [Test]
    public void The_same_questions_get_the_same_answers_at_the_same_cycles()
    {
        var first = Talk();
        Assert.That(first, Is.Not.Empty);
        Assert.That(Talk(), Is.EqualTo(first));

        static IReadOnlyList<string> Talk()
        {
            var bench = new Bench(PeerCatalog.InProcess);
            var random = new Random(20_261_121);
            bench.Door.OpenUdp(Flow);
            bench.Door.ConnectTcp(Stream, Host(7));
            for (int i = 0; i < 1000; i++)
            {
                bench.Door.SendUdp(Flow, Host((ushort)(random.Next(2) == 0 ? 7 : 19)), new byte[random.Next(1000)]);
                bench.RunUntil(bench.Clock.NowCycles + (ulong)random.Next(200_000));
                bench.Door.SendTcp(Stream, new byte[random.Next(100)]);
                bench.Door.GrantTcp(Stream, random.Next(100));
            }

            return bench.Events;
        }
    }

    [Test]
    public void Once_warm_a_datagram_costs_no_memory()
    {
        var bench = new Bench(PeerCatalog.InProcess) { Keeps = false };
        byte[] payload = new byte[1000];
        bench.Door.OpenUdp(Flow);
        Exchange(100);
        Assert.That(Allocation.LeastOf(() => Exchange(10_000)), Is.Zero);

        void Exchange(int count)
        {
            for (int i = 0; i < count; i++)
            {
                bench.Door.SendUdp(Flow, Host(7), payload);
                bench.RunUntil(bench.Clock.NowCycles + 60_000);
            }
        }
    }

    private static HostEndpoint Host(ushort port) => new(IPv4Address.Loopback, port);

    private static HostEndpoint Outside(ushort port) => new(new IPv4Address(0x0808_0808), port);

    /// <summary>A clock, and somebody who writes down what is told.</summary>
    private sealed class Bench : IHostDoorEvents
    {
        private readonly EventScheduler _scheduler;

        public Bench(IEnumerable<PeerOptions> peers, IHostDoor? inner = null, bool isRestricted = false)
        {
            _scheduler = new EventScheduler(Clock);
            Door = new PeerDoor(inner, isRestricted, peers, Clock, _scheduler);
            Door.Attach(this);
        }

        public GuestClock Clock { get; } = new();

        public PeerDoor Door { get; }

        public bool Keeps { get; init; } = true;

        public List<string> Events { get; } = [];

        public List<byte[]> Payloads { get; } = [];

        public Action? OnEvent { get; set; }

        public void RunUntil(ulong cycle)
        {
            while (_scheduler.NextDeadlineCycles <= cycle)
            {
                Clock.AdvanceTo(_scheduler.NextDeadlineCycles);
                _scheduler.RunDue();
            }

            Clock.AdvanceTo(cycle);
        }

        public void UdpReceived(int flow, HostEndpoint from, ReadOnlySpan<byte> payload)
        {
            if (Keeps)
            {
                Payloads.Add(payload.ToArray());
                Write($"udp {flow:x} {from} {Encoding.ASCII.GetString(payload)}");
            }
        }

        public void UdpRefused(int flow, HostEndpoint to) => Write($"refused {flow:x} {to}");

        public int TcpAccepted(int listener, HostEndpoint from) => -1;

        public void TcpConnected(int flow) => Write($"connected {flow:x}");

        public void TcpFailed(int flow, HostFailure reason) => Write($"failed {flow:x} {reason}");

        public void TcpReceived(int flow, ReadOnlySpan<byte> data)
        {
            Payloads.Add(data.ToArray());
            Write($"tcp {flow:x} {Encoding.ASCII.GetString(data)}");
        }

        public void TcpSent(int flow, int bytes) => Write($"sent {flow:x} {bytes}");

        public void TcpEnded(int flow) => Write($"ended {flow:x}");

        public void TcpReset(int flow) => Write($"reset {flow:x}");

        public void EchoReplied(int flow, IPv4Address from, ushort sequence, ReadOnlySpan<byte> payload) => Write($"reply {flow:x} {sequence}");

        private void Write(string text)
        {
            Events.Add($"{Clock.NowCycles} {text}");
            OnEvent?.Invoke();
        }
    }
}
