namespace RiscvXv6.Devices.Net.UserNet;

/// <summary>
/// What a <see cref="SocketDoorMessage"/> tells. The values are part of recordings: never renumbered.
/// </summary>
internal enum SocketDoorMessageKind : byte
{
    UdpReceived = 1,
    UdpRefused = 2,
    TcpAccepted = 3,
    TcpConnected = 4,

    /// <summary>The number is a <see cref="HostFailure"/>.</summary>
    TcpFailed = 5,
    TcpReceived = 6,

    /// <summary>The number counts bytes.</summary>
    TcpSent = 7,
    TcpEnded = 8,
    TcpReset = 9,

    /// <summary>The number is the request's sequence number.</summary>
    EchoReplied = 10,

    /// <summary>The number is a <see cref="HostFailure"/>.</summary>
    EchoFailed = 11,

    /// <summary>A flow got no answer for so long that nobody ought to wait for one any more.</summary>
    Unanswered = 12,
}
