using System.Buffers.Binary;

namespace RiscvXv6.Devices.Net.Wire;

/// <summary>A view of a TCP segment whose header lies wholly within the bytes (RFC 9293 "Header Format").</summary>
public readonly ref struct TcpSegment
{
    private readonly ReadOnlySpan<byte> _bytes;

    private TcpSegment(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    public ushort SourcePort => BinaryPrimitives.ReadUInt16BigEndian(_bytes);

    public ushort DestinationPort => BinaryPrimitives.ReadUInt16BigEndian(_bytes[2..]);

    public uint Sequence => BinaryPrimitives.ReadUInt32BigEndian(_bytes[4..]);

    public uint Acknowledgement => BinaryPrimitives.ReadUInt32BigEndian(_bytes[8..]);

    public TcpFlags Flags => (TcpFlags)_bytes[13];

    /// <summary>As it stands in the header: not shifted.</summary>
    public ushort Window => BinaryPrimitives.ReadUInt16BigEndian(_bytes[14..]);

    public ushort UrgentPointer => BinaryPrimitives.ReadUInt16BigEndian(_bytes[18..]);

    /// <summary>20 to 60.</summary>
    public int HeaderBytes => (_bytes[12] >> 4) * 4;

    public ReadOnlySpan<byte> Payload => _bytes[HeaderBytes..];

    /// <summary>What the segment takes of the sequence space: its data, and one each for SYN and FIN.</summary>
    public uint SequenceLength =>
        (uint)Payload.Length + ((Flags & TcpFlags.Syn) != 0 ? 1u : 0) + ((Flags & TcpFlags.Fin) != 0 ? 1u : 0);

    /// <summary>
    /// Reads a datagram's payload. False if the header is cut off or says that it is shorter than it can be.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out TcpSegment segment)
    {
        segment = new TcpSegment(bytes);
        return bytes.Length >= TcpHeader.SizeBytes
            && segment.HeaderBytes >= TcpHeader.SizeBytes
            && segment.HeaderBytes <= bytes.Length;
    }

    public TcpOptions ReadOptions() => TcpOptions.Read(_bytes[TcpHeader.SizeBytes..HeaderBytes]);

    public bool HasValidChecksum(IPv4Address source, IPv4Address destination) => InternetChecksum.Sum(
        _bytes, InternetChecksum.SumPseudoHeader(source, destination, IpProtocol.Tcp, _bytes.Length))
        == InternetChecksum.Valid;
}
