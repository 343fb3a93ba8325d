namespace RiscvXv6.Devices.Net.UserNet;

/// <summary>Why the host could not make a connection.</summary>
public enum HostFailure
{
    Refused,
    Unreachable,
    TimedOut,
}
