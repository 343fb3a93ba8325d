using System.Buffers.Binary;

namespace RiscvXv6.Devices.Net.Wire;

/// <summary>What the header of a segment to be sent says.</summary>
/// <param name="SourcePort">The sender's port.</param>
/// <param name="DestinationPort">The receiver's port.</param>
/// <param name="Sequence">Number of the first byte, or of SYN.</param>
/// <param name="Acknowledgement">Number that the sender expects next.</param>
/// <param name="Flags">The control bits.</param>
/// <param name="Window">As it stands in the header: already shifted.</param>
public readonly record struct TcpHeader(
    ushort SourcePort, ushort DestinationPort, uint Sequence, uint Acknowledgement, TcpFlags Flags, ushort Window)
{
    /// <summary>Without options.</summary>
    public const int SizeBytes = 20;

    private const int ChecksumOffset = 16;

    /// <summary>
    /// Writes header and options, for which there must be room. The checksum stays 0 until <see cref="Seal"/>.
    /// </summary>
    /// <returns>Where the data go.</returns>
    public int Write(Span<byte> segment, in TcpOptions options)
    {
        int headerBytes = SizeBytes + options.SizeBytes;
        BinaryPrimitives.WriteUInt16BigEndian(segment, SourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(segment[2..], DestinationPort);
        BinaryPrimitives.WriteUInt32BigEndian(segment[4..], Sequence);
        BinaryPrimitives.WriteUInt32BigEndian(segment[8..], Acknowledgement);
        segment[12] = (byte)(headerBytes / 4 << 4);
        segment[13] = (byte)Flags;
        BinaryPrimitives.WriteUInt16BigEndian(segment[14..], Window);
        BinaryPrimitives.WriteUInt32BigEndian(segment[ChecksumOffset..], 0);
        options.Write(segment[SizeBytes..]);
        return headerBytes;
    }

    /// <summary>Writes the checksum into a segment that is complete.</summary>
    /// <param name="segment">Header, options and data, and nothing behind them.</param>
    public static void Seal(Span<byte> segment, IPv4Address source, IPv4Address destination)
    {
        BinaryPrimitives.WriteUInt16BigEndian(segment[ChecksumOffset..], 0);
        uint sum = InternetChecksum.Sum(
            segment, InternetChecksum.SumPseudoHeader(source, destination, IpProtocol.Tcp, segment.Length));
        BinaryPrimitives.WriteUInt16BigEndian(segment[ChecksumOffset..], InternetChecksum.Finish(sum));
    }
}
