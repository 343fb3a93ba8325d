using RiscvXv6.Devices.Net.UserNet;
using RiscvXv6.Devices.Net.Wire;
using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Devices.Net.Peers;

/// <summary>
/// A door with peers beside it: services inside the process at the host's own address, which answer in guest time, the same way in every
/// run and without any socket. All else goes through the door behind, if there is one and it is not restricted.
/// </summary>
public sealed class PeerDoor : IHostDoor
{
    /// <summary>One way, between the user network and a peer.</summary>
    public const ulong UsualLatencyNanoseconds = 50_000;

    /// <summary>Preamble, Ethernet header, frame check sequence and gap; IPv4 and UDP headers.</summary>
    private const int WireOverheadBytes = 8 + 14 + 4 + 12 + 20 + 8;

    /// <summary>At 1 Gb/s.</summary>
    private const ulong WireNanosecondsPerByte = 8;

    private readonly IHostDoor? _inner;
    private readonly bool _isRestricted;
    private readonly IGuestClock _clock;
    private readonly ulong _latencyCycles;
    private readonly ScheduledEvent _due;
    private readonly Dictionary<ushort, IPeerService> _services = [];
    private readonly Dictionary<ushort, int> _forwarded = [];
    private readonly HashSet<int> _listeners = [];
    private readonly HashSet<int> _unopenedFlows = [];
    private readonly Dictionary<int, PeerStream> _streams = [];
    private readonly PriorityQueue<PeerTask, (ulong Cycle, ulong Order)> _tasks = new();
    private readonly Stack<PeerTask> _spare = [];
    private PeerTask? _running;
    private ulong _order;
    private IHostDoorEvents? _events;

    /// <param name="inner">What is behind; null for nothing.</param>
    /// <param name="isRestricted">Nothing but forwarded ports is let through to <paramref name="inner"/>.</param>
    /// <param name="peers">The services. Of two on one port the later counts.</param>
    /// <param name="clock">Of the guest.</param>
    /// <param name="scheduler">Of the guest.</param>
    /// <param name="latencyNanoseconds">One way, in guest time.</param>
    public PeerDoor(
        IHostDoor? inner,
        bool isRestricted,
        IEnumerable<PeerOptions> peers,
        IGuestClock clock,
        EventScheduler scheduler,
        ulong latencyNanoseconds = UsualLatencyNanoseconds)
    {
        _inner = inner;
        _isRestricted = isRestricted;
        _clock = clock;
        _latencyCycles = Cycles(latencyNanoseconds);
        _due = scheduler.Create("peers", RunDue);
        foreach (var peer in peers)
        {
            _services[peer.Port] = PeerCatalog.Create(peer);
        }
    }

    private IHostDoorEvents Events => _events!;

    private IHostDoor? Outside => _isRestricted ? null : _inner;

    public void Attach(IHostDoorEvents events)
    {
        _events = events;
        _inner?.Attach(events);
    }

    public void Listen(int listener, HostProtocol protocol, HostEndpoint local)
    {
        _listeners.Add(listener);
        if (protocol == HostProtocol.Udp)
        {
            _forwarded[local.Port] = listener;
        }

        _inner?.Listen(listener, protocol, local);
    }

    public void OpenUdp(int flow)
    {
        // The door behind hears of the flow when something is sent through it: no port of the host is taken for a peer's sake.
        _unopenedFlows.Add(flow);
    }

    public void SendUdp(int flow, HostEndpoint to, ReadOnlySpan<byte> payload)
    {
        bool isListener = _listeners.Contains(flow);
        if (ServiceAt(to) is { SpeaksUdp: true } service)
        {
            // What a forwarded port says back to a peer is no question, or two that echo would never end.
            if (!isListener && service.Answer(payload) is { Count: > 0 } answer
                && (answer.Port == 0 || _forwarded.TryGetValue(answer.Port, out flow)))
            {
                Post(PeerTaskKind.Datagram, flow, to.Port, 2 * _latencyCycles).Take(payload, answer);
            }
        }
        else if (isListener)
        {
            _inner?.SendUdp(flow, to, payload);
        }
        else if (Outside is { } outside)
        {
            if (_unopenedFlows.Remove(flow))
            {
                outside.OpenUdp(flow);
            }

            outside.SendUdp(flow, to, payload);
        }
    }

    public void ConnectTcp(int flow, HostEndpoint to)
    {
        if (ServiceAt(to) is { SpeaksTcp: true } service)
        {
            _streams[flow] = new PeerStream(flow, service.Accept());
            Post(PeerTaskKind.Connected, flow, to.Port, 2 * _latencyCycles);
        }
        else if (Outside is { } outside)
        {
            outside.ConnectTcp(flow, to);
        }
        else
        {
            _streams[flow] = new PeerStream(flow, null);
            Post(PeerTaskKind.Refused, flow, to.Port, 2 * _latencyCycles);
        }
    }

