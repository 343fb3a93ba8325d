using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using NUnit.Framework;
using RiscvXv6.Devices.Net.UserNet;

namespace RiscvXv6.Tests.Devices.Net.UserNet;

/// <summary>Connections through real sockets of 127.0.0.1.</summary>
internal sealed class SocketDoorTcpTests
{
    private const int Flow = 0x4000_0000;
    private const int Listener = 0x6000_0000;

    [Test]
    public void A_connection_to_a_listening_port_is_made()
    {
        using var rig = new SocketDoorRig();
        using var server = Server(out int port);

        rig.Door.ConnectTcp(Flow, SocketDoorRig.Loopback(port));
        int open = rig.OpenFlows;
        rig.PumpUntilTold("connected");
        using var peer = server.Accept();

        Assert.That(rig.Told, Is.EqualTo(new[] { $"connected {Flow}" }));
        Assert.That(open, Is.EqualTo(1));
    }

    [Test]
    public void A_port_where_nobody_listens_refuses_and_the_flow_is_over()
    {
        using var rig = new SocketDoorRig();

        rig.Door.ConnectTcp(Flow, SocketDoorRig.Loopback(SocketDoorRig.FreePort()));
        rig.PumpUntilTold("failed");

        Assert.That(rig.Told, Is.EqualTo(new[] { $"failed {Flow}: Refused" }));
        Assert.That(rig.OpenFlows, Is.Zero);
    }

    [Test]
    public void Bytes_go_out_and_are_counted_when_the_host_has_taken_them()
    {
        using var rig = new SocketDoorRig();
        using var peer = Connect(rig);
        byte[] data = Noise(IHostDoor.SendBufferBytes);

        for (int at = 0; at < data.Length; at += 1460)
        {
            rig.Door.SendTcp(Flow, data.AsSpan(at, Math.Min(1460, data.Length - at)));
        }

        byte[] received = ReceiveExactly(peer, data.Length);
        rig.PumpUntil(() => rig.Sent.GetValueOrDefault(Flow) == data.Length, "Sent for every byte");

        Assert.That(received, Is.EqualTo(data));
    }

    [Test]
    public void Without_a_grant_nothing_is_read_and_with_one_no_more_than_it()
    {
        using var rig = new SocketDoorRig();
        using var peer = Connect(rig);
        byte[] data = Noise(10_000);
        peer.Send(data);

        Thread.Sleep(50);
        rig.Pump();
        bool quiet = !rig.Received.ContainsKey(Flow);
        rig.Door.GrantTcp(Flow, 100);
        rig.PumpUntil(() => rig.Received.ContainsKey(Flow), "bytes");
        Thread.Sleep(50);
        rig.Pump();
        long afterGrant = rig.Received[Flow].Length;
        rig.Door.GrantTcp(Flow, 1 << 20);
        rig.PumpUntil(() => rig.Received[Flow].Length == data.Length, "the rest");

        Assert.That((quiet, afterGrant), Is.EqualTo((true, 100)));
        Assert.That(rig.Received[Flow].ToArray(), Is.EqualTo(data));
    }

    [Test]
    public void Each_side_may_end_while_the_other_goes_on()
    {
        using var rig = new SocketDoorRig();
        using var peer = Connect(rig);
        rig.Door.GrantTcp(Flow, 1 << 20);

        rig.Door.SendTcp(Flow, [1, 2, 3]);
        rig.Door.EndTcp(Flow);
        byte[] received = ReceiveExactly(peer, 3);
        int end = peer.Receive(new byte[1]);
        peer.Send([4, 5]);
        rig.PumpUntil(() => rig.Received.ContainsKey(Flow), "bytes after the end of the other direction");
        peer.Shutdown(SocketShutdown.Send);
        rig.PumpUntilTold("ended");

        Assert.That(received, Is.EqualTo(new byte[] { 1, 2, 3 }));
        Assert.That(end, Is.Zero);
        Assert.That(rig.Received[Flow].ToArray(), Is.EqualTo(new byte[] { 4, 5 }));
        Assert.That(rig.Told, Is.EqualTo(new[] { $"connected {Flow}", $"ended {Flow}" }));
    }

