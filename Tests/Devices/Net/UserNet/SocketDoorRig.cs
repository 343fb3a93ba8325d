using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using NUnit.Framework;
using RiscvXv6.Devices.Net.UserNet;
using RiscvXv6.Devices.Net.Wire;

namespace RiscvXv6.Tests.Devices.Net.UserNet;

/// <summary>A socket door whose machine is the test: messages are handled when the test says so, and what the door tells is written down.</summary>
internal sealed class SocketDoorRig : IHostDoorEvents, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly PumpedChannels _channels = new();

    public SocketDoorRig(bool isReplay = false)
    {
        Door = new SocketDoor(_channels, "net0", isReplay);
        Door.Attach(this);
    }

    public SocketDoor Door { get; }

    /// <summary>What the door told, a line each.</summary>
    public List<string> Told { get; } = [];

    /// <summary>Every message that was handled, as a recording keeps them.</summary>
    public List<byte[]> Recorded => _channels.Recorded;

    /// <summary>Bytes of connections, by flow.</summary>
    public Dictionary<int, MemoryStream> Received { get; } = [];

    /// <summary>Bytes that the host took, by flow.</summary>
    public Dictionary<int, int> Sent { get; } = [];

    /// <summary>The number that the next accepted connection gets.</summary>
    public int NextFlow { get; set; } = 100;

    public int PendingBytes => _channels.PendingBytes;

    public int OpenFlows => _channels.OpenFlows;

    public bool IsLive => _channels.IsLive;

    public static HostEndpoint Loopback(int port) => new(IPv4Address.Loopback, (ushort)port);

    /// <summary>A port of 127.0.0.1 that is free now.</summary>
    public static int FreePort(SocketType type = SocketType.Stream)
    {
        var protocol = type == SocketType.Stream ? ProtocolType.Tcp : ProtocolType.Udp;
        using var probe = new Socket(AddressFamily.InterNetwork, type, protocol);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }

    public void Pump() => _channels.Pump();

    /// <summary>Handles messages until something is so.</summary>
    public void PumpUntil(Func<bool> condition, string what)
    {
        var watch = Stopwatch.StartNew();
        Pump();
        while (!condition())
        {
            Assert.That(watch.Elapsed, Is.LessThan(Patience), $"waited for {what}; told: {string.Join("; ", Told)}");
            _channels.Arrival.WaitOne(20);
            Pump();
        }
    }

    /// <summary>Handles messages until the door has told something that begins so.</summary>
    public void PumpUntilTold(string beginning) =>
        PumpUntil(() => Told.Any(line => line.StartsWith(beginning, StringComparison.Ordinal)), beginning);

    public void Replay(IEnumerable<byte[]> messages) => _channels.Replay(messages);

    public void UdpReceived(int flow, HostEndpoint from, ReadOnlySpan<byte> payload) =>
        Told.Add($"udp {flow} from {from}: {Convert.ToHexString(payload)}");

    public void UdpRefused(int flow, HostEndpoint to) => Told.Add($"udp {flow} refused by {to}");

    public int TcpAccepted(int listener, HostEndpoint from)
    {
        Told.Add($"accepted {listener} from {from.Address}");
        return NextFlow < 0 ? -1 : NextFlow++;
    }

    public void TcpConnected(int flow) => Told.Add($"connected {flow}");

    public void TcpFailed(int flow, HostFailure reason) => Told.Add($"failed {flow}: {reason}");

    public void TcpReceived(int flow, ReadOnlySpan<byte> data)
    {
        if (!Received.TryGetValue(flow, out var stream))
        {
            Received[flow] = stream = new MemoryStream();
        }

        stream.Write(data);
    }

    public void TcpSent(int flow, int bytes) => Sent[flow] = Sent.GetValueOrDefault(flow) + bytes;

    public void TcpEnded(int flow) => Told.Add($"ended {flow}");

    public void TcpReset(int flow) => Told.Add($"reset {flow}");

    public void EchoReplied(int flow, IPv4Address from, ushort sequence, ReadOnlySpan<byte> payload) =>
        Told.Add($"echo {flow} from {from} {sequence}: {Convert.ToHexString(payload)}");

    public void EchoFailed(int flow, HostFailure reason) => Told.Add($"echo {flow} failed: {reason}");

    public void Dispose()
    {
        Door.Dispose();
        _channels.Arrival.Dispose();
    }
}
