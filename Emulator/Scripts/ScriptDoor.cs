using System.Text;
using RiscvXv6.Devices.Net.UserNet;
using RiscvXv6.Devices.Net.Wire;
using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Emulator.Scripts;

/// <summary>
/// What is behind a script's closed network: nobody but the script itself, which sends datagrams to forwarded ports and sees the answers.
/// No port of the host is taken, and all of it happens in guest time.
/// </summary>
internal sealed class ScriptDoor : IHostDoor
{
    /// <summary>From the script to the network, in guest time.</summary>
    private const ulong LatencyMicroseconds = 50;

    /// <summary>A guest that answers more than this has gone wrong.</summary>
    private const int MostAnswerBytes = 1 << 20;

    /// <summary>Where the script's datagrams come from.</summary>
    private static readonly HostEndpoint s_script = new(IPv4Address.Loopback, 61000);

    private readonly IGuestClock _clock;
    private readonly ScheduledEvent _due;
    private readonly Dictionary<ushort, int> _forwarded = [];
    private readonly HashSet<int> _listeners = [];
    private readonly Queue<(int Listener, byte[] Payload)> _sent = [];
    private readonly StringBuilder _answers = new();
    private IHostDoorEvents? _events;

    public ScriptDoor(IGuestClock clock, EventScheduler scheduler)
    {
        _clock = clock;
        _due = scheduler.Create("script.net", Deliver);
    }

    /// <summary>All answers so far, a character to a byte, a line feed behind each.</summary>
    public string Answers => _answers.ToString();

    /// <summary>Told of each answer.</summary>
    public Action? Answered { get; set; }

    /// <summary>Sends a datagram to a forwarded port.</summary>
    /// <returns>False if no such port is forwarded.</returns>
    public bool TrySend(ushort port, byte[] payload)
    {
        if (!_forwarded.TryGetValue(port, out int listener))
        {
            return false;
        }

        _sent.Enqueue((listener, payload));
        _due.ScheduleAt(_clock.NowCycles + LatencyMicroseconds * (_clock.CyclesPerSecond / 1_000_000));
        return true;
    }

    public void Attach(IHostDoorEvents events) => _events = events;

    public void Listen(int listener, HostProtocol protocol, HostEndpoint local)
    {
        _listeners.Add(listener);
        if (protocol == HostProtocol.Udp)
        {
            _forwarded[local.Port] = listener;
        }
    }

    public void OpenUdp(int flow)
    {
    }

    public void SendUdp(int flow, HostEndpoint to, ReadOnlySpan<byte> payload)
    {
        if (_listeners.Contains(flow) && to == s_script && _answers.Length + payload.Length < MostAnswerBytes)
        {
            foreach (byte value in payload)
            {
                _answers.Append((char)value);
            }

            _answers.Append('\n');
            Answered?.Invoke();
        }
    }

    /// <summary>Nobody listens at the script's end.</summary>
    public void ConnectTcp(int flow, HostEndpoint to) => _events?.TcpFailed(flow, HostFailure.Refused);

    public void SendTcp(int flow, ReadOnlySpan<byte> data)
    {
    }

    public void GrantTcp(int flow, int bytes)
    {
    }

    public void EndTcp(int flow)
    {
    }

    public void SendEcho(int flow, IPv4Address to, ushort sequence, ReadOnlySpan<byte> payload)
    {
    }

    public void Close(int flow)
    {
    }

    public void Dispose() => _due.Cancel();

    private void Deliver()
    {
        while (_sent.TryDequeue(out var datagram))
        {
            _events?.UdpReceived(datagram.Listener, s_script, datagram.Payload);
        }
    }
}
