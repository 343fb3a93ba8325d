using RiscvXv6.Devices.Net.Wire;

namespace RiscvXv6.Devices.Net.UserNet;

/// <summary>How a protocol above IPv4 sends to the guest. Everything here happens on the machine thread.</summary>
public interface IPacketSender
{
    /// <summary>Packets that the cable still takes (<see cref="INetworkClient.ReceiveRoomFrames"/>).</summary>
    int RoomFrames { get; }

    /// <summary>Where the payload of the next packet is written: at least 1480 bytes, used again for the packet after it.</summary>
    Span<byte> PacketPayload { get; }

    /// <summary>Sends what was written, in one IPv4 packet. The guest's answer never comes within the call.</summary>
    /// <param name="source">Whom the guest sees as the sender.</param>
    /// <param name="destination">The guest's address.</param>
    /// <param name="protocol">What the payload is.</param>
    /// <param name="lengthBytes">Of the payload.</param>
    void Send(IPv4Address source, IPv4Address destination, IpProtocol protocol, int lengthBytes);

    /// <summary>Tells the guest that a packet of its own could not be delivered (RFC 792 "Destination Unreachable Message").</summary>
    /// <param name="code">0 for the network, 1 for the host.</param>
    /// <param name="packet">The guest's packet from its IPv4 header on, with at least 8 bytes of its payload.</param>
    void SendUnreachable(byte code, ReadOnlySpan<byte> packet);
}
