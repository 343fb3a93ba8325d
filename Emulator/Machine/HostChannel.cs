using RiscvXv6.Devices.Net.Host;

namespace RiscvXv6.Emulator.Machine;

/// <summary>One line of messages into the machine, and what it says about the host behind it.</summary>
internal sealed class HostChannel(string name, HostMessageHandler handler, HostChannels channels) : IHostChannel
{
    private int _pendingBytes;

    public string Name => name;

    public int PendingBytes => Volatile.Read(ref _pendingBytes);

    public int OpenFlows
    {
        get;
        set
        {
            field = value;
            channels.Changed();
        }
    }

    public bool IsLive
    {
        get;
        set
        {
            field = value;
            channels.Changed();
        }
    }

    public void Post(ReadOnlySpan<byte> message)
    {
        Interlocked.Add(ref _pendingBytes, message.Length);
        channels.Post(name, message);
    }

    /// <summary>Lets the device have a message that was posted.</summary>
    public void Deliver(ReadOnlySpan<byte> message)
    {
        Interlocked.Add(ref _pendingBytes, -message.Length);
        handler(message);
    }

    /// <summary>Lets the device have a message that a record brought, and nobody posted.</summary>
    public void Replay(ReadOnlySpan<byte> message) => handler(message);
}
