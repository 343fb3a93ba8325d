using RiscvXv6.Devices.Net.UserNet;
using RiscvXv6.Devices.Net.Wire;
using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Tests.Devices.Net.UserNet;

/// <summary>
/// A host in virtual time, 20 µs away: it takes what a connection brings, sends what it was given within what is granted, ends when it
/// has sent it, and echoes datagrams.
/// </summary>
internal sealed class LineHost : IHostDoor
{
    private const ulong LatencyCycles = 20_000;
    private const int PieceBytes = 16 * 1024;

    private readonly IGuestClock _clock;
    private readonly ScheduledEvent _due;
    private readonly Queue<(ulong At, Action Happen)> _pending = [];
    private readonly HashSet<int> _open = [];
    private readonly HashSet<int> _guestEnded = [];
    private readonly HashSet<int> _ended = [];
    private IHostDoorEvents? _events;
    private int _sent;
    private int _granted;

    public LineHost(IGuestClock clock, EventScheduler scheduler)
    {
        _clock = clock;
        _due = scheduler.Create("test.host", RunDue);
    }

    /// <summary>What the next connection sends.</summary>
    public byte[] Outgoing { get; set; } = [];

    /// <summary>What came of the latest connection.</summary>
    public MemoryStream Received { get; } = new();

    /// <summary>Datagrams that came.</summary>
    public int Datagrams { get; private set; }

    /// <summary>Connections that were reset or closed before both ends were over.</summary>
    public int Aborted { get; private set; }

    /// <summary>Connections that are open.</summary>
    public int OpenCount => _open.Count;

    /// <summary>The guest's side of the latest connection is over.</summary>
    public bool HasGuestEnded { get; private set; }

    public void Attach(IHostDoorEvents events) => _events = events;

    public void Listen(int listener, HostProtocol protocol, HostEndpoint local)
    {
    }

    public void OpenUdp(int flow) => _open.Add(flow);

    public void SendUdp(int flow, HostEndpoint to, ReadOnlySpan<byte> payload)
    {
        Datagrams++;
        byte[] copy = payload.ToArray();
        Later(flow, () => _events!.UdpReceived(flow, to, copy));
    }

    public void ConnectTcp(int flow, HostEndpoint to)
    {
        _open.Add(flow);
        _guestEnded.Remove(flow);
        _ended.Remove(flow);
        (_sent, _granted, HasGuestEnded) = (0, 0, false);
        Received.SetLength(0);
        Later(flow, () => _events!.TcpConnected(flow));
    }

    public void SendTcp(int flow, ReadOnlySpan<byte> data)
    {
        Received.Write(data);
        int bytes = data.Length;
        Later(flow, () => _events!.TcpSent(flow, bytes));
    }

    public void GrantTcp(int flow, int bytes)
    {
        _granted += bytes;
        Later(flow, () => Push(flow));
    }

    public void EndTcp(int flow)
    {
        HasGuestEnded = true;
        _guestEnded.Add(flow);
    }

    public void SendEcho(int flow, IPv4Address to, ushort sequence, ReadOnlySpan<byte> payload)
    {
    }

    public void Close(int flow)
    {
        Aborted += _guestEnded.Contains(flow) && _ended.Contains(flow) ? 0 : 1;
        _open.Remove(flow);
    }

    public void Dispose()
    {
    }

    private void Push(int flow)
    {
        while (_granted > 0 && _sent < Outgoing.Length)
        {
            int count = Math.Min(Math.Min(_granted, Outgoing.Length - _sent), PieceBytes);
            (_granted, _sent) = (_granted - count, _sent + count);
            _events!.TcpReceived(flow, Outgoing.AsSpan(_sent - count, count));
        }

        if (_sent == Outgoing.Length)
        {
            _sent++;
            _ended.Add(flow);
            _events!.TcpEnded(flow);
        }
    }

    private void Later(int flow, Action happen)
    {
        _pending.Enqueue((_clock.NowCycles + LatencyCycles, () =>
        {
            if (_open.Contains(flow))
            {
                happen();
            }
        }));
        if (!_due.IsScheduled)
        {
            _due.ScheduleAt(_pending.Peek().At);
        }
    }

    private void RunDue()
    {
        while (_pending.Count > 0 && _pending.Peek().At <= _clock.NowCycles)
        {
            _pending.Dequeue().Happen();
        }

        if (_pending.Count > 0)
        {
            _due.ScheduleAt(_pending.Peek().At);
        }
    }
}
