using System.Buffers.Binary;

namespace RiscvXv6.Devices.Net.Wire;

/// <summary>The header of a datagram to be sent (RFC 768 "Format").</summary>
public readonly record struct UdpHeader(ushort SourcePort, ushort DestinationPort)
{
    public const int SizeBytes = 8;

    /// <summary>Longest payload of a datagram in IPv4.</summary>
    public const int PayloadBytesMax = IPv4Header.PayloadBytesMax - SizeBytes;

    private const int ChecksumOffset = 6;

    /// <summary>Writes the header of a datagram whose payload is in place already, checksum included.</summary>
    /// <param name="datagram">Header and payload, and nothing behind them.</param>
    /// <param name="source">For the checksum.</param>
    /// <param name="destination">For the checksum.</param>
    public void Write(Span<byte> datagram, IPv4Address source, IPv4Address destination)
    {
        BinaryPrimitives.WriteUInt16BigEndian(datagram, SourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(datagram[2..], DestinationPort);
        BinaryPrimitives.WriteUInt16BigEndian(datagram[4..], (ushort)datagram.Length);
        BinaryPrimitives.WriteUInt16BigEndian(datagram[ChecksumOffset..], 0);
        ushort checksum = InternetChecksum.Finish(InternetChecksum.Sum(
            datagram, InternetChecksum.SumPseudoHeader(source, destination, IpProtocol.Udp, datagram.Length)));

        // RFC 768 "Fields": a computed zero is sent as all ones, for zero means none.
        BinaryPrimitives.WriteUInt16BigEndian(datagram[ChecksumOffset..], checksum == 0 ? (ushort)0xffff : checksum);
    }
}