    [Test]
    public void The_hosts_end_alone_leaves_the_way_out_open()
    {
        using var rig = new SocketDoorRig();
        using var peer = Connect(rig);
        rig.Door.GrantTcp(Flow, 100);

        peer.Shutdown(SocketShutdown.Send);
        rig.PumpUntilTold("ended");
        rig.Door.SendTcp(Flow, [7]);

        Assert.That(ReceiveExactly(peer, 1), Is.EqualTo(new byte[] { 7 }));
    }

    [Test]
    public void A_peer_that_resets_is_told_once_and_the_flow_is_over()
    {
        using var rig = new SocketDoorRig();
        using var peer = Connect(rig);
        rig.Door.GrantTcp(Flow, 100);

        peer.LingerState = new LingerOption(true, 0);
        peer.Close();
        rig.PumpUntilTold("reset");
        rig.Door.SendTcp(Flow, [1]);
        Thread.Sleep(20);
        rig.Pump();

        Assert.That(rig.Told, Is.EqualTo(new[] { $"connected {Flow}", $"reset {Flow}" }));
        Assert.That(rig.OpenFlows, Is.Zero);
    }

    [Test]
    public void Closing_a_connection_that_is_not_complete_resets_it()
    {
        using var rig = new SocketDoorRig();
        using var peer = Connect(rig);

        rig.Door.Close(Flow);

        Assert.That(
            () => peer.Receive(new byte[1]),
            Throws.TypeOf<SocketException>().With.Property("SocketErrorCode").EqualTo(SocketError.ConnectionReset));
    }

    [Test]
    public void What_is_under_way_arrives_even_if_the_complete_connection_is_closed_at_once()
    {
        using var rig = new SocketDoorRig();
        using var peer = Connect(rig);
        rig.Door.GrantTcp(Flow, 100);
        peer.Shutdown(SocketShutdown.Send);
        rig.PumpUntilTold("ended");
        byte[] data = Noise(IHostDoor.SendBufferBytes);

        rig.Door.SendTcp(Flow, data);
        rig.Door.EndTcp(Flow);
        rig.Door.Close(Flow);

        Assert.That(ReceiveExactly(peer, data.Length), Is.EqualTo(data));
        Assert.That(peer.Receive(new byte[1]), Is.Zero, "a clean end");
    }

    [Test]
    public void Closing_a_connection_that_is_still_being_made_is_harmless()
    {
        using var rig = new SocketDoorRig();
        using var server = Server(out int port);

        for (int i = 0; i < 50; i++)
        {
            rig.Door.ConnectTcp(Flow, SocketDoorRig.Loopback(port));
            rig.Door.Close(Flow);
        }

        rig.Pump();
        Assert.That(rig.Told, Is.Empty);
        Assert.That(rig.OpenFlows, Is.Zero);
    }

    [Test]
    public void A_forwarded_port_hands_over_each_connection()
    {
        using var rig = new SocketDoorRig();
        int port = SocketDoorRig.FreePort();
        rig.Door.Listen(Listener, HostProtocol.Tcp, SocketDoorRig.Loopback(port));
        using var first = Client(port);
        using var second = Client(port);

        rig.PumpUntil(() => rig.Told.Count == 2, "two connections");
        rig.Door.GrantTcp(100, 10);
        rig.Door.GrantTcp(101, 10);
        first.Send([1]);
        second.Send([2]);
        rig.PumpUntil(() => rig.Received.Count == 2, "a byte of each");
        rig.Door.SendTcp(100, [3]);

        Assert.That(rig.Told[0], Is.EqualTo($"accepted {Listener} from 127.0.0.1"));
        Assert.That(rig.Received[100].ToArray(), Is.EqualTo(new byte[] { 1 }));
        Assert.That(ReceiveExactly(first, 1), Is.EqualTo(new byte[] { 3 }));
        Assert.That(rig.OpenFlows, Is.EqualTo(2));
    }

