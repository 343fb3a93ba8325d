using System.Runtime.InteropServices;
using RiscvXv6.Devices.Net.Host;

namespace RiscvXv6.Emulator.Machine;

/// <summary>The machine's channels by name. Their messages go through the mailbox like everything else from outside.</summary>
internal sealed class HostChannels(HostMailbox mailbox, Pacer pacer) : IHostChannels
{
    private readonly Dictionary<string, HostChannel> _channels = [];
    private readonly MessageBuffers _buffers = new();
    private volatile bool _isClosed;

    public IHostChannel Open(string name, HostMessageHandler handler)
    {
        var channel = new HostChannel(name, handler, this);
        if (!_channels.TryAdd(name, channel))
        {
            throw new ArgumentException($"there are two channels called {name}", nameof(name));
        }

        return channel;
    }

    /// <summary>Copies a message and hands it to the machine. From any thread.</summary>
    public void Post(string name, ReadOnlySpan<byte> message)
    {
        if (_isClosed)
        {
            return;
        }

        byte[] buffer = _buffers.Rent(message.Length);
        message.CopyTo(buffer);
        mailbox.Post(new HostEvent.ChannelMessage(name, buffer.AsMemory(0, message.Length)));
    }

    /// <summary>Gives a message that was posted to its channel's handler.</summary>
    /// <param name="message">What came out of the mailbox.</param>
    /// <param name="isKept">Somebody holds on to the event; otherwise its bytes are used again.</param>
    public void Deliver(HostEvent.ChannelMessage message, bool isKept)
    {
        var (name, bytes) = message;
        _channels[name].Deliver(bytes.Span);
        if (!isKept && MemoryMarshal.TryGetArray(bytes, out var segment))
        {
            _buffers.Return(segment.Array!);
        }
    }

    /// <summary>Gives a message of a record to its channel's handler.</summary>
    /// <exception cref="InvalidDataException">This machine has no such channel: it is another one than was recorded.</exception>
    public void Replay(HostEvent.ChannelMessage message)
    {
        var (name, bytes) = message;
        if (!_channels.TryGetValue(name, out var channel))
        {
            throw new InvalidDataException($"the record has a message for {name}, which this machine does not have");
        }

        channel.Replay(bytes.Span);
    }

    /// <summary>A channel says something else about its host.</summary>
    public void Changed()
    {
        int flows = 0;
        bool isLive = false;
        foreach (var channel in _channels.Values)
        {
            flows += channel.OpenFlows;
            isLive |= channel.IsLive;
        }

        pacer.OpenFlows = flows;
        pacer.ChannelsAreLive = isLive;
    }

    /// <summary>The machine has ended: nobody reads what is posted from now on.</summary>
    public void Close() => _isClosed = true;
}
