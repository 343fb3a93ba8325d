namespace RiscvXv6.Devices.Net.Peers;

/// <summary>A service on a port, over UDP and TCP as far as it speaks them.</summary>
public readonly record struct PeerOptions(PeerKind Kind, ushort Port);