    public void SendTcp(int flow, ReadOnlySpan<byte> data)
    {
        if (_streams.TryGetValue(flow, out var stream))
        {
            stream.Pending.Write(data[..Math.Min(data.Length, stream.Pending.Room)]);
            PumpSoon(stream);
        }
        else
        {
            _inner?.SendTcp(flow, data);
        }
    }

    public void GrantTcp(int flow, int bytes)
    {
        if (_streams.TryGetValue(flow, out var stream))
        {
            stream.GrantedBytes += bytes;
            PumpSoon(stream);
        }
        else
        {
            _inner?.GrantTcp(flow, bytes);
        }
    }

    public void EndTcp(int flow)
    {
        if (_streams.TryGetValue(flow, out var stream))
        {
            stream.IsGuestDone = true;
            PumpSoon(stream);
        }
        else
        {
            _inner?.EndTcp(flow);
        }
    }

    public void SendEcho(int flow, IPv4Address to, ushort sequence, ReadOnlySpan<byte> payload)
    {
        Outside?.SendEcho(flow, to, sequence, payload);
    }

    public void Close(int flow)
    {
        if (_streams.Remove(flow, out var stream))
        {
            stream.IsClosed = true;
        }
        else if (!_unopenedFlows.Remove(flow))
        {
            _inner?.Close(flow);
        }

        foreach (var (task, _) in _tasks.UnorderedItems)
        {
            task.CancelIfOf(flow);
        }

        _running?.CancelIfOf(flow);
    }

    public void Dispose()
    {
        _due.Cancel();
        _inner?.Dispose();
    }

    private IPeerService? ServiceAt(HostEndpoint to) =>
        to.Address == IPv4Address.Loopback && _services.TryGetValue(to.Port, out var service) ? service : null;

    private ulong Cycles(ulong nanoseconds) => _clock.CyclesOf(nanoseconds * 1000);

    /// <summary>As often as asked for, and no faster than the wire could carry it.</summary>
    private ulong IntervalCycles(in DatagramAnswer answer) => Cycles(Math.Max(
        answer.IntervalNanoseconds, (ulong)(answer.SizeBytes + WireOverheadBytes) * WireNanosecondsPerByte));

    private PeerTask Post(PeerTaskKind kind, int flow, ushort port, ulong delayCycles)
    {
        if (!_spare.TryPop(out var task))
        {
            task = new PeerTask();
        }

        task.Begin(kind, flow, port);
        Enqueue(task, delayCycles);
        return task;
    }

    private void Enqueue(PeerTask task, ulong delayCycles)
    {
        _tasks.Enqueue(task, (_clock.NowCycles + delayCycles, _order++));
        ScheduleNext();
    }

    private void ScheduleNext()
    {
        if (_tasks.TryPeek(out _, out var first))
        {
            _due.ScheduleAt(first.Cycle);
        }
    }

    private void PumpSoon(PeerStream stream)
    {
        if (stream is { IsConnected: true, IsPumpPosted: false })
        {
            stream.IsPumpPosted = true;
            Post(PeerTaskKind.Pump, stream.Flow, 0, _latencyCycles);
        }
    }

    private void RunDue()
    {
        while (_tasks.TryPeek(out var task, out var first) && first.Cycle <= _clock.NowCycles)
        {
            _tasks.Dequeue();
            _running = task;
            if (!task.IsCancelled && Run(task) && !task.IsCancelled)
            {
                Enqueue(task, IntervalCycles(task.Answer));
            }
            else
            {
                _spare.Push(task);
            }
        }

        _running = null;
        ScheduleNext();
    }

    /// <returns>True if there is more of it to do.</returns>
    private bool Run(PeerTask task)
    {
        switch (task.Kind)
        {
            case PeerTaskKind.Datagram:
                return SendNextDatagram(task);
            case PeerTaskKind.Refused:
                _streams.Remove(task.Flow);
                Events.TcpFailed(task.Flow, HostFailure.Refused);
                break;
            case PeerTaskKind.Connected:
                _streams[task.Flow].IsConnected = true;
                Events.TcpConnected(task.Flow);
                if (_streams.TryGetValue(task.Flow, out var connected))
                {
                    PumpSoon(connected);
                }

                break;
            default:
                _streams[task.Flow].Pump(Events);
                break;
        }

        return false;
    }

    private bool SendNextDatagram(PeerTask task)
    {
        var answer = task.Answer;
        var datagram = task.Datagram(answer.SizeBytes);
        _services[task.Port].Write(answer, task.Sent++, task.Request, datagram);
        Events.UdpReceived(task.Flow, new HostEndpoint(IPv4Address.Loopback, task.Port), datagram);
        return task.Sent < answer.Count;
    }
}
