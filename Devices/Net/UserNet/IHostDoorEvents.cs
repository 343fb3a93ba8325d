using RiscvXv6.Devices.Net.Wire;

namespace RiscvXv6.Devices.Net.UserNet;

/// <summary>What happens behind an <see cref="IHostDoor"/>, told on the machine thread. Events of closed flows are not told.</summary>
public interface IHostDoorEvents
{
    /// <summary>A datagram came to a flow's or listener's port.</summary>
    void UdpReceived(int flow, HostEndpoint from, ReadOnlySpan<byte> payload);

    /// <summary>Nobody takes the datagrams sent to an address (port unreachable). The flow goes on.</summary>
    void UdpRefused(int flow, HostEndpoint to);

    /// <summary>
    /// Somebody connected to a forwarded port. Returns the number of the new flow, or -1 to refuse.
    /// </summary>
    int TcpAccepted(int listener, HostEndpoint from);

    void TcpConnected(int flow);

    /// <summary>The connection could not be made. The flow is over.</summary>
    void TcpFailed(int flow, HostFailure reason);

    /// <summary>Bytes from the host, within what was granted.</summary>
    void TcpReceived(int flow, ReadOnlySpan<byte> data);

    /// <summary>The host took bytes that had been handed over.</summary>
    void TcpSent(int flow, int bytes);

    /// <summary>The host's end sends no more. The other direction goes on.</summary>
    void TcpEnded(int flow);

    /// <summary>The host's end is gone. The flow is over.</summary>
    void TcpReset(int flow);

    void EchoReplied(int flow, IPv4Address from, ushort sequence, ReadOnlySpan<byte> payload);

    /// <summary>An echo request could not be sent: the host does not allow it, or has no way there. The flow goes on.</summary>
    void EchoFailed(int flow, HostFailure reason)
    {
    }
}
