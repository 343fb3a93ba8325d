namespace RiscvXv6.Devices.Net.Host;

/// <summary>One line of messages into the machine.</summary>
public interface IHostChannel
{
    /// <summary>Sends a message, which is copied. From any thread; harmless after the machine has ended.</summary>
    void Post(ReadOnlySpan<byte> message);

    /// <summary>Bytes posted and not handled yet, for a host thread that wants to hold back. From any thread.</summary>
    int PendingBytes { get; }

    /// <summary>
    /// Exchanges under way with the host whose answer the guest may wait for (connections, unanswered queries). While there are any, an idle
    /// machine does not skip time. Set on the machine thread.
    /// </summary>
    int OpenFlows { get; set; }

    /// <summary>Something may come from outside at any time (a listening socket, a peer), so an idle guest is not hung. Set on the machine thread.</summary>
    bool IsLive { get; set; }
}
