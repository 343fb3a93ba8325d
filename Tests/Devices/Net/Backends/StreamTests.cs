using System.Net;
using System.Net.Sockets;
using NUnit.Framework;
using RiscvXv6.Devices.Net;
using RiscvXv6.Devices.Net.Backends;
using RiscvXv6.Tests.Devices.Net.Middleware;

namespace RiscvXv6.Tests.Devices.Net.Backends;

/// <summary>Frames over TCP and Unix sockets, in QEMU's form, with well-behaved peers and others. On the loop-back address only.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class StreamTests
{
    private readonly FakeMachine _machine = new();
    private PeerBackend? _backend;

    [TearDown]
    public void Close() => _backend?.Dispose();

    [Test]
    public void A_listener_is_down_until_a_peer_comes_and_then_frames_go_both_ways()
    {
        var endPoint = Listen();
        Assert.That(_machine.IsUp, Is.False);
        Assert.That(_machine.Last!.IsLive, Is.True, "a peer may come");
        Assert.That(_machine.Last.OpenFlows, Is.Zero);

        using var peer = Join(endPoint);
        Assert.That(_machine.Last.OpenFlows, Is.EqualTo(1));
        peer.Send(WirePeer.Wrap(LinkRig.Frame(1)));
        _machine.RunUntil(() => _machine.Received.Count == 1, "the frame comes");
        Assert.That(_machine.Received[0], Is.EqualTo(LinkRig.Frame(1)));

        _backend!.Send(LinkRig.Frame(2, 1514), FrameInfo.None);
        Assert.That(peer.ReceiveFrame(), Is.EqualTo(LinkRig.Frame(2, 1514)));
    }

    [Test]
    public void A_client_goes_to_a_peer_that_is_there()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        Start(new StreamOptions { Kind = "socket", EndPoint = listener.LocalEndPoint! });
        using var peer = new WirePeer(listener.Accept());
        _machine.RunUntil(() => _machine.IsUp == true, "the link comes up");
        Assert.That(_backend!.Name, Is.EqualTo("socket"));

        _backend.Send(LinkRig.Frame(3), FrameInfo.None);
        Assert.That(peer.ReceiveFrame(), Is.EqualTo(LinkRig.Frame(3)));
        peer.Dispose();
        _machine.RunUntil(() => _machine.IsUp == false, "the link goes down");
        Assert.That(_machine.Last!.IsLive, Is.False, "nobody will come any more");
        Assert.That(_machine.Notices[^1], Is.EqualTo("the peer has closed the connection"));
    }

    [Test]
    public void A_client_whose_peer_is_not_there_says_so_before_the_guest_starts()
    {
        int port = FreePort();
        var failure = Assert.Throws<NetworkBackendException>(
            () => _ = new StreamTransport(new StreamOptions { EndPoint = new IPEndPoint(IPAddress.Loopback, port) }));
        Assert.That(failure!.Message, Is.EqualTo($"nobody answers at 127.0.0.1:{port} (connection refused)"));
    }

    [Test]
    public void A_port_that_is_in_use_is_told_before_the_guest_starts()
    {
        var endPoint = Listen();
        var failure = Assert.Throws<NetworkBackendException>(
            () => _ = new StreamTransport(new StreamOptions { EndPoint = endPoint, IsServer = true }));
        Assert.That(failure!.Message, Is.EqualTo($"port {endPoint.Port} of 127.0.0.1 is in use"));
    }

    [Test]
    public void An_address_that_is_not_this_hosts_is_told()
    {
        // 203.0.113.0/24 is for documentation (RFC 5737); binding to it sends nothing.
        var endPoint = new IPEndPoint(IPAddress.Parse("203.0.113.1"), 0);
        var failure = Assert.Throws<NetworkBackendException>(
            () => _ = new StreamTransport(new StreamOptions { EndPoint = endPoint, IsServer = true }));
        Assert.That(failure!.Message, Is.EqualTo("port 0 of 203.0.113.1 is no address of this host"));
    }

    [Test]
    public void A_client_that_may_tries_again_until_its_peer_is_there_and_whenever_it_was_gone()
    {
        var endPoint = new IPEndPoint(IPAddress.Loopback, FreePort());
        Start(new StreamOptions { EndPoint = endPoint, ReconnectSeconds = 1 });
        _machine.RunUntil(() => _machine.Notices.Count == 1, "it says that nobody is there");
        Assert.That(
            _machine.Notices[0],
            Is.EqualTo($"nobody answers at 127.0.0.1:{endPoint.Port} (connection refused); trying again every 1 s"));
        Assert.That(_machine.Last!.IsLive, Is.True);

        for (int time = 0; time < 2; time++)
        {
            using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            listener.Bind(endPoint);
            listener.Listen();
            using var peer = new WirePeer(listener.Accept());
            _machine.RunUntil(() => _machine.IsUp == true, "the link comes up");
            peer.Send(WirePeer.Wrap(LinkRig.Frame(time)));
            _machine.RunUntil(() => _machine.Received.Count == time + 1, "a frame comes");
            listener.Dispose();
            peer.Dispose();
            _machine.RunUntil(() => _machine.IsUp == false, "the link goes down");
        }
    }

    [Test]
    public void A_listener_takes_one_peer_after_the_other()
    {
        var endPoint = Listen();
        for (int time = 0; time < 3; time++)
        {
            using var peer = Join(endPoint);
            peer.Send(WirePeer.Wrap(LinkRig.Frame(time)));
            _machine.RunUntil(() => _machine.Received.Count == time + 1, "a frame comes");
            peer.Dispose();
            _machine.RunUntil(() => _machine.IsUp == false, "the link goes down");
        }

        Assert.That(_machine.Received.Select(LinkRig.NumberOf), Is.EqualTo(new[] { 0, 1, 2 }));
    }

    [Test]
    public void Frames_come_whole_however_their_bytes_are_cut()
    {
        using var peer = Join(Listen());
        byte[] bytes = [.. WirePeer.Wrap(LinkRig.Frame(1, 64)), .. WirePeer.Wrap(LinkRig.Frame(2, 14 + 4)), .. WirePeer.Wrap(LinkRig.Frame(3, 100))];
        peer.Socket.NoDelay = true;
        foreach (byte value in bytes)
        {
            peer.Send([value]);
        }

        for (int cut = 1; cut < bytes.Length; cut++)
        {
            peer.Send(bytes[..cut]);
            peer.Send(bytes[cut..]);
        }

        int expected = 3 * bytes.Length;
        _machine.RunUntil(() => _machine.Received.Count == expected, "all come");
        Assert.That(_machine.Received.Select(LinkRig.NumberOf), Is.EqualTo(Enumerable.Range(0, expected).Select(static index => index % 3 + 1)));
    }

    [TestCase(69_633u, Description = "one more than QEMU's NET_BUFSIZE, 4096 + 65536")]
    [TestCase(0x7fff_ffffu)]
    [TestCase(0x8000_0000u)]
    [TestCase(0xffff_ffffu)]
    public void A_peer_that_announces_what_is_no_frame_is_disconnected_and_the_next_one_is_welcome(uint length)
    {
        var endPoint = Listen();
        using (var peer = Join(endPoint))
        {
            peer.Send([(byte)(length >> 24), (byte)(length >> 16), (byte)(length >> 8), (byte)length, 1, 2, 3]);
            Assert.That(peer.IsClosed(), Is.True);
            _machine.RunUntil(() => _machine.IsUp == false, "the link goes down");
            Assert.That(_machine.Notices[^1], Does.Contain($"a frame of {length} bytes"));
        }

        using var next = Join(endPoint);
        next.Send(WirePeer.Wrap(LinkRig.Frame(1)));
        _machine.RunUntil(() => _machine.Received.Count == 1, "the next one's frame comes");
    }

    [Test]
    public void The_longest_frame_comes_and_what_is_shorter_than_a_header_does_not()
    {
        using var peer = Join(Listen());
        peer.Send(WirePeer.Wrap([]));
        peer.Send(WirePeer.Wrap(new byte[13]));
        peer.Send(WirePeer.Wrap(LinkRig.Frame(1, 69_632)));
        _machine.RunUntil(() => _machine.Received.Count == 1, "the long one comes");
        Assert.That(_machine.Received[0], Is.EqualTo(LinkRig.Frame(1, 69_632)));
        Assert.That(_machine.Statistics.Malformed, Is.EqualTo(2));
    }

    [Test]
    public void Peers_that_send_anything_harm_nobody([Range(1, 5)] int seed)
    {
        var endPoint = Listen();
        var random = new Random(seed);
        for (int time = 0; time < 40; time++)
        {
            using var peer = WirePeer.ConnectTo(endPoint);
            byte[] bytes = new byte[random.Next(1, 200_000)];
            random.NextBytes(bytes);
            if (time % 2 == 0)
            {
                // Lengths that are mostly possible, so that it goes on for a while.
                for (int at = 0; at + 4 < bytes.Length; at += 4 + random.Next(1, 3000))
                {
                    (bytes[at], bytes[at + 1], bytes[at + 2]) = (0, (byte)(random.Next(300) == 0 ? 1 : 0), (byte)random.Next(12));
                }
            }

            try
            {
                peer.Send(bytes);
            }
            catch (SocketException)
            {
                // We are thrown out, rightly.
            }

            _machine.RunFor(2);
        }

        using var good = WirePeer.ConnectTo(endPoint);
        byte[] frame = LinkRig.Frame(seed, 1000);
        good.Send(WirePeer.Wrap(frame));
        _machine.RunUntil(() => _machine.Received is [.., var last] && last.AsSpan().SequenceEqual(frame), "a good peer's frame comes");
        Assert.That(_machine.Received.All(static frame => frame.Length is >= 14 and <= 69_632), Is.True);
    }

    [Test]
    public void A_flood_is_held_back_while_the_card_has_no_room_and_loses_nothing()
    {
        const int frames = 20_000; // 30 MB
        _machine.ReceiveRoomFrames = 10;
        using var peer = Join(Listen());
        var sending = Task.Run(() =>
        {
            for (int number = 0; number < frames; number++)
            {
                peer.Send(WirePeer.Wrap(LinkRig.Frame(number, 1514)));
            }
        });
        _machine.RunFor(1000);
        Assert.That(sending.IsCompleted, Is.False, "the peer waits");
        Assert.That(_machine.Received, Has.Count.EqualTo(10));
        Assert.That(_machine.PeakBytes, Is.LessThan(2 << 20));

        while (_machine.Received.Count < frames)
        {
            int before = _machine.Received.Count;
            _machine.ReceiveRoomFrames = 1000;
            _backend!.ReceiveRoomAvailable();
            _machine.RunUntil(() => _machine.Received.Count > before, "more comes");
        }

        sending.Wait();
        Assert.That(_machine.Received.Select(LinkRig.NumberOf), Is.EqualTo(Enumerable.Range(0, frames)));
        Assert.That(_machine.Statistics.ToCard.Lost, Is.Zero);
    }

    [Test]
    public void A_peer_that_reads_nothing_costs_frames_and_no_time()
    {
        using var peer = Join(Listen());
        var watch = System.Diagnostics.Stopwatch.StartNew();
        for (int number = 0; number < 50_000; number++)
        {
            _backend!.Send(LinkRig.Frame(number, 1514), FrameInfo.None);
        }

        Assert.That(_machine.Statistics.ToNetwork.Lost, Is.InRange(1, 49_999), "75 MB fit into no buffer");
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(5)));

        // What arrives is whole and in order all the same.
        int last = -1;
        for (int count = 0; count < 500; count++)
        {
            byte[] frame = peer.ReceiveFrame();
            Assert.That(frame, Has.Length.EqualTo(1514));
            Assert.That(LinkRig.NumberOf(frame), Is.GreaterThan(last));
            last = LinkRig.NumberOf(frame);
        }
    }

    [Test]
    public void A_frame_without_a_peer_and_one_with_a_wrong_check_sequence_are_lost_and_counted()
    {
        var endPoint = Listen();
        _backend!.Send(LinkRig.Frame(1), FrameInfo.None);
        Assert.That(_machine.Statistics.ToNetwork.Lost, Is.EqualTo(1));

        using var peer = Join(endPoint);
        _backend.Send(LinkRig.Frame(2), new FrameInfo(FrameFlags.BadFcs));
        _backend.Send(LinkRig.Frame(3), new FrameInfo(FrameFlags.MissingFcs));
        byte[] own = [.. LinkRig.Frame(4), .. BitConverter.GetBytes(FrameCheck.Compute(LinkRig.Frame(4)))];
        _backend.Send(own, new FrameInfo(FrameFlags.MissingFcs));
        Assert.That(peer.ReceiveFrame(), Is.EqualTo(LinkRig.Frame(4)), "its sender appended the check sequence itself");
        Assert.That(_machine.Statistics.ToNetwork.Lost, Is.EqualTo(3));
    }

    [Test]
    public void The_check_sequence_is_IEEE_802_3s() =>
        Assert.That(FrameCheck.Compute("123456789"u8), Is.EqualTo(0xcbf4_3926), "the check value of CRC-32");

    [Test]
    public void Two_of_ours_meet_at_a_Unix_socket()
    {
        string path = Path.Combine(Path.GetTempPath(), $"riscvxv6-{Environment.ProcessId}.sock");
        var other = new FakeMachine();
        Start(new StreamOptions { EndPoint = new UnixDomainSocketEndPoint(path), IsServer = true });
        var client = new PeerBackend(
            "net0",
            new StreamTransport(new StreamOptions { EndPoint = new UnixDomainSocketEndPoint(path) }),
            other,
            other.Statistics,
            other.Notices.Add);
        client.Connect(other);
        _machine.RunUntil(() => _machine.IsUp == true, "the server's link comes up");
        other.RunUntil(() => other.IsUp == true, "the client's link comes up");

        _backend!.Send(LinkRig.Frame(1), FrameInfo.None);
        client.Send(LinkRig.Frame(2), FrameInfo.None);
        other.RunUntil(() => other.Received.Count == 1, "a frame comes to the client");
        _machine.RunUntil(() => _machine.Received.Count == 1, "a frame comes to the server");
        Assert.That(LinkRig.NumberOf(other.Received[0]), Is.EqualTo(1));
        Assert.That(LinkRig.NumberOf(_machine.Received[0]), Is.EqualTo(2));

        var failure = Assert.Throws<NetworkBackendException>(
            () => _ = new StreamTransport(new StreamOptions { EndPoint = new UnixDomainSocketEndPoint(path), IsServer = true }));
        Assert.That(failure!.Message, Does.StartWith(path).And.EndWith("exists; remove it if no other program uses it"));
        client.Dispose();
        _backend.Dispose();
        Assert.That(File.Exists(path), Is.False, "nothing is left behind");
    }

    [Test]
    public void The_end_of_the_machine_ends_every_wait()
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        Listen();
        _backend!.Dispose();
        Start(new StreamOptions { EndPoint = new IPEndPoint(IPAddress.Loopback, FreePort()), ReconnectSeconds = 3600 });
        _machine.RunUntil(() => _machine.Notices.Count == 1, "it waits for another try");
        _backend.Dispose();
        using (Join(Listen()))
        {
            _backend.Dispose();
        }

        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(10)));
    }

    [Test]
    public void A_replay_has_no_host_behind_it()
    {
        var backend = new PeerBackend("net0", new SilentTransport("stream", isUpAtStart: false), _machine, _machine.Statistics, _machine.Notices.Add);
        backend.Connect(_machine);
        Assert.That(_machine.IsUp, Is.False);
        backend.Send(LinkRig.Frame(1), FrameInfo.None);
        Assert.That(_machine.Statistics.ToNetwork.Lost, Is.Zero);
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private IPEndPoint Listen()
    {
        var endPoint = new IPEndPoint(IPAddress.Loopback, FreePort());
        Start(new StreamOptions { EndPoint = endPoint, IsServer = true });
        return endPoint;
    }

    private void Start(StreamOptions options)
    {
        _backend = new PeerBackend("net0", new StreamTransport(options), _machine, _machine.Statistics, _machine.Notices.Add);
        _backend.Connect(_machine);
    }

    private WirePeer Join(EndPoint endPoint)
    {
        var peer = WirePeer.ConnectTo(endPoint);
        _machine.RunUntil(() => _machine.IsUp == true, "the link comes up");
        return peer;
    }
}
