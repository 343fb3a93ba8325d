namespace RiscvXv6.Devices.Net.Peers;

/// <summary>A service on a port, over UDP and TCP as far as it speaks them.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Port">Where.</param>
/// <param name="Text">What <see cref="PeerKind.Answer"/> says; null for the others.</param>
public readonly record struct PeerOptions(PeerKind Kind, ushort Port, string? Text = null)
{
    /// <summary>What fits into a datagram on Ethernet.</summary>
    public const int MaxTextBytes = 1472;
}