    [Test]
    public void A_connection_that_the_network_does_not_want_is_reset()
    {
        using var rig = new SocketDoorRig { NextFlow = -1 };
        int port = SocketDoorRig.FreePort();
        rig.Door.Listen(Listener, HostProtocol.Tcp, SocketDoorRig.Loopback(port));
        using var client = Client(port);

        rig.PumpUntilTold("accepted");

        Assert.That(
            () => client.Receive(new byte[1]),
            Throws.TypeOf<SocketException>().With.Property("SocketErrorCode").EqualTo(SocketError.ConnectionReset));
    }

    [Test]
    public void A_listening_port_makes_an_idle_guest_no_hung_one()
    {
        using var rig = new SocketDoorRig();
        bool before = rig.IsLive;

        rig.Door.Listen(Listener, HostProtocol.Tcp, SocketDoorRig.Loopback(SocketDoorRig.FreePort()));

        Assert.That((before, rig.IsLive, rig.OpenFlows), Is.EqualTo((false, true, 0)));
    }

    [Test]
    public void A_port_in_use_and_a_foreign_address_are_told_in_one_clause()
    {
        using var rig = new SocketDoorRig();
        using var server = Server(out int port);
        var documentation = new HostEndpoint(new RiscvXv6.Devices.Net.Wire.IPv4Address(0xc000_0201), 80);

        Assert.That(
            () => rig.Door.Listen(Listener, HostProtocol.Tcp, SocketDoorRig.Loopback(port)),
            Throws.TypeOf<HostPortException>().With.Message.EqualTo($"port {port} of 127.0.0.1 is in use"));

        // RFC 5737 "Documentation Address Blocks": 192.0.2.1 is nobody's, and nothing is sent.
        Assert.That(
            () => rig.Door.Listen(Listener, HostProtocol.Tcp, documentation),
            Throws.TypeOf<HostPortException>().With.Message.EqualTo("192.0.2.1 is no address of this host"));
    }

    [Test]
    public void A_port_is_free_again_when_the_door_is_disposed()
    {
        int port = SocketDoorRig.FreePort();
        for (int run = 0; run < 2; run++)
        {
            using var rig = new SocketDoorRig();
            rig.Door.Listen(Listener, HostProtocol.Tcp, SocketDoorRig.Loopback(port));
            using var client = Client(port);
            rig.PumpUntilTold("accepted");
        }
    }

    [Test]
    public void A_host_that_floods_is_held_back_while_the_machine_does_not_handle_messages()
    {
        using var rig = new SocketDoorRig();
        using var server = Server(out int port);
        var peers = new List<Socket>();
        for (int i = 0; i < 16; i++)
        {
            rig.Door.ConnectTcp(Flow + i, SocketDoorRig.Loopback(port));
            peers.Add(server.Accept());
            rig.Door.GrantTcp(Flow + i, 1 << 20);
        }

        var flood = peers.Select(peer => Task.Run(() => peer.Send(new byte[1 << 20]))).ToArray();
        int held = HeldWhenNoMoreComes(rig);
        rig.PumpUntil(() => rig.Received.Count == 16 && rig.Received.Values.All(r => r.Length == 1 << 20), "all of it");
        Task.WaitAll(flood, 10_000);
        peers.ForEach(peer => peer.Dispose());

        Assert.That(held, Is.InRange(1 << 20, 10 << 20), "16 MiB were granted and are on their way");
    }

