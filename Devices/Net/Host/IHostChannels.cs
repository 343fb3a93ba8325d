namespace RiscvXv6.Devices.Net.Host;

/// <summary>
/// The way from host threads (sockets, TAP devices) to the machine thread. Each message is recorded with the cycle at which it
/// took effect, so it must say all there is to say: a replay brings the same bytes and has no host behind it.
/// </summary>
public interface IHostChannels
{
    /// <summary>Opens a channel before the machine runs.</summary>
    /// <param name="name">Unique, as records and reports print it: <c>net0</c>.</param>
    /// <param name="handler">Called on the machine thread, in the order of the posts.</param>
    IHostChannel Open(string name, HostMessageHandler handler);
}

/// <summary>Takes a message on the machine thread; valid during the call only.</summary>
public delegate void HostMessageHandler(ReadOnlySpan<byte> message);
