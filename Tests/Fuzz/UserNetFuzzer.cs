using RiscvXv6.Devices.Net;
using RiscvXv6.Devices.Net.UserNet;
using RiscvXv6.Devices.Net.Wire;
using RiscvXv6.Devices.Timing;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Fuzz;

/// <summary>
/// Throws mutated packets at a user network, while a played host answers, refuses, connects and hangs up at random, and
/// time passes. What must hold: no exception, every frame toward the guest is sound, the door's contract is kept, what
/// is open stays bounded, and after a reset and some time nothing is left open or scheduled.
/// </summary>
internal sealed class UserNetFuzzer
{
    /// <summary>256 of UDP, 32 pings, 64 queries and 1024 connections.</summary>
    private const int FlowsMax = 256 + 32 + 64 + 1024;

    private readonly GuestClock _clock = new();
    private readonly EventScheduler _scheduler;
    private readonly FakeHostDoor _door = new() { Keeps = false };
    private readonly UserNetwork _user;
    private readonly INetworkBackend _network;
    private readonly NetGuest _guest;
    private readonly Random _random;
    private readonly UserNetCorpus _corpus;
    private readonly NoiseFiles _files = new();
    private ulong _hash = 14_695_981_039_346_656_037;

    /// <param name="seed">Of all chance.</param>
    /// <param name="wrap">What to put before the network, for a network that is to fail.</param>
    public UserNetFuzzer(int seed, Func<INetworkBackend, INetworkBackend>? wrap = null)
    {
        _random = new Random(seed);
        _corpus = new UserNetCorpus(_random);
        _scheduler = new EventScheduler(_clock);
        var any = new HostEndpoint(IPv4Address.Any, 2000);
        _user = new UserNetwork(
            new UserNetOptions
            {
                IsRestricted = seed % 4 == 3,
                TftpFiles = _files,
                BootFile = "kernel",
                DnsHosts = [new DnsHost("host.example", Packets.Address("192.0.2.7"))],
                Resolver = seed % 2 == 0 ? new HostEndpoint(Packets.Address("192.0.2.53"), 53) : null,
                Forwards =
                [
                    new PortForward(HostProtocol.Udp, new HostEndpoint(IPv4Address.Loopback, 1), any),
                    new PortForward(HostProtocol.Tcp, new HostEndpoint(IPv4Address.Loopback, 2), any with { Port = 22 }),
                ],
                GuestForwards = [new GuestForward(new HostEndpoint(Packets.Address("10.0.2.100"), 80), new HostEndpoint(IPv4Address.Loopback, 3))],
            },
            _clock, _scheduler, _door);
        _network = wrap?.Invoke(_user) ?? _user;
        _guest = new NetGuest(_network) { Keeps = false, Observer = Observe };
        _door.Answer = sent => _random.Next(3) == 0 ? null : Answer(sent.Payload);
    }

    public long FramesToGuest => _guest.FrameCount;

    /// <summary>What the network did, in one number: two runs from one seed are the same.</summary>
    public ulong Hash => _hash;

    public UserNetCounters Counters => _user.Counters;

    public int FilesOpened => _files.Opened;

    public int FlowsMaxSeen => _door.OpenFlowsMax;

    public long ConnectionsSeen { get; private set; }

    public void Run(int frames)
    {
        for (int i = 0; i < frames; i++)
        {
            byte[] frame = _corpus.Next();
            _network.Send(frame, new FrameInfo(_random.Next(100) == 0 ? FrameFlags.BadFcs : FrameFlags.None));
            _door.Deliver();
            if (_random.Next(4) == 0)
            {
                LetHostAct();
            }

            if (_random.Next(20) == 0)
            {
                Advance((ulong)_random.Next(_random.Next(50) == 0 ? 300_000 : 50));
            }

            if (_random.Next(5_000) == 0)
            {
                ResetAndExpectNothing();
            }

            Expect(_door.OpenFlows <= FlowsMax, $"{_door.OpenFlows} flows are open");
            Expect(_files.Open <= 16, $"{_files.Open} files are open");
        }

        ResetAndExpectNothing();
    }

