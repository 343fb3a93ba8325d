using System.Buffers.Binary;
using RiscvXv6.Devices.Net.Wire;

namespace RiscvXv6.Devices.E1000;

/// <summary>
/// What the card does to a frame's bytes before they go into the FIFO: checksums, VLAN tags, and the headers of
/// segments. All of it takes place while the bytes come in and costs no time of its own. Offsets come from
/// descriptors; those that lie outside of the frame do nothing.
/// </summary>
internal static class TransmitOffload
{
    /// <summary>TPID and control information (IEEE 802.3 "Tagged MAC frames").</summary>
    public const int VlanTagBytes = 4;

    private const int AddressesBytes = 12;
    private const int VlanControlOffset = 2;
    private const int TcpSequenceOffset = 4;
    private const int TcpFlagsOffset = 13;
    private const int TcpHeaderBytes = 20;
    private const byte TcpFinAndPush = 0x09;
    private const int UdpLengthOffset = 4;
    private const int UdpHeaderBytes = 8;
    private const int IPv4LengthOffset = 2;
    private const int IPv4IdentificationOffset = 4;
    private const int IPv4HeaderBytes = 20;
    private const int IPv6LengthOffset = 4;
    private const int IPv6HeaderBytes = 40;

    /// <summary>IC of a legacy descriptor: "IC is ignored if CSO and CCS are out of the packet range".</summary>
    public static void InsertLegacy(Span<byte> frame, in TransmitDescriptor last)
    {
        if (last.WantsLegacyChecksum && last.ChecksumStart < frame.Length && last.ChecksumOffset < frame.Length - 1)
        {
            Insert(frame, last.ChecksumStart, 0, last.ChecksumOffset, isUdp: false);
        }
    }

    /// <summary>IXSM and TXSM of a packet's first data descriptor, by the context.</summary>
    public static void InsertByContext(Span<byte> frame, in TransmitContext context, bool ip, bool transport)
    {
        if (ip)
        {
            Insert(frame, context.IPStart, context.IPEnd, context.IPOffset, isUdp: false);
        }

        if (transport)
        {
            Insert(frame, context.TransportStart, context.TransportEnd, context.TransportOffset, isUdp: !context.IsTcp);
        }
    }

    /// <summary>
    /// Moves what follows the addresses and puts a tag there (SDM "Adding 802.1q Tags on Transmits").
    /// </summary>
    /// <param name="buffer">With room for the tag behind the frame.</param>
    /// <param name="length">The frame's.</param>
    /// <param name="etherType">VET.</param>
    /// <param name="control">The descriptor's special field.</param>
    /// <returns>The new length; the old one of a frame that is too short for its addresses.</returns>
    public static int InsertVlanTag(Span<byte> buffer, int length, ushort etherType, ushort control)
    {
        if (length < AddressesBytes)
        {
            return length;
        }

        buffer[AddressesBytes..length].CopyTo(buffer[(AddressesBytes + VlanTagBytes)..]);
        BinaryPrimitives.WriteUInt16BigEndian(buffer[AddressesBytes..], etherType);
        BinaryPrimitives.WriteUInt16BigEndian(buffer[(AddressesBytes + VlanControlOffset)..], control);
        return length + VlanTagBytes;
    }

    /// <summary>
    /// Makes the prototype header at a segment's start that segment's own (SDM "IP/TCP/UDP Header Updating"): lengths,
    /// identification, sequence number, flags, and the length in the pseudo-header's sum, to which drivers leave it
    /// out.
    /// </summary>
    /// <remarks>
    /// Deviation: the manual gives an IPv6 payload length that counts the IPv6 header too; that of the later 82583V
    /// does not, nor does this.
    /// </remarks>
    /// <param name="frame">The whole segment.</param>
    /// <param name="context">The segmentation's.</param>
    /// <param name="number">0 for the first segment.</param>
    /// <param name="isLast">FIN and PSH stay as they are in the prototype.</param>
    /// <param name="transport">TXSM.</param>
    public static void UpdateHeaders(
        Span<byte> frame, in TransmitContext context, int number, bool isLast, bool transport)
    {
        var header = frame[..context.HeaderBytes];
        if (context.IsIPv4 && context.IPStart + IPv4HeaderBytes <= header.Length)
        {
            var ip = header[context.IPStart..];
            BinaryPrimitives.WriteUInt16BigEndian(ip[IPv4LengthOffset..], (ushort)(frame.Length - context.IPStart));
            var identification = ip[IPv4IdentificationOffset..];
            BinaryPrimitives.WriteUInt16BigEndian(
                identification, (ushort)(BinaryPrimitives.ReadUInt16BigEndian(identification) + number));
        }
        else if (!context.IsIPv4 && context.IPStart + IPv6HeaderBytes <= header.Length)
        {
            BinaryPrimitives.WriteUInt16BigEndian(
                header[(context.IPStart + IPv6LengthOffset)..],
                (ushort)(frame.Length - context.IPStart - IPv6HeaderBytes));
        }

        int transportBytes = frame.Length - context.TransportStart;
        if (context.IsTcp && context.TransportStart + TcpHeaderBytes <= header.Length)
        {
            var tcp = header[context.TransportStart..];
            var sequence = tcp[TcpSequenceOffset..];
            BinaryPrimitives.WriteUInt32BigEndian(
                sequence, BinaryPrimitives.ReadUInt32BigEndian(sequence) + (uint)(number * context.SegmentBytes));
            if (!isLast)
            {
                tcp[TcpFlagsOffset] &= unchecked((byte)~TcpFinAndPush);
            }
        }
        else if (!context.IsTcp && context.TransportStart + UdpHeaderBytes <= header.Length)
        {
            BinaryPrimitives.WriteUInt16BigEndian(
                header[(context.TransportStart + UdpLengthOffset)..], (ushort)transportBytes);
        }

        if (transport && context.TransportOffset + sizeof(ushort) <= header.Length)
        {
            var partial = header[context.TransportOffset..];
            uint sum = BinaryPrimitives.ReadUInt16BigEndian(partial) + (uint)(ushort)transportBytes;
            BinaryPrimitives.WriteUInt16BigEndian(partial, (ushort)InternetChecksum.Sum([], sum));
        }
    }

    /// <summary>
    /// "The checksum field is written with the 16 bit one's complement of the one's complement sum of all 16-bit words
    /// in the range of CSS to CSE, including the checksum field itself" (SDM "IP and TCP/UDP Transmit Checksum
    /// Offloading in Non-Segmentation Mode").
    /// </summary>
    /// <param name="frame">The frame.</param>
    /// <param name="start">First byte of the range.</param>
    /// <param name="end">Last byte of the range; 0 is the frame's last.</param>
    /// <param name="offset">Where the checksum goes.</param>
    /// <param name="isUdp">Zero is sent as all ones (RFC 768 "Fields"): a zero would say that there is none.</param>
    private static void Insert(Span<byte> frame, int start, int end, int offset, bool isUdp)
    {
        if (offset > frame.Length - sizeof(ushort) || start >= frame.Length)
        {
            return;
        }

        int last = end == 0 ? frame.Length - 1 : Math.Min(end, frame.Length - 1);
        ushort checksum = last < start
            ? ushort.MaxValue
            : InternetChecksum.Finish(InternetChecksum.Sum(frame[start..(last + 1)]));
        BinaryPrimitives.WriteUInt16BigEndian(frame[offset..], isUdp && checksum == 0 ? ushort.MaxValue : checksum);
    }
}
