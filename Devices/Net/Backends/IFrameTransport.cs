namespace RiscvXv6.Devices.Net.Backends;

/// <summary>
/// How frames travel over the host: a connection, datagrams, a TAP device. Made before the machine runs, when it takes hold of what it
/// needs. Its threads are its own.
/// </summary>
public interface IFrameTransport : IDisposable
{
    /// <summary>As reports print it: <c>socket</c>, <c>tap</c>.</summary>
    string Name { get; }

    /// <summary>A peer is there from the beginning, or there is no telling; otherwise the link is down until it is.</summary>
    bool IsUpAtStart { get; }

    /// <summary>Begins to tell what happens, from threads of its own. Once.</summary>
    void Start(ITransportEvents events);

    /// <summary>Sends a frame, which is copied. Never waits, never throws; from one thread.</summary>
    /// <returns>False if it is lost: nobody is there, or it does not keep up.</returns>
    bool TrySend(ReadOnlySpan<byte> frame);
}
