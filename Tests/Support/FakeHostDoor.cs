using NUnit.Framework;
using RiscvXv6.Devices.Net.UserNet;
using RiscvXv6.Devices.Net.Wire;

namespace RiscvXv6.Tests.Support;

/// <summary>A datagram that left through the door, or an echo request (its port is the sequence number).</summary>
internal sealed record SentDatagram(int Flow, HostEndpoint To, byte[] Payload);

/// <summary>
/// A host network that a test plays: it keeps what came through the door, and sends nothing anywhere. It fails the test
/// if the caller breaks the door's contract. Answers that are asked for here arrive when <see cref="Deliver"/> is
/// called, as a real host's arrive later.
/// </summary>
internal sealed class FakeHostDoor : IHostDoor
{
    private readonly Dictionary<int, FlowKind> _flows = [];
    private readonly Queue<Action<IHostDoorEvents>> _pending = [];
    private IHostDoorEvents? _events;

    private enum FlowKind
    {
        UdpListener,
        TcpListener,
        Udp,
        Tcp,
        Echo,
    }

    public IHostDoorEvents Events => _events ?? throw new InvalidOperationException("nobody is attached to the door");

    public bool IsDisposed { get; private set; }

    /// <summary>Ports that can't be had.</summary>
    public HashSet<HostEndpoint> Taken { get; } = [];

    public List<(int Listener, HostProtocol Protocol, HostEndpoint Local)> Listeners { get; } = [];

    public List<SentDatagram> Datagrams { get; } = [];

    public List<SentDatagram> Echoes { get; } = [];

    public List<(int Flow, HostEndpoint To)> Connects { get; } = [];

    public List<int> Ended { get; } = [];

    public List<int> Closed { get; } = [];

    /// <summary>Flows that are open, listeners not among them.</summary>
    public int OpenFlows => _flows.Values.Count(static kind => kind is not (FlowKind.UdpListener or FlowKind.TcpListener));

    /// <summary>The numbers of the flows that are open, listeners not among them, in order.</summary>
    public IReadOnlyList<int> OpenFlowNumbers =>
        [.. _flows.Where(static flow => flow.Value is not (FlowKind.UdpListener or FlowKind.TcpListener)).Select(static flow => flow.Key).Order()];

    /// <summary>The most flows that were ever open at once.</summary>
    public int OpenFlowsMax { get; private set; }

    /// <summary>Bytes handed over per connection.</summary>
    public Dictionary<int, List<byte>> TcpBytes { get; } = [];

    /// <summary>Bytes that each connection may still deliver.</summary>
    public Dictionary<int, long> Granted { get; } = [];

    /// <summary>
    /// What answers a datagram; null for none. Fuzzers and floods keep no copies if <see cref="Keeps"/> is off.
    /// </summary>
    public Func<SentDatagram, byte[]?>? Answer { get; set; }

    /// <summary>Whether what is sent is kept for the test to look at.</summary>
    public bool Keeps { get; set; } = true;

    /// <summary>Whether the host lets echo requests out.</summary>
    public bool AllowsEcho { get; set; } = true;

    public int PendingCount => _pending.Count;

    /// <summary>
    /// Lets what is on its way arrive, what comes of it included; more than 100,000 events are a loop.
    /// </summary>
    public int Deliver()
    {
        int delivered = 0;
        while (_pending.TryDequeue(out var happen))
        {
            happen(Events);
            Assert.That(++delivered, Is.LessThan(100_000), "the door never falls silent");
        }

        return delivered;
    }

    public void ReceiveUdp(int flow, HostEndpoint from, byte[] payload)
    {
        Assert.That(_flows, Does.ContainKey(flow), "a test's datagram goes to a flow that is not open");
        Events.UdpReceived(flow, from, payload);
    }

    /// <summary>Whether a flow's number is in use.</summary>
    public bool IsOpen(int flow) => _flows.ContainsKey(flow);

    /// <summary>The number of the listener at a port.</summary>
    public int ListenerAt(HostProtocol protocol, ushort port) =>
        Listeners.Single(one => one.Protocol == protocol && one.Local.Port == port).Listener;

    /// <summary>Ends a connection as events do that end a flow: its number is free again.</summary>
    public void Fail(int flow, HostFailure reason)
    {
        Assert.That(_flows.Remove(flow), "no such flow");
        Events.TcpFailed(flow, reason);
    }

    public void ResetTcp(int flow)
    {
        Assert.That(_flows.Remove(flow), "no such flow");
        Events.TcpReset(flow);
    }

