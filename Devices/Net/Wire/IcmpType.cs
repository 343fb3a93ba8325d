namespace RiscvXv6.Devices.Net.Wire;

/// <summary>Kinds of ICMP messages (RFC 792 "Summary of Message Types").</summary>
public enum IcmpType : byte
{
    EchoReply = 0,
    Unreachable = 3,
    SourceQuench = 4,
    Redirect = 5,
    Echo = 8,
    TimeExceeded = 11,
    ParameterProblem = 12,
}