    /// <summary>What waits for the machine when it has not grown for a third of a second: the flood has come as far as it is let.</summary>
    private static int HeldWhenNoMoreComes(SocketDoorRig rig)
    {
        var watch = Stopwatch.StartNew();
        var unchanged = Stopwatch.StartNew();
        int held = 0;
        while (held == 0 || unchanged.ElapsedMilliseconds < 300)
        {
            Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(20)), "the flood never comes to rest");
            Thread.Sleep(10);
            if (rig.PendingBytes != held)
            {
                held = rig.PendingBytes;
                unchanged.Restart();
            }
        }

        return held;
    }

    [Test]
    public void A_door_with_everything_under_way_is_disposed_promptly_and_silently()
    {
        using var server = Server(out int port);
        var rig = new SocketDoorRig();
        for (int i = 0; i < 20; i++)
        {
            rig.Door.ConnectTcp(Flow + i, SocketDoorRig.Loopback(port));
            rig.Door.SendTcp(Flow + i, new byte[100_000]);
            rig.Door.GrantTcp(Flow + i, 100);
        }

        var watch = System.Diagnostics.Stopwatch.StartNew();
        rig.Dispose();

        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(2)));
        Assert.That(rig.OpenFlows, Is.Zero);
    }

    [Test]
    public void A_recorded_run_repeats_without_sockets()
    {
        using var rig = new SocketDoorRig();
        int port = SocketDoorRig.FreePort();
        rig.Door.Listen(Listener, HostProtocol.Tcp, SocketDoorRig.Loopback(port));
        using var client = Client(port);
        rig.PumpUntilTold("accepted");
        rig.Door.GrantTcp(100, 10);
        client.Send([1, 2]);
        client.Shutdown(SocketShutdown.Send);
        rig.PumpUntilTold("ended");

        using var again = new SocketDoorRig(isReplay: true);
        again.Door.Listen(Listener, HostProtocol.Tcp, SocketDoorRig.Loopback(port));
        again.Replay(rig.Recorded);

        Assert.That(again.Told, Is.EqualTo(rig.Told));
        Assert.That(again.Received[100].ToArray(), Is.EqualTo(new byte[] { 1, 2 }));
    }

    [Test]
    public void Messages_that_are_noise_are_survived()
    {
        using var rig = new SocketDoorRig(isReplay: true);
        var random = new Random(4);
        rig.Door.ConnectTcp(Flow, SocketDoorRig.Loopback(1));
        for (int i = 0; i < 100_000; i++)
        {
            byte[] message = new byte[random.Next(24)];
            random.NextBytes(message);
            if (message.Length > 5)
            {
                message[0] %= 14;
                message.AsSpan(1, 4).Clear();
                message[1] = 2;
            }

            rig.Replay([message]);
            if (rig.Told.Count > 0 && i % 100 == 0)
            {
                rig.Told.Clear();
                rig.Door.ConnectTcp(Flow, SocketDoorRig.Loopback(1));
            }
        }

        Assert.That(rig.OpenFlows, Is.InRange(0, 100_000));
    }

    private static Socket Connect(SocketDoorRig rig)
    {
        using var server = Server(out int port);
        rig.Door.ConnectTcp(Flow, SocketDoorRig.Loopback(port));
        rig.PumpUntilTold("connected");
        var peer = server.Accept();
        peer.ReceiveTimeout = 10_000;
        return peer;
    }

    private static Socket Server(out int port)
    {
        var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        server.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        server.Listen(128);
        port = ((IPEndPoint)server.LocalEndPoint!).Port;
        return server;
    }

    private static Socket Client(int port)
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 10_000 };
        client.Connect(IPAddress.Loopback, port);
        return client;
    }

    private static byte[] Noise(int length)
    {
        byte[] data = new byte[length];
        new Random(length).NextBytes(data);
        return data;
    }

    private static byte[] ReceiveExactly(Socket socket, int length)
    {
        byte[] data = new byte[length];
        for (int at = 0; at < length;)
        {
            int count = socket.Receive(data.AsSpan(at));
            Assert.That(count, Is.Positive, $"the connection ended after {at} bytes");
            at += count;
        }

        return data;
    }
}
