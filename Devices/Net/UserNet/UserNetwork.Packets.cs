using RiscvXv6.Devices.Net.Wire;

namespace RiscvXv6.Devices.Net.UserNet;

public sealed partial class UserNetwork : IPacketSender
{
    int IPacketSender.RoomFrames => _link.RoomFrames;

    Span<byte> IPacketSender.PacketPayload => _link.Payload;

    void IPacketSender.Send(IPv4Address source, IPv4Address destination, IpProtocol protocol, int lengthBytes) =>
        _link.Send(source, destination, protocol, lengthBytes);

    void IPacketSender.SendUnreachable(byte code, ReadOnlySpan<byte> packet) =>
        _icmp.SendError(_addresses.Host, IcmpType.Unreachable, code, packet);
}
