using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using NUnit.Framework;
using RiscvXv6.Devices.Net.UserNet;
using RiscvXv6.Devices.Net.Wire;
using RiscvXv6.Devices.Timing;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Devices.Net.UserNet;

/// <summary>A guest's TCP through the user network and real sockets of 127.0.0.1, on a network that is restricted but for its forwards.</summary>
internal sealed class SocketDoorNetworkTests
{
    private const int Bytes = 2_000_000;

    [Test]
    public void A_transfer_each_way_passes_through_a_real_socket_whole()
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        byte[] toHost = TcpRig.Noise(Bytes);
        byte[] toGuest = TcpRig.Noise(Bytes + 1);
        var peer = Task.Run(() => Serve(server, toGuest));
        using var world = new SocketWorld(((IPEndPoint)server.LocalEndpoint).Port);

        world.Guest.Connect(80, toHost);
        world.RunUntil(() => world.Guest.IsDone || world.Guest.IsReset);

        Assert.That(world.Guest.IsReset, Is.False);
        Assert.That(peer.Result, Is.EqualTo(toHost));
        Assert.That(world.Guest.Received.ToArray(), Is.EqualTo(toGuest));
        world.RunUntil(() => world.Channels.OpenFlows == 0);
    }

    [Test]
    public void A_port_where_nobody_listens_resets_the_guest()
    {
        using var world = new SocketWorld(SocketDoorRig.FreePort());

        world.Guest.Connect(80, []);
        world.RunUntil(() => world.Guest.IsReset);

        Assert.That(world.Network.TcpStatistics.ConnectionsRefused, Is.EqualTo(1));
        Assert.That(world.Channels.OpenFlows, Is.Zero);
    }

    [Test]
    public void A_peer_that_reads_slowly_slows_the_guest_down_and_loses_nothing()
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Server.ReceiveBufferSize = 262_144;
        server.Start();
        byte[] toHost = TcpRig.Noise(3 * Bytes);
        using var gate = new ManualResetEventSlim();
        var peer = Task.Run(() => Serve(server, [], gate));
        using var world = new SocketWorld(((IPEndPoint)server.LocalEndpoint).Port);

        world.Guest.Connect(80, toHost);
        world.RunFor(TimeSpan.FromMilliseconds(500));
        bool waited = !world.Guest.IsDone;
        gate.Set();
        world.RunUntil(() => world.Guest.IsDone || world.Guest.IsReset);

        Assert.That(waited, Is.True, "nobody has read yet");
        Assert.That(peer.Result, Is.EqualTo(toHost));
    }

    private static byte[] Serve(TcpListener server, byte[] answer, ManualResetEventSlim? gate = null)
    {
        using var connection = server.AcceptSocket();
        connection.ReceiveTimeout = connection.SendTimeout = 30_000;
        gate?.Wait(30_000);
        var sending = Task.Run(() =>
        {
            for (int at = 0; at < answer.Length;)
            {
                at += connection.Send(answer.AsSpan(at));
            }

            connection.Shutdown(SocketShutdown.Send);
        });
        var received = new MemoryStream();
        byte[] buffer = new byte[65_536];
        for (int count = connection.Receive(buffer); count > 0; count = connection.Receive(buffer))
        {
            received.Write(buffer, 0, count);
        }

        sending.Wait();
        return received.ToArray();
    }

    /// <summary>The guest's port 80 of its gateway leads to a port of 127.0.0.1, and nothing else leads anywhere.</summary>
    private sealed class SocketWorld : IDisposable
    {
        private readonly GuestClock _clock = new();
        private readonly EventScheduler _scheduler;

        public SocketWorld(int port)
        {
            _scheduler = new EventScheduler(_clock);
            var target = new HostEndpoint(IPv4Address.Loopback, (ushort)port);
            var options = new UserNetOptions
            {
                IsRestricted = true,
                GuestForwards = [new GuestForward(new HostEndpoint(Packets.Address("10.0.2.2"), 80), target)],
            };
            Network = new UserNetwork(options, _clock, _scheduler, new SocketDoor(Channels, "net0"));
            Guest = new LineGuest(_clock, _scheduler);
            Guest.Cable.Plug(Network);
        }

        public PumpedChannels Channels { get; } = new();

        public UserNetwork Network { get; }

        public LineGuest Guest { get; }

        /// <summary>As a machine does that follows the wall: what is due in virtual time, then what the host sent.</summary>
        public void RunUntil(Func<bool> condition)
        {
            var watch = Stopwatch.StartNew();
            ulong start = _clock.NowCycles;
            while (!condition())
            {
                Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(60)), "the wall's minute is over");
                ulong wall = start + (ulong)watch.Elapsed.TotalNanoseconds;
                while (_scheduler.NextDeadlineCycles <= wall)
                {
                    _clock.AdvanceTo(Math.Max(_clock.NowCycles, _scheduler.NextDeadlineCycles));
                    _scheduler.RunDue();
                    Channels.Pump();
                }

                _clock.AdvanceTo(Math.Max(_clock.NowCycles, wall));
                Channels.Pump();
            }
        }

        public void RunFor(TimeSpan time)
        {
            var watch = Stopwatch.StartNew();
            RunUntil(() => watch.Elapsed > time);
        }

        public void Dispose() => Network.Dispose();
    }
}
