namespace RiscvXv6.Devices.Net.UserNet;

/// <summary>
/// The states of a connection with the guest (RFC 9293 "State Machine Overview"), seen from the user network.
/// </summary>
public enum TcpState
{
    Closed,

    /// <summary>
    /// The guest has sent SYN; whether it is answered depends on the host. A state of ours: the RFC would be in LISTEN.
    /// </summary>
    Connecting,
    SynSent,
    SynReceived,
    Established,
    FinWait1,
    FinWait2,
    CloseWait,
    Closing,
    LastAck,
    TimeWait,
}