    private static void Expect(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new FuzzFailureException(otherwise);
        }
    }

    private void ResetAndExpectNothing()
    {
        _network.Reset();
        _door.Deliver();
        Expect(_door.OpenFlows == 0, $"{_door.OpenFlows} flows are open after a reset");
        Expect(_files.Open == 0, $"{_files.Open} files are open after a reset");
        Advance(600_000);
        Expect(_scheduler.NextDeadlineCycles == EventScheduler.Never, "something is still scheduled long after a reset");
    }

    private void LetHostAct()
    {
        var peer = new HostEndpoint(_random.Next(2) == 0 ? IPv4Address.Loopback : new IPv4Address((uint)_random.Next()), (ushort)_random.Next(1, 65_536));
        switch (_random.Next(4))
        {
            case 0:
                _door.ReceiveUdp(0, peer, new byte[_random.Next(_random.Next(10) == 0 ? 65_508 : 1000)]);
                return;
            case 1:
                if (_door.Accept(_door.ListenerAt(HostProtocol.Tcp, 2), peer) >= 0)
                {
                    ConnectionsSeen++;
                }

                return;
            default:
                var flows = _door.OpenFlowNumbers;
                if (flows.Count > 0)
                {
                    ActOn(flows[_random.Next(flows.Count)], peer);
                }

                return;
        }
    }

    private void ActOn(int flow, HostEndpoint peer)
    {
        if (flow < TcpRelay.FirstFlow)
        {
            if (flow >= 0x2_0000 && flow < 0x3_0000)
            {
                _door.Events.EchoReplied(flow, peer.Address, (ushort)_random.Next(65_536), new byte[_random.Next(100)]);
                return;
            }

            switch (_random.Next(2))
            {
                case 0:
                    _door.ReceiveUdp(flow, peer, new byte[_random.Next(600)]);
                    return;
                default:
                    _door.Events.UdpRefused(flow, peer);
                    return;
            }
        }

        switch (_random.Next(8))
        {
            case 0:
                _door.ResetTcp(flow);
                return;
            case 1 when _door.Granted.GetValueOrDefault(flow) == 0 && _door.TcpBytes[flow].Count == 0:
                _door.Fail(flow, (HostFailure)_random.Next(3));
                return;
            case 2:
                _door.Events.TcpEnded(flow);
                return;
            case < 6 when _door.Granted.GetValueOrDefault(flow) is > 0 and var granted:
                _door.ReceiveTcp(flow, new byte[_random.Next(1, (int)Math.Min(granted, 5000) + 1)]);
                return;
            default:
                if (_door.TcpBytes[flow].Count > 0)
                {
                    int taken = _random.Next(1, _door.TcpBytes[flow].Count + 1);
                    _door.TcpBytes[flow].RemoveRange(0, taken);
                    _door.Events.TcpSent(flow, taken);
                }
                else if (_door.Granted.GetValueOrDefault(flow) == 0)
                {
                    ConnectionsSeen++;
                    _door.Events.TcpConnected(flow);
                }

                return;
        }
    }

    private byte[] Answer(byte[] sent)
    {
        byte[] answer = [.. sent];
        if (answer.Length > 2)
        {
            answer[2] |= 0x80; // So that some pass for answers of DNS.
        }

        return answer;
    }

    private void Advance(ulong milliseconds)
    {
        ulong end = _clock.NowCycles + milliseconds * (_clock.CyclesPerSecond / 1000);
        for (int events = 0; _scheduler.NextDeadlineCycles <= end; events++)
        {
            Expect(events < 1_000_000, "time does not go on");
            _clock.AdvanceTo(Math.Max(_clock.NowCycles, _scheduler.NextDeadlineCycles));
            _scheduler.RunDue();
        }

        _clock.AdvanceTo(end);
    }

    private void Observe(bool isFromGuest, byte[] frame)
    {
        if (!isFromGuest)
        {
            _corpus.Note(frame);
            foreach (byte one in frame)
            {
                _hash = (_hash ^ one) * 1_099_511_628_211;
            }
        }
    }

    private sealed class NoiseFiles : ITftpFiles
    {
        public int Open { get; private set; }

        public int Opened { get; private set; }

        ITftpFile? ITftpFiles.Open(string name)
        {
            if (name != "kernel")
            {
                return null;
            }

            Open++;
            Opened++;
            return new OpenFile(this);
        }

        private sealed class OpenFile(NoiseFiles files) : ITftpFile
        {
            public long SizeBytes => 3000;

            public int Read(long offsetBytes, Span<byte> destination) =>
                offsetBytes < 0 || offsetBytes + destination.Length > SizeBytes ? -1 : destination.Length;

            public void Dispose() => files.Open--;
        }
    }
}
