using System.Collections.Concurrent;
using RiscvXv6.Devices.Net.Host;

namespace RiscvXv6.Tests.Devices.Net.UserNet;

/// <summary>The one channel of a machine that is the test: messages are handled when the test says so.</summary>
internal sealed class PumpedChannels : IHostChannels, IHostChannel
{
    private readonly ConcurrentQueue<byte[]> _messages = new();
    private HostMessageHandler? _handler;
    private int _pendingBytes;

    /// <summary>Set whenever a message has come.</summary>
    public AutoResetEvent Arrival { get; } = new(false);

    /// <summary>Every message that was handled, as a recording keeps them.</summary>
    public List<byte[]> Recorded { get; } = [];

    public int PendingBytes => Volatile.Read(ref _pendingBytes);

    public int OpenFlows { get; set; }

    public bool IsLive { get; set; }

    public IHostChannel Open(string name, HostMessageHandler handler)
    {
        _handler = handler;
        return this;
    }

    public void Post(ReadOnlySpan<byte> message)
    {
        Interlocked.Add(ref _pendingBytes, message.Length);
        _messages.Enqueue(message.ToArray());
        Arrival.Set();
    }

    /// <summary>Handles what has come, as a machine does between quanta.</summary>
    public void Pump()
    {
        while (_messages.TryDequeue(out byte[]? message))
        {
            Interlocked.Add(ref _pendingBytes, -message.Length);
            Recorded.Add(message);
            _handler!(message);
        }
    }

    /// <summary>Feeds messages of another run.</summary>
    public void Replay(IEnumerable<byte[]> messages)
    {
        foreach (byte[] message in messages)
        {
            _handler!(message);
        }
    }
}
