using System.Net;

namespace RiscvXv6.Devices.Net.Backends;

/// <summary>A connection that carries frames in QEMU's form: each behind its length in four bytes, most significant first.</summary>
public sealed record StreamOptions
{
    /// <summary>As reports print it: <c>stream</c> or <c>socket</c>.</summary>
    public string Kind { get; init; } = "stream";

    /// <summary>An <see cref="IPEndPoint"/> (TCP) or a <see cref="System.Net.Sockets.UnixDomainSocketEndPoint"/>.</summary>
    public required EndPoint EndPoint { get; init; }

    /// <summary>Waits for a peer at the end point, one after the other, instead of going there.</summary>
    public bool IsServer { get; init; }

    /// <summary>A client tries again so long after a failure; 0 for never: then the peer must be there when the machine starts.</summary>
    public int ReconnectSeconds { get; init; }
}