    /// <summary>Somebody connects to a forwarded port. Returns the flow, or -1.</summary>
    public int Accept(int listener, HostEndpoint from)
    {
        Assert.That(_flows.GetValueOrDefault(listener, FlowKind.Udp), Is.EqualTo(FlowKind.TcpListener));
        int flow = Events.TcpAccepted(listener, from);
        if (flow >= 0)
        {
            Open(flow, FlowKind.Tcp);
            TcpBytes[flow] = [];
        }

        return flow;
    }

    /// <summary>Data from the host, which must have been granted.</summary>
    public void ReceiveTcp(int flow, byte[] data)
    {
        Expect(flow, FlowKind.Tcp);
        Granted[flow] = Granted.GetValueOrDefault(flow) - data.Length;
        Assert.That(Granted[flow], Is.Not.Negative, "a test delivers more than was granted");
        Events.TcpReceived(flow, data);
    }

    public void Attach(IHostDoorEvents events)
    {
        Assert.That(_events, Is.Null, "attached twice");
        _events = events;
    }

    public void Listen(int listener, HostProtocol protocol, HostEndpoint local)
    {
        if (Taken.Contains(local))
        {
            throw new HostPortException($"port {local.Port} of {local.Address} is in use");
        }

        Open(listener, protocol == HostProtocol.Udp ? FlowKind.UdpListener : FlowKind.TcpListener);
        Listeners.Add((listener, protocol, local));
    }

    public void OpenUdp(int flow) => Open(flow, FlowKind.Udp);

    public void SendUdp(int flow, HostEndpoint to, ReadOnlySpan<byte> payload)
    {
        Assert.That(
            _flows.TryGetValue(flow, out var kind) && kind is FlowKind.Udp or FlowKind.UdpListener, "a datagram without an open flow");
        if (!Keeps && Answer is null)
        {
            return;
        }

        var sent = new SentDatagram(flow, to, payload.ToArray());
        if (Keeps)
        {
            Datagrams.Add(sent);
        }

        if (Answer?.Invoke(sent) is { } answer)
        {
            _pending.Enqueue(events => IfOpen(flow, () => events.UdpReceived(flow, to, answer)));
        }
    }

    public void ConnectTcp(int flow, HostEndpoint to)
    {
        Open(flow, FlowKind.Tcp);
        TcpBytes[flow] = [];
        Connects.Add((flow, to));
    }

    public void SendTcp(int flow, ReadOnlySpan<byte> data)
    {
        Expect(flow, FlowKind.Tcp);
        Assert.That(Ended, Does.Not.Contain(flow), "bytes behind the end");
        TcpBytes[flow].AddRange(data);
    }

    public void GrantTcp(int flow, int bytes)
    {
        Expect(flow, FlowKind.Tcp);
        Assert.That(bytes, Is.Positive);
        Granted[flow] = Granted.GetValueOrDefault(flow) + bytes;
    }

    public void EndTcp(int flow)
    {
        Expect(flow, FlowKind.Tcp);
        Assert.That(Ended, Does.Not.Contain(flow), "ended twice");
        Ended.Add(flow);
    }

    public void SendEcho(int flow, IPv4Address to, ushort sequence, ReadOnlySpan<byte> payload)
    {
        if (_flows.TryAdd(flow, FlowKind.Echo))
        {
            OpenFlowsMax = Math.Max(OpenFlowsMax, OpenFlows);
        }

        Expect(flow, FlowKind.Echo);
        if (!AllowsEcho)
        {
            _pending.Enqueue(events => IfOpen(flow, () => events.EchoFailed(flow, HostFailure.Unreachable)));
            return;
        }

        var sent = new SentDatagram(flow, new HostEndpoint(to, sequence), payload.ToArray());
        if (Keeps)
        {
            Echoes.Add(sent);
        }

        if (Answer?.Invoke(sent) is { } answer)
        {
            _pending.Enqueue(events => IfOpen(flow, () => events.EchoReplied(flow, to, sequence, answer)));
        }
    }

    public void Close(int flow)
    {
        Assert.That(_flows.Remove(flow), "a flow is closed that is not open");
        Ended.Remove(flow);
        Granted.Remove(flow);
        if (Keeps)
        {
            Closed.Add(flow);
        }
    }

    public void Dispose() => IsDisposed = true;

    private void Open(int flow, FlowKind kind)
    {
        Assert.That(_flows.TryAdd(flow, kind), "a flow's number is in use");
        Ended.Remove(flow);
        Granted.Remove(flow);
        OpenFlowsMax = Math.Max(OpenFlowsMax, OpenFlows);
    }

    private void Expect(int flow, FlowKind kind) =>
        Assert.That(_flows.TryGetValue(flow, out var actual) && actual == kind, $"flow {flow} is not an open {kind}");

    private void IfOpen(int flow, Action happen)
    {
        if (_flows.ContainsKey(flow))
        {
            happen();
        }
    }
}
