using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using NUnit.Framework;
using RiscvXv6.Devices.Net.UserNet;
using RiscvXv6.Devices.Net.Wire;

namespace RiscvXv6.Tests.Devices.Net.UserNet;

/// <summary>Datagrams through real sockets of 127.0.0.1.</summary>
internal sealed class SocketDoorUdpTests
{
    private const int Flow = 7;
    private const int Listener = 3;

    [Test]
    public void A_datagram_goes_out_and_its_answer_comes_back_with_the_sender()
    {
        using var rig = new SocketDoorRig();
        using var peer = Peer(out int port);
        rig.Door.OpenUdp(Flow);

        rig.Door.SendUdp(Flow, SocketDoorRig.Loopback(port), [1, 2, 3]);
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        byte[] buffer = new byte[100];
        int count = peer.ReceiveFrom(buffer, ref from);
        peer.SendTo([9, 8], from);
        rig.PumpUntilTold("udp");

        Assert.That(buffer[..count], Is.EqualTo(new byte[] { 1, 2, 3 }));
        Assert.That(rig.Told, Is.EqualTo(new[] { $"udp {Flow} from 127.0.0.1:{port}: 0908" }));
    }

    [Test]
    public void A_flow_that_never_leaves_the_host_has_no_port_that_others_reach()
    {
        using var rig = new SocketDoorRig();
        using var peer = Peer(out int port);
        rig.Door.OpenUdp(Flow);

        rig.Door.SendUdp(Flow, SocketDoorRig.Loopback(port), [1]);
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        peer.ReceiveFrom(new byte[10], ref from);

        int flowPort = ((IPEndPoint)from).Port;
        using var everywhere = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        Assert.That(() => everywhere.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.2"), flowPort)), Throws.Nothing);
    }

    [Test]
    public void Whoever_sends_to_the_flows_port_is_heard()
    {
        using var rig = new SocketDoorRig();
        using var peer = Peer(out int port);
        using var other = Peer(out int otherPort);
        rig.Door.OpenUdp(Flow);
        rig.Door.SendUdp(Flow, SocketDoorRig.Loopback(port), [1]);
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        peer.ReceiveFrom(new byte[10], ref from);

        other.SendTo([5], from);
        rig.PumpUntilTold("udp");

        Assert.That(rig.Told, Is.EqualTo(new[] { $"udp {Flow} from 127.0.0.1:{otherPort}: 05" }));
    }

    [TestCase(0)]
    [TestCase(1472)]
    [TestCase(65_507)]
    public void Datagrams_of_any_length_pass_whole(int length)
    {
        using var rig = new SocketDoorRig();
        using var peer = Peer(out int port);
        byte[] payload = new byte[length];
        new Random(length).NextBytes(payload);
        rig.Door.OpenUdp(Flow);

        rig.Door.SendUdp(Flow, SocketDoorRig.Loopback(port), payload);
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        byte[] buffer = new byte[70_000];
        int count = peer.ReceiveFrom(buffer, ref from);
        peer.SendTo(buffer.AsSpan(0, count), from);
        rig.PumpUntilTold("udp");

        Assert.That(rig.Told[0], Does.EndWith($": {Convert.ToHexString(payload)}"));
    }

    [Test]
    public void A_forwarded_port_takes_datagrams_and_answers_from_the_same_port()
    {
        using var rig = new SocketDoorRig();
        using var peer = Peer(out int peerPort);
        int port = SocketDoorRig.FreePort(SocketType.Dgram);
        rig.Door.Listen(Listener, HostProtocol.Udp, SocketDoorRig.Loopback(port));

        peer.SendTo([1, 2], new IPEndPoint(IPAddress.Loopback, port));
        rig.PumpUntilTold("udp");
        rig.Door.SendUdp(Listener, SocketDoorRig.Loopback(peerPort), [3]);
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        int count = peer.ReceiveFrom(new byte[10], ref from);

        Assert.That(rig.Told, Is.EqualTo(new[] { $"udp {Listener} from 127.0.0.1:{peerPort}: 0102" }));
        Assert.That(from, Is.EqualTo(new IPEndPoint(IPAddress.Loopback, port)));
        Assert.That(count, Is.EqualTo(1));
        Assert.That(rig.IsLive, Is.True, "somebody may send at any time");
        Assert.That(rig.OpenFlows, Is.Zero, "an answer to a peer waits for nothing");
    }

    [Test]
    public void A_port_in_use_is_told_in_one_clause()
    {
        using var rig = new SocketDoorRig();
        using var peer = Peer(out int port);

        Assert.That(
            () => rig.Door.Listen(Listener, HostProtocol.Udp, SocketDoorRig.Loopback(port)),
            Throws.TypeOf<HostPortException>().With.Message.EqualTo($"port {port} of 127.0.0.1 is in use"));
    }

    [Test]
    public void A_query_keeps_idle_time_from_being_skipped_until_it_is_answered()
    {
        using var rig = new SocketDoorRig();
        using var peer = Peer(out int port);
        rig.Door.OpenUdp(Flow);
        int before = rig.OpenFlows;

        rig.Door.SendUdp(Flow, SocketDoorRig.Loopback(port), [1]);
        rig.Door.SendUdp(Flow, SocketDoorRig.Loopback(port), [2]);
        int waiting = rig.OpenFlows;
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        peer.ReceiveFrom(new byte[10], ref from);
        peer.SendTo([9], from);
        rig.PumpUntilTold("udp");

        Assert.That((before, waiting, rig.OpenFlows), Is.EqualTo((0, 1, 0)));
    }

    [Test]
    public void A_query_that_nobody_answers_is_given_up_after_a_while()
    {
        using var rig = new SocketDoorRig();
        using var peer = Peer(out int port);
        rig.Door.OpenUdp(Flow);

        rig.Door.SendUdp(Flow, SocketDoorRig.Loopback(port), [1]);

        Assert.That(rig.OpenFlows, Is.EqualTo(1));
        rig.PumpUntil(() => rig.OpenFlows == 0, "the door's patience");
    }

    [Test]
    public void Nothing_is_told_of_a_closed_flow_even_if_its_number_lives_on()
    {
        using var rig = new SocketDoorRig();
        using var peer = Peer(out int port);
        rig.Door.OpenUdp(Flow);
        rig.Door.SendUdp(Flow, SocketDoorRig.Loopback(port), [1]);
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        peer.ReceiveFrom(new byte[10], ref from);
        peer.SendTo([0xaa], from);
        SpinWait.SpinUntil(() => rig.PendingBytes > 0, TimeSpan.FromSeconds(10));
        Assert.That(rig.PendingBytes, Is.Not.Zero);

        rig.Door.Close(Flow);
        rig.Door.OpenUdp(Flow);
        rig.Pump();

        Assert.That(rig.Told, Is.Empty);
        Assert.That(rig.OpenFlows, Is.Zero);
    }

    [Test]
    public void A_flood_that_the_machine_does_not_handle_takes_bounded_memory()
    {
        using var rig = new SocketDoorRig();
        using var peer = Peer(out _);
        int port = SocketDoorRig.FreePort(SocketType.Dgram);
        rig.Door.Listen(Listener, HostProtocol.Udp, SocketDoorRig.Loopback(port));
        byte[] payload = new byte[60_000];

        // To a machine that stands still, until more than the door holds has come, and then 60 MB more.
        var watch = Stopwatch.StartNew();
        while (rig.PendingBytes < 8 << 20)
        {
            Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(20)), "the flood never arrives");
            peer.SendTo(payload, new IPEndPoint(IPAddress.Loopback, port));
        }

