using System.Buffers.Binary;

namespace RiscvXv6.Devices.Net.Wire;

/// <summary>
/// A view of an IPv4 packet whose header is complete, consistent and unharmed, and which lies wholly within the bytes
/// (RFC 791 "Internet Header Format").
/// </summary>
public readonly ref struct IPv4Packet
{
    private const int VersionFour = 4;
    private const int DontFragmentBit = 1 << 14;
    private const int MoreFragmentsBit = 1 << 13;
    private const int FragmentUnitBytes = 8;

    private readonly ReadOnlySpan<byte> _bytes;

    private IPv4Packet(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>Header and payload, without what padded the frame.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>20 to 60.</summary>
    public int HeaderBytes => HeaderBytesOf(_bytes);

    public ushort Identification => BinaryPrimitives.ReadUInt16BigEndian(_bytes[4..]);

    public bool DontFragment => (BinaryPrimitives.ReadUInt16BigEndian(_bytes[6..]) & DontFragmentBit) != 0;

    public bool MoreFragments => (BinaryPrimitives.ReadUInt16BigEndian(_bytes[6..]) & MoreFragmentsBit) != 0;

    /// <summary>Where the payload lies in the whole datagram's; a multiple of 8, up to 65,528.</summary>
    public int FragmentOffsetBytes => (BinaryPrimitives.ReadUInt16BigEndian(_bytes[6..]) & 0x1fff) * FragmentUnitBytes;

    public bool IsFragment => MoreFragments || FragmentOffsetBytes != 0;

    public byte TimeToLive => _bytes[8];

    public IpProtocol Protocol => (IpProtocol)_bytes[9];

    public IPv4Address Source => IPv4Address.Read(_bytes[12..]);

    public IPv4Address Destination => IPv4Address.Read(_bytes[16..]);

    public ReadOnlySpan<byte> Payload => _bytes[HeaderBytes..];

    /// <summary>
    /// Reads a frame's payload, which may be padded. False if anything is cut off, contradicts itself, or if the
    /// header's checksum is wrong (RFC 1122 "Checksum": such a datagram is silently discarded).
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out IPv4Packet packet)
    {
        packet = default;
        if (bytes.Length < IPv4Header.SizeBytes || bytes[0] >> 4 != VersionFour)
        {
            return false;
        }

        int headerBytes = HeaderBytesOf(bytes);
        int totalBytes = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        if (headerBytes < IPv4Header.SizeBytes
            || totalBytes < headerBytes
            || totalBytes > bytes.Length
            || InternetChecksum.Sum(bytes[..headerBytes]) != InternetChecksum.Valid)
        {
            return false;
        }

        packet = new IPv4Packet(bytes[..totalBytes]);
        return true;
    }

    private static int HeaderBytesOf(ReadOnlySpan<byte> bytes) => (bytes[0] & 0xf) * 4;
}
