using NUnit.Framework;
using RiscvXv6.Devices.Net.UserNet;
using static RiscvXv6.Tests.Devices.Net.UserNet.TcpRig;

namespace RiscvXv6.Tests.Devices.Net.UserNet;

/// <summary>
/// A guest, a host and a clock that do anything at all. Whatever they do: no exception, no end to the run's events missing, no more
/// connections than there are places, no byte handed over beyond what the door takes, and the door's contract kept (the fake door judges).
/// </summary>
internal sealed class TcpFuzzTests
{
    private const int Steps = 110_000;

    [TestCase(1)]
    [TestCase(2)]
    public void Random_segments_hosts_and_times_are_survived(int seed)
    {
        var rig = new TcpRig { Keeps = false };
        rig.Relay.Listen(RigPort(2_222), new HostEndpoint(GuestAddress, 22));
        var fuzzer = new Fuzzer(rig, new Random(seed));
        int mostConnections = 0;
        for (int step = 0; step < Steps; step++)
        {
            fuzzer.Step();
            mostConnections = Math.Max(mostConnections, rig.Relay.ConnectionCount);
        }

        long memory = GC.GetTotalMemory(forceFullCollection: true);
        TestContext.Out.WriteLine(
            $"seed {seed}: {rig.Relay.Statistics.ConnectionsOpened} opened, {rig.Relay.Statistics.ConnectionsAccepted} accepted, "
            + $"{fuzzer.Established} times established, {rig.Relay.Statistics.SegmentsOutOfOrder} out of order, "
            + $"{rig.Relay.Statistics.SegmentsRetransmitted} sent again, at most {mostConnections} at a time");
        Assert.That(mostConnections, Is.LessThanOrEqualTo(TcpRelay.ConnectionsMax));
        Assert.That(fuzzer.Established, Is.GreaterThan(700), "the fuzzer is too wild to reach the depths");
        Assert.That(rig.Relay.Statistics.SegmentsOutOfOrder, Is.GreaterThan(100));
        Assert.That(memory, Is.LessThan(1L << 30));

        // Whatever state it is in, silence ends everything that the guest does not keep open, and a reset the rest.
        rig.Relay.Reset();
        Assert.That(rig.Relay.ConnectionCount, Is.Zero);
        Assert.That(rig.Door.OpenFlows, Is.Zero);
    }

    [Test]
    public void Bytes_that_are_no_segments_are_survived()
    {
        var rig = new TcpRig();
        var random = new Random(3);
        for (int i = 0; i < 100_000; i++)
        {
            byte[] bytes = new byte[random.Next(80)];
            random.NextBytes(bytes);
            rig.Raw(random.Next(2) == 0 ? Gateway : Outside, bytes);
        }

        Assert.That(rig.Relay.Statistics.SegmentsMalformed, Is.GreaterThan(90_000));
        Assert.That(rig.Relay.ConnectionCount, Is.LessThan(20), "of 65,536 checksums one is right by chance");
    }

    [Test]
    public void The_harness_notices_a_door_whose_contract_is_broken()
    {
        // The negative control: the judge of every step is the fake door.
        var rig = new TcpRig();
        rig.Establish();
        int flow = rig.Flow;
        rig.Door.EndTcp(flow);

        Assert.That(() => rig.Say([1], Ack | Psh), Throws.TypeOf<AssertionException>().With.Message.Contains("bytes behind the end"));
    }

    private static HostEndpoint RigPort(int port) =>
        new(RiscvXv6.Devices.Net.Wire.IPv4Address.Loopback, (ushort)port);

    /// <summary>Mostly plausible: numbers near those of a real connection, so that the state machine's depths are reached.</summary>
    private sealed class Fuzzer(TcpRig rig, Random random)
    {
        private const int Ports = 12;

        private readonly byte[] _data = Noise(1_460);

        public int Established { get; private set; }