        for (int i = 0; i < 1_000; i++)
        {
            peer.SendTo(payload, new IPEndPoint(IPAddress.Loopback, port));
        }

        Thread.Sleep(100);
        Assert.That(rig.PendingBytes, Is.LessThan(9 << 20));
    }

    [Test]
    public void A_datagram_that_nobody_takes_is_told_with_its_address_and_the_flow_goes_on()
    {
        using var rig = new SocketDoorRig();
        using var peer = Peer(out int port);
        int nobody = SocketDoorRig.FreePort(SocketType.Dgram);
        rig.Door.OpenUdp(Flow);

        for (int i = 0; i < 3; i++)
        {
            rig.Door.SendUdp(Flow, SocketDoorRig.Loopback(nobody), [1]);
            rig.Door.SendUdp(Flow, SocketDoorRig.Loopback(port), [(byte)i]);
        }

        rig.PumpUntil(() => rig.Told.Count >= 3, "three refusals");
        byte[] got = new byte[3];
        for (int i = 0; i < 3; i++)
        {
            peer.Receive(got.AsSpan(i, 1));
        }

        Assert.That(rig.Told, Is.EqualTo(Enumerable.Repeat($"udp {Flow} refused by 127.0.0.1:{nobody}", 3)));
        Assert.That(got, Is.EqualTo(new byte[] { 0, 1, 2 }), "what others take is not lost for it");
        Assert.That(rig.OpenFlows, Is.Zero, "nothing is waited for any more");
    }

    [Test]
    public void A_thousand_refusals_do_not_stop_up_a_flow()
    {
        using var rig = new SocketDoorRig();
        using var peer = Peer(out int port);
        int nobody = SocketDoorRig.FreePort(SocketType.Dgram);
        rig.Door.OpenUdp(Flow);
        for (int i = 0; i < 1_000; i++)
        {
            rig.Door.SendUdp(Flow, SocketDoorRig.Loopback(nobody), [1]);
        }

        rig.Door.SendUdp(Flow, SocketDoorRig.Loopback(port), [2]);
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        peer.ReceiveFrom(new byte[10], ref from);
        peer.SendTo([9], from);

        rig.PumpUntilTold($"udp {Flow} from 127.0.0.1:{port}");
    }

    [Test]
    public void A_recorded_run_repeats_without_sockets()
    {
        using var rig = new SocketDoorRig();
        using var peer = Peer(out int port);
        Drive(rig);
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        peer.ReceiveFrom(new byte[10], ref from);
        peer.SendTo([9, 8], from);
        rig.PumpUntilTold("udp");

        using var again = new SocketDoorRig(isReplay: true);
        Drive(again);
        bool nothingWasSent = !peer.Poll(50_000, SelectMode.SelectRead);
        again.Replay(rig.Recorded);

        Assert.That(nothingWasSent, Is.True);
        Assert.That(again.Told, Is.EqualTo(rig.Told));
        Assert.That(again.OpenFlows, Is.EqualTo(rig.OpenFlows));

        void Drive(SocketDoorRig driven)
        {
            driven.Door.OpenUdp(Flow);
            driven.Door.SendUdp(Flow, SocketDoorRig.Loopback(port), [1]);
        }
    }

    [Test]
    public void An_echo_request_to_this_host_is_answered_or_the_flow_is_told_why_not()
    {
        using var rig = new SocketDoorRig();

        rig.Door.SendEcho(Flow, IPv4Address.Loopback, 5, [1, 2, 3, 4]);
        rig.PumpUntilTold($"echo {Flow}");

        Assert.That(
            rig.Told, Is.EqualTo(new[] { $"echo {Flow} from 127.0.0.1 5: 01020304" })
                .Or.EqualTo(new[] { $"echo {Flow} failed: Refused" }));
    }

    private static Socket Peer(out int port)
    {
        var peer = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 10_000 };
        peer.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        port = ((IPEndPoint)peer.LocalEndPoint!).Port;
        return peer;
    }
}
