using RiscvXv6.Devices.Net.Wire;

namespace RiscvXv6.Devices.Net.UserNet;

public sealed partial class UserNetwork : IHostDoorEvents
{
    void IHostDoorEvents.UdpReceived(int flow, HostEndpoint from, ReadOnlySpan<byte> payload)
    {
        if (flow >= DnsServer.FirstFlow)
        {
            _dns.UdpReceived(flow, from, payload);
        }
        else
        {
            _udp.UdpReceived(flow, from, payload);
        }
    }

    void IHostDoorEvents.UdpRefused(int flow, HostEndpoint to)
    {
        if (flow >= DnsServer.FirstFlow)
        {
            _dns.UdpRefused(flow);
        }
        else
        {
            _udp.UdpRefused(flow, to);
        }
    }

    void IHostDoorEvents.EchoReplied(int flow, IPv4Address from, ushort sequence, ReadOnlySpan<byte> payload) =>
        _icmp.EchoReplied(flow, from, sequence, payload);

    void IHostDoorEvents.EchoFailed(int flow, HostFailure reason) => _icmp.EchoFailed(flow);

    int IHostDoorEvents.TcpAccepted(int listener, HostEndpoint from) => _tcp.TcpAccepted(listener, from);

    void IHostDoorEvents.TcpConnected(int flow) => _tcp.TcpConnected(flow);

    void IHostDoorEvents.TcpFailed(int flow, HostFailure reason) => _tcp.TcpFailed(flow, reason);

    void IHostDoorEvents.TcpReceived(int flow, ReadOnlySpan<byte> data) => _tcp.TcpReceived(flow, data);

    void IHostDoorEvents.TcpSent(int flow, int bytes) => _tcp.TcpSent(flow, bytes);

    void IHostDoorEvents.TcpEnded(int flow) => _tcp.TcpEnded(flow);

    void IHostDoorEvents.TcpReset(int flow) => _tcp.TcpReset(flow);
}