        public void Step()
        {
            switch (random.Next(16))
            {
                case < 8:
                    Segment();
                    break;
                case < 11:
                    Host();
                    break;
                case 11:
                    rig.Advance(random.Next(8) == 0 ? random.Next(5_000) : random.Next(50));
                    break;
                case 12:
                    rig.UsesRoom = random.Next(3) == 0;
                    rig.RoomFrames = random.Next(6);
                    rig.Relay.RoomAvailable();
                    break;
                case 13:
                    rig.RoomFrames = 1_000;
                    rig.Relay.RoomAvailable();
                    break;
                case 14:
                    rig.Door.Accept(rig.Door.ListenerAt(HostProtocol.Tcp, 2_222), RigPort(50_000 + random.Next(4)));
                    break;
                default:
                    Handshake();
                    break;
            }
        }

        private void Handshake()
        {
            int port = 100 + random.Next(Ports);
            uint isn = (uint)random.Next();
            if (random.Next(2) == 0 && rig.Numbers.TryGetValue(port, out var numbers))
            {
                rig.Segment(Rst, numbers.Mine, fromPort: port);
            }

            byte[] options = SynOptions(random.Next(65_536), random.Next(20) - 1);
            rig.Segment(Syn, isn, window: random.Next(65_536), options: options, fromPort: port);
            if (rig.Relay.StateOf(Endpoints(guestPort: port)) == TcpState.Connecting && random.Next(4) != 0)
            {
                rig.Door.Events.TcpConnected(rig.Flow);
                rig.Segment(Ack, isn + 1, rig.Numbers[port].Theirs, window: random.Next(65_536), fromPort: port);
                Established += rig.Relay.StateOf(Endpoints(guestPort: port)) == TcpState.Established ? 1 : 0;
            }
        }

        private void Segment()
        {
            bool isForward = random.Next(8) == 0;
            int port = isForward ? 22 : 100 + random.Next(Ports);
            var (theirs, mine) = rig.Numbers.GetValueOrDefault(port);
            int flags = random.Next(8) == 0 ? random.Next(64) : Ack | (random.Next(4) == 0 ? Psh : 0) | (random.Next(30) == 0 ? Fin : 0);
            int length = random.Next(3) == 0 ? random.Next(1_461) : 0;
            uint sequence = mine + (random.Next(3) == 0 ? (uint)random.Next(-3_000, 3_000) : 0);
            uint acknowledgement = theirs + (random.Next(3) == 0 ? (uint)random.Next(-3_000, 3_000) : 0);
            rig.Segment(
                isForward && random.Next(3) == 0 ? flags | Syn : flags, sequence, acknowledgement, _data[..length],
                random.Next(4) == 0 ? 0 : random.Next(65_536), random.Next(20) == 0 ? SynOptions(random.Next(3_000), 3) : null,
                toPort: isForward ? 50_000 + random.Next(4) : RemotePort, fromPort: port);
        }

        private void Host()
        {
            int flow = TcpRelay.FirstFlow + random.Next(Ports + 4);
            if (!rig.Door.TcpBytes.ContainsKey(flow) || !rig.Door.IsOpen(flow))
            {
                return;
            }

            switch (random.Next(12))
            {
                case 0:
                    rig.Door.Events.TcpConnected(flow);
                    break;
                case 1:
                    rig.Door.Fail(flow, (HostFailure)random.Next(3));
                    break;
                case 2:
                    rig.Door.ResetTcp(flow);
                    break;
                case 3:
                    rig.Door.Events.TcpEnded(flow);
                    break;
                case < 6:
                    rig.Door.Events.TcpSent(flow, random.Next(-10, 100_000));
                    rig.Door.TcpBytes[flow].Clear();
                    break;
                default:
                    int granted = (int)Math.Min(rig.Door.Granted.GetValueOrDefault(flow), 20_000);
                    rig.Door.ReceiveTcp(flow, new byte[random.Next(granted + 1)]);
                    break;
            }
        }
    }
}
