using System.Buffers.Binary;

namespace RiscvXv6.Tests.Xv6.Network;

/// <summary>Frames as they are on the wire, built from what is in them.</summary>
internal static class WirePacket
{
    public const int EthernetHeader = 14;
    public const int IpHeader = 20;
    public const int UdpHeader = 8;
    public const ushort TypeIp = 0x0800;
    public const ushort TypeArp = 0x0806;
    public const byte ProtocolIcmp = 1;
    public const byte ProtocolUdp = 17;

    /// <summary>Without FCS, which nobody sees.</summary>
    public const int ShortestFrame = 60;

    /// <summary>RFC 1071, over a sum so far.</summary>
    public static ushort Checksum(ReadOnlySpan<byte> bytes, uint sum = 0)
    {
        for (; bytes.Length > 1; bytes = bytes[2..])
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(bytes);
        }

        if (bytes.Length == 1)
        {
            sum += (uint)bytes[0] << 8;
        }

        while (sum >> 16 != 0)
        {
            sum = (sum & 0xffff) + (sum >> 16);
        }

        return (ushort)~sum;
    }

    /// <summary>The checksum of UDP, over addresses, protocol and length too; 0 over a datagram whose field is right.</summary>
    public static ushort UdpChecksum(uint source, uint destination, ReadOnlySpan<byte> datagram) => Checksum(
        datagram,
        (source >> 16) + (source & 0xffff) + (destination >> 16) + (destination & 0xffff) + ProtocolUdp + (uint)datagram.Length);

    public static byte[] Ethernet(ReadOnlySpan<byte> to, ReadOnlySpan<byte> from, ushort type, ReadOnlySpan<byte> payload)
    {
        byte[] frame = new byte[Math.Max(EthernetHeader + payload.Length, ShortestFrame)];
        to.CopyTo(frame);
        from.CopyTo(frame.AsSpan(6));
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), type);
        payload.CopyTo(frame.AsSpan(EthernetHeader));
        return frame;
    }

    public static byte[] Arp(ushort operation, ReadOnlySpan<byte> senderMac, uint sender, ReadOnlySpan<byte> targetMac, uint target)
    {
        byte[] packet = new byte[28];
        packet[1] = 1;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), TypeIp);
        packet[4] = 6;
        packet[5] = 4;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(6), operation);
        senderMac.CopyTo(packet.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(14), sender);
        targetMac.CopyTo(packet.AsSpan(18));
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(24), target);
        return packet;
    }

    public static byte[] Ip(uint source, uint destination, byte protocol, ReadOnlySpan<byte> payload)
    {
        byte[] packet = new byte[IpHeader + payload.Length];
        packet[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)packet.Length);
        packet[8] = 64;
        packet[9] = protocol;
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(12), source);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(16), destination);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(10), Checksum(packet.AsSpan(0, IpHeader)));
        payload.CopyTo(packet.AsSpan(IpHeader));
        return packet;
    }

    public static byte[] Udp(uint source, ushort from, uint destination, ushort to, ReadOnlySpan<byte> payload)
    {
        byte[] datagram = new byte[UdpHeader + payload.Length];
        BinaryPrimitives.WriteUInt16BigEndian(datagram, from);
        BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(2), to);
        BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(4), (ushort)datagram.Length);
        payload.CopyTo(datagram.AsSpan(UdpHeader));
        ushort checksum = UdpChecksum(source, destination, datagram);
        BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(6), checksum == 0 ? (ushort)0xffff : checksum);
        return Ip(source, destination, ProtocolUdp, datagram);
    }

    /// <summary>An ICMP echo (8) or its reply (0); what follows the checksum is given.</summary>
    public static byte[] Echo(uint source, uint destination, byte type, ReadOnlySpan<byte> rest)
    {
        byte[] message = new byte[4 + rest.Length];
        message[0] = type;
        rest.CopyTo(message.AsSpan(4));
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), Checksum(message));
        return Ip(source, destination, ProtocolIcmp, message);
    }
}
