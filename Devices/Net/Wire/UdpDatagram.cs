using System.Buffers.Binary;

namespace RiscvXv6.Devices.Net.Wire;

/// <summary>A view of a UDP datagram that lies wholly within the bytes (RFC 768 "Format").</summary>
public readonly ref struct UdpDatagram
{
    private readonly ReadOnlySpan<byte> _bytes;

    private UdpDatagram(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    public ushort SourcePort => BinaryPrimitives.ReadUInt16BigEndian(_bytes);

    public ushort DestinationPort => BinaryPrimitives.ReadUInt16BigEndian(_bytes[2..]);

    public ReadOnlySpan<byte> Payload => _bytes[UdpHeader.SizeBytes..];

    /// <summary>Reads a packet's payload. False if it is cut off or says that it is shorter than its header.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out UdpDatagram datagram)
    {
        datagram = default;
        if (bytes.Length < UdpHeader.SizeBytes)
        {
            return false;
        }

        int lengthBytes = BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]);
        if (lengthBytes < UdpHeader.SizeBytes || lengthBytes > bytes.Length)
        {
            return false;
        }

        datagram = new UdpDatagram(bytes[..lengthBytes]);
        return true;
    }

    /// <summary>A checksum of 0 says that the sender made none, and is right (RFC 768 "Fields").</summary>
    public bool HasValidChecksum(IPv4Address source, IPv4Address destination) =>
        BinaryPrimitives.ReadUInt16BigEndian(_bytes[6..]) == 0
        || InternetChecksum.Sum(
            _bytes, InternetChecksum.SumPseudoHeader(source, destination, IpProtocol.Udp, _bytes.Length))
            == InternetChecksum.Valid;
}
