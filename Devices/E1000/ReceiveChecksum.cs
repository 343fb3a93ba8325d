using System.Buffers.Binary;

namespace RiscvXv6.Devices.E1000;

/// <summary>
/// What the card says about a received frame's checksums (SDM "Receive Packet Checksum Offloading"): the packet
/// checksum over everything from a byte on, and the verdict on those of IPv4, TCP and UDP.
/// </summary>
internal static class ReceiveChecksum
{
    private const int LlcBytesMax = 1500;
    private const ushort TypeIPv4 = 0x0800;
    private const ushort TypeIPv6 = 0x86dd;
    private const int IPv4HeaderBytesMin = 20;
    private const int IPv6HeaderBytes = 40;
    private const byte ProtocolTcp = 6;
    private const byte ProtocolUdp = 17;
    private const byte HeaderHopByHop = 0;
    private const byte HeaderRouting = 43;
    private const byte HeaderDestinationOptions = 60;
    private const int ExtensionBytesMax = 64;
    private const int TcpHeaderBytesMin = 20;
    private const int UdpHeaderBytes = 8;
    private const ushort FragmentMask = 0x3fff;

    /// <summary>
    /// The packet checksum: the complement of the sum of the 16-bit words from a byte on, the first byte of each the
    /// upper one. A last odd byte is an upper one.
    /// </summary>
    /// <param name="startOffset">RXCSUM.PCSS; past the end the sum is zero.</param>
    /// <param name="start">The first bytes that the host gets.</param>
    /// <param name="middle">Those that follow.</param>
    /// <param name="end">The last.</param>
    public static ushort PacketChecksum(
        int startOffset, ReadOnlySpan<byte> start, ReadOnlySpan<byte> middle, ReadOnlySpan<byte> end)
    {
        uint sum = 0;
        bool isOdd = false;
        Include(start, ref startOffset, ref isOdd, ref sum);
        Include(middle, ref startOffset, ref isOdd, ref sum);
        Include(end, ref startOffset, ref isOdd, ref sum);
        return (ushort)~Fold(sum);
    }

    /// <summary>Judges the checksums inside a frame.</summary>
    /// <param name="frame">With or without its VLAN tag, and without check sequence.</param>
    /// <param name="typeOffset">Where its own type is.</param>
    /// <param name="rxcsum">What is to be judged.</param>
    /// <param name="errors">TCPE and IPE.</param>
    /// <returns>IPCS and TCPCS, or IXSM if neither.</returns>
    public static byte Judge(ReadOnlySpan<byte> frame, int typeOffset, uint rxcsum, out byte errors)
    {
        byte status = 0;
        errors = 0;
        if ((rxcsum & (Rxcsum.IpOffload | Rxcsum.TcpUdpOffload)) != 0)
        {
            int offset = NetworkHeader(frame, typeOffset, out ushort type);
            if (type == TypeIPv4)
            {
                status = JudgeIPv4(frame[offset..], rxcsum, ref errors);
            }
            else if (type == TypeIPv6 && (rxcsum & Rxcsum.IPv6Offload) != 0)
            {
                status = JudgeIPv6(frame[offset..], rxcsum, ref errors);
            }
        }

        return status == 0 ? ReceiveStatus.IgnoreChecksum : status;
    }

    /// <summary>SDM "SNAP/VLAN Filter": skips the header of Ethernet II or SNAP.</summary>
    private static int NetworkHeader(ReadOnlySpan<byte> frame, int typeOffset, out ushort type)
    {
        const int snapBytes = 8;
        type = 0;
        if (frame.Length < typeOffset + 2)
        {
            return 0;
        }

        type = BinaryPrimitives.ReadUInt16BigEndian(frame[typeOffset..]);
        if (type > LlcBytesMax)
        {
            return typeOffset + 2;
        }

        // Logical link control for SNAP, of no organisation: AA AA 03 00 00 00, then a type as in Ethernet II.
        bool isSnap = frame.Length >= typeOffset + 2 + snapBytes
            && frame[(typeOffset + 2)..].StartsWith((ReadOnlySpan<byte>)[0xaa, 0xaa, 0x03, 0, 0, 0]);
        type = isSnap ? BinaryPrimitives.ReadUInt16BigEndian(frame[(typeOffset + snapBytes)..]) : (ushort)0;
        return typeOffset + 2 + snapBytes;
    }

