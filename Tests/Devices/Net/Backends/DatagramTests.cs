using System.Net;
using System.Net.Sockets;
using NUnit.Framework;
using RiscvXv6.Devices.Net;
using RiscvXv6.Devices.Net.Backends;
using RiscvXv6.Tests.Devices.Net.Middleware;

namespace RiscvXv6.Tests.Devices.Net.Backends;

/// <summary>Frames in datagrams, one each. On the loop-back address only.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class DatagramTests
{
    private readonly FakeMachine _machine = new();
    private readonly List<PeerBackend> _backends = [];

    [TearDown]
    public void Close() => _backends.ForEach(static backend => backend.Dispose());

    [Test]
    public void A_frame_is_a_datagram_both_ways_and_the_link_is_up_at_once()
    {
        using var peer = Bound(out var there);
        var here = new IPEndPoint(IPAddress.Loopback, FreePort());
        var backend = Start(_machine, new DatagramOptions { Local = here, Remote = there });
        Assert.That(_machine.IsUp, Is.True);
        Assert.That(backend.Name, Is.EqualTo("dgram"));

        backend.Send(LinkRig.Frame(1, 1514), FrameInfo.None);
        byte[] buffer = new byte[2000];
        Assert.That(peer.Receive(buffer), Is.EqualTo(1514));
        Assert.That(buffer[..1514], Is.EqualTo(LinkRig.Frame(1, 1514)));

        peer.SendTo(LinkRig.Frame(2), here);
        _machine.RunUntil(() => _machine.Received.Count == 1, "a frame comes");
        Assert.That(_machine.Received[0], Is.EqualTo(LinkRig.Frame(2)));
    }

    [Test]
    public void What_is_no_frame_is_counted_and_what_is_too_long_for_a_datagram_is_lost_and_the_rest_goes_on()
    {
        using var peer = Bound(out var there);
        var here = new IPEndPoint(IPAddress.Loopback, FreePort());
        var backend = Start(_machine, new DatagramOptions { Local = here, Remote = there });
        peer.SendTo([], here);
        peer.SendTo(new byte[13], here);
        peer.SendTo(LinkRig.Frame(1, 60_000), here);
        _machine.RunUntil(() => _machine.Received.Count == 1, "the long one comes");
        Assert.That(_machine.Statistics.Malformed, Is.EqualTo(2));

        backend.Send(new byte[66_000], FrameInfo.None);
        backend.Send(LinkRig.Frame(2), FrameInfo.None);
        Assert.That(peer.Receive(new byte[70_000]), Is.EqualTo(60));
    }

    [Test]
    public void A_flood_costs_bounded_memory_and_what_is_lost_is_counted()
    {
        using var peer = Bound(out var there);
        var here = new IPEndPoint(IPAddress.Loopback, FreePort());
        Start(_machine, new DatagramOptions { Local = here, Remote = there });
        for (int number = 0; number < 20_000; number++)
        {
            peer.SendTo(LinkRig.Frame(number, 1514), here);
        }

        _machine.RunFor(200);
        Assert.That(_machine.PeakBytes, Is.InRange(1 << 20, (1 << 20) + (1 << 17)));
        Assert.That(_machine.Statistics.ToCard.Lost, Is.GreaterThan(0));
        Assert.That(_machine.Received.Select(LinkRig.NumberOf), Is.Ordered);
    }

    [Test]
    public void Nobody_at_the_other_end_harms_nobody()
    {
        var here = new IPEndPoint(IPAddress.Loopback, FreePort());
        var there = new IPEndPoint(IPAddress.Loopback, FreePort());
        var backend = Start(_machine, new DatagramOptions { Local = here, Remote = there });
        for (int number = 0; number < 100; number++)
        {
            backend.Send(LinkRig.Frame(number), FrameInfo.None);
            _machine.RunFor(1);
        }

        using var late = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 20_000 };
        late.Bind(there);
        late.SendTo(LinkRig.Frame(1), here);
        _machine.RunUntil(() => _machine.Received.Count == 1, "the late peer's frame comes");
        backend.Send(LinkRig.Frame(200), FrameInfo.None);
        byte[] buffer = new byte[100];
        Assert.That(late.Receive(buffer), Is.EqualTo(60));
        Assert.That(LinkRig.NumberOf(buffer), Is.EqualTo(200));
    }

    [Test]
    public void Two_of_ours_meet_at_Unix_sockets()
    {
        string[] paths = [.. new[] { "a", "b" }.Select(static name => Path.Combine(Path.GetTempPath(), $"riscvxv6-{Environment.ProcessId}-{name}.sock"))];
        var ends = Array.ConvertAll(paths, static path => new UnixDomainSocketEndPoint(path));
        var other = new FakeMachine();
        var first = Start(_machine, new DatagramOptions { Local = ends[0], Remote = ends[1] });
        var second = Start(other, new DatagramOptions { Local = ends[1], Remote = ends[0] });
        first.Send(LinkRig.Frame(1), FrameInfo.None);
        second.Send(LinkRig.Frame(2), FrameInfo.None);
        other.RunUntil(() => other.Received.Count == 1, "a frame comes to the second");
        _machine.RunUntil(() => _machine.Received.Count == 1, "a frame comes to the first");
        Assert.That(LinkRig.NumberOf(other.Received[0]), Is.EqualTo(1));
        Assert.That(LinkRig.NumberOf(_machine.Received[0]), Is.EqualTo(2));
    }

    [Test]
    public void A_reader_at_a_Unix_socket_that_reads_nothing_costs_frames_and_holds_nobody_up()
    {
        string[] paths = [.. new[] { "c", "d" }.Select(static name => Path.Combine(Path.GetTempPath(), $"riscvxv6-{Environment.ProcessId}-{name}.sock"))];
        using var stubborn = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        stubborn.Bind(new UnixDomainSocketEndPoint(paths[0]));
        var options = new DatagramOptions
        {
            Local = new UnixDomainSocketEndPoint(paths[1]),
            Remote = new UnixDomainSocketEndPoint(paths[0]),
        };
        var backend = Start(_machine, options);
        for (int number = 0; number < 5000; number++)
        {
            backend.Send(LinkRig.Frame(number, 1514), FrameInfo.None);
        }

        Assert.That(_machine.Statistics.ToNetwork.Lost, Is.InRange(1, 4999), "7.5 MB fit into no buffer");
        Assert.That(Task.Run(backend.Dispose).Wait(TimeSpan.FromSeconds(10)), Is.True, "the end of the machine ends the wait");
    }

    [Test]
    public void A_port_that_is_in_use_is_told_before_the_guest_starts()
    {
        using var taken = Bound(out var there);
        var failure = Assert.Throws<NetworkBackendException>(() => _ = new DatagramTransport(new DatagramOptions { Local = there }));
        Assert.That(failure!.Message, Is.EqualTo($"port {there.Port} of 127.0.0.1 is in use"));
    }

    [Test]
    public void The_members_of_a_group_hear_each_other_on_the_loop_back_interface()
    {
        var group = new IPEndPoint(IPAddress.Parse("230.0.0.1"), FreePort());
        var options = new DatagramOptions { Kind = "socket", Group = group, Interface = IPAddress.Loopback };
        var others = new[] { new FakeMachine(), new FakeMachine() };
        var first = Start(_machine, options);
        Start(others[0], options);
        Start(others[1], options);

        first.Send(LinkRig.Frame(1), FrameInfo.None);
        foreach (var other in others)
        {
            other.RunUntil(() => other.Received.Count == 1, "a frame comes to the others");
            Assert.That(LinkRig.NumberOf(other.Received[0]), Is.EqualTo(1));
        }

        _machine.RunUntil(() => _machine.Received.Count == 1, "and, as on QEMU, to its sender");
    }

    private static Socket Bound(out IPEndPoint endPoint)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 20_000 };
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        endPoint = (IPEndPoint)socket.LocalEndPoint!;
        return socket;
    }

    private static int FreePort()
    {
        using var socket = Bound(out var endPoint);
        return endPoint.Port;
    }

    private PeerBackend Start(FakeMachine machine, DatagramOptions options)
    {
        var backend = new PeerBackend("net0", new DatagramTransport(options), machine, machine.Statistics, machine.Notices.Add);
        _backends.Add(backend);
        backend.Connect(machine);
        return backend;
    }
}
