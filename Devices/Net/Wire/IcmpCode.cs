namespace RiscvXv6.Devices.Net.Wire;

/// <summary>
/// Codes of ICMP errors: what exactly can't be reached, or which time was exceeded (RFC 792, RFC 1122 "Destination
/// Unreachable").
/// </summary>
public static class IcmpCode
{
    public const byte NetUnreachable = 0;
    public const byte HostUnreachable = 1;
    public const byte ProtocolUnreachable = 2;
    public const byte PortUnreachable = 3;

    /// <summary>Of Time Exceeded: on the way.</summary>
    public const byte TimeToLive = 0;

    /// <summary>Of Time Exceeded: while fragments were put together.</summary>
    public const byte Reassembly = 1;
}
