using System.Net.Sockets;

namespace RiscvXv6.Devices.Net.UserNet;

// What comes in, on the machine thread.
public sealed partial class SocketDoor
{
    private void Handle(ReadOnlySpan<byte> bytes)
    {
        // A message of a socket that the machine has closed meanwhile concerns nobody.
        if (_events is null
            || !SocketDoorMessage.TryRead(bytes, out var message, out var payload)
            || !_flowsByIdentity.TryGetValue(message.Identity, out var flow))
        {
            return;
        }

        switch (message.Kind)
        {
            case SocketDoorMessageKind.UdpReceived:
                Answered(flow);
                _events.UdpReceived(flow.Number, message.Peer, payload);
                break;
            case SocketDoorMessageKind.UdpRefused:
                Answered(flow);
                _events.UdpRefused(flow.Number, message.Peer);
                break;
            case SocketDoorMessageKind.EchoReplied:
                Answered(flow);
                _events.EchoReplied(flow.Number, message.Peer.Address, (ushort)message.Number, payload);
                break;
            case SocketDoorMessageKind.EchoFailed:
                Answered(flow);
                _events.EchoFailed(flow.Number, (HostFailure)message.Number);
                break;
            case SocketDoorMessageKind.Unanswered:
                Answered(flow);
                break;
            case SocketDoorMessageKind.TcpAccepted:
                Accept(flow, message);
                break;
            default:
                HandleTcp(flow, message, payload);
                break;
        }
    }

    private void HandleTcp(SocketDoorFlow flow, in SocketDoorMessage message, ReadOnlySpan<byte> payload)
    {
        switch (message.Kind)
        {
            case SocketDoorMessageKind.TcpConnected:
                _events!.TcpConnected(flow.Number);
                break;
            case SocketDoorMessageKind.TcpFailed:
                Remove(flow);
                _events!.TcpFailed(flow.Number, (HostFailure)message.Number);
                break;
            case SocketDoorMessageKind.TcpReceived:
                _events!.TcpReceived(flow.Number, payload);
                break;
            case SocketDoorMessageKind.TcpSent:
                _events!.TcpSent(flow.Number, message.Number);
                break;
            case SocketDoorMessageKind.TcpEnded:
                flow.HasHostEnded = true;
                _events!.TcpEnded(flow.Number);
                break;
            case SocketDoorMessageKind.TcpReset:
                Remove(flow);
                _events!.TcpReset(flow.Number);
                break;
        }
    }

    private void Accept(SocketDoorFlow listener, in SocketDoorMessage message)
    {
        Socket? socket = null;
        listener.Listener?.TryTake(message.Number, out socket);
        int number = _events!.TcpAccepted(listener.Number, message.Peer);
        if (number < 0)
        {
            if (socket is not null)
            {
                socket.LingerState = new LingerOption(true, 0);
                socket.Dispose();
            }

            return;
        }

        var connection = socket is null ? null : new SocketDoorConnection(_post, message.Number);
        Add(new SocketDoorFlow(number, message.Number) { IsTcp = true, Connection = connection });
        connection?.Adopt(socket!);
    }
}