    private static byte JudgeIPv4(ReadOnlySpan<byte> packet, uint rxcsum, ref byte errors)
    {
        // SDM "IPv4 Filter": version 4, and a header of at least five words.
        if (packet.Length < IPv4HeaderBytesMin || packet[0] >> 4 != 4)
        {
            return 0;
        }

        int headerBytes = (packet[0] & 0xf) * 4;
        if (headerBytes < IPv4HeaderBytesMin || headerBytes > packet.Length)
        {
            return 0;
        }

        byte status = 0;
        if ((rxcsum & Rxcsum.IpOffload) != 0)
        {
            status = ReceiveStatus.IpChecksumCalculated;
            errors |= Fold(Sum(packet[..headerBytes])) == 0xffff ? (byte)0 : ReceiveErrors.IpChecksumError;
        }

        int totalBytes = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        bool isFragment = (BinaryPrimitives.ReadUInt16BigEndian(packet[6..]) & FragmentMask) != 0;
        if (!isFragment && totalBytes >= headerBytes && totalBytes <= packet.Length)
        {
            status |= JudgeTransport(packet[9], packet[12..20], packet[headerBytes..totalBytes], rxcsum, ref errors);
        }

        return status;
    }

    /// <summary>
    /// SDM "IPv6 Filter": hop-by-hop options, destination options and routing, each of at most 64 bytes, are passed
    /// over.
    /// </summary>
    private static byte JudgeIPv6(ReadOnlySpan<byte> packet, uint rxcsum, ref byte errors)
    {
        if (packet.Length < IPv6HeaderBytes || packet[0] >> 4 != 6)
        {
            return 0;
        }

        int payloadBytes = BinaryPrimitives.ReadUInt16BigEndian(packet[4..]);
        if (payloadBytes > packet.Length - IPv6HeaderBytes)
        {
            return 0;
        }

        byte next = packet[6];
        var payload = packet.Slice(IPv6HeaderBytes, payloadBytes);
        while (next is HeaderHopByHop or HeaderRouting or HeaderDestinationOptions)
        {
            if (payload.Length < 8)
            {
                return 0;
            }

            int bytes = 8 + 8 * payload[1];

            // With segments left the checksum is over another destination than this header's (RFC 8200 "Upper-Layer
            // Checksums").
            if (bytes > ExtensionBytesMax || bytes > payload.Length || (next == HeaderRouting && payload[3] != 0))
            {
                return 0;
            }

            next = payload[0];
            payload = payload[bytes..];
        }

        return JudgeTransport(next, packet[8..IPv6HeaderBytes], payload, rxcsum, ref errors);
    }

    /// <param name="protocol">Of the segment.</param>
    /// <param name="addresses">Source and destination, for the pseudo-header.</param>
    /// <param name="segment">From the transport header on.</param>
    /// <param name="rxcsum">What is to be judged.</param>
    /// <param name="errors">TCPE is added.</param>
    private static byte JudgeTransport(
        byte protocol, ReadOnlySpan<byte> addresses, ReadOnlySpan<byte> segment, uint rxcsum, ref byte errors)
    {
        bool isSegment = protocol switch
        {
            ProtocolTcp => segment.Length >= TcpHeaderBytesMin,
            ProtocolUdp => TryTrimDatagram(ref segment),
            _ => false,
        };
        if (!isSegment || (rxcsum & Rxcsum.TcpUdpOffload) == 0)
        {
            return 0;
        }

        uint sum = Sum(addresses) + protocol + (uint)segment.Length + Fold(Sum(segment));
        errors |= Fold(sum) == 0xffff ? (byte)0 : ReceiveErrors.TcpChecksumError;
        return ReceiveStatus.TcpChecksumCalculated;
    }

    /// <summary>
    /// Cuts a datagram to its own length; false if there is none, or its sum is zero: the sender made none (RFC 768
    /// "Fields").
    /// </summary>
    private static bool TryTrimDatagram(ref ReadOnlySpan<byte> datagram)
    {
        if (datagram.Length < UdpHeaderBytes || BinaryPrimitives.ReadUInt16BigEndian(datagram[6..]) == 0)
        {
            return false;
        }

        int bytes = BinaryPrimitives.ReadUInt16BigEndian(datagram[4..]);
        if (bytes < UdpHeaderBytes || bytes > datagram.Length)
        {
            return false;
        }

        datagram = datagram[..bytes];
        return true;
    }

    private static void Include(ReadOnlySpan<byte> part, ref int skip, ref bool isOdd, ref uint sum)
    {
        int skipped = Math.Min(skip, part.Length);
        skip -= skipped;
        part = part[skipped..];
        ushort partSum = (ushort)Sum(part);
        sum += isOdd ? BinaryPrimitives.ReverseEndianness(partSum) : partSum;
        isOdd ^= (part.Length & 1) != 0;
    }

    private static uint Sum(ReadOnlySpan<byte> bytes)
    {
        ulong sum = 0;
        while (bytes.Length >= 4)
        {
            sum += BinaryPrimitives.ReadUInt32BigEndian(bytes);
            bytes = bytes[4..];
        }

        if (bytes.Length >= 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(bytes);
            bytes = bytes[2..];
        }

        if (bytes.Length > 0)
        {
            sum += (uint)bytes[0] << 8;
        }

        return Fold(sum);
    }

    private static uint Fold(ulong sum)
    {
        while (sum > 0xffff)
        {
            sum = (sum >> 16) + (sum & 0xffff);
        }

        return (uint)sum;
    }
}
