using System.Buffers.Binary;

namespace RiscvXv6.Devices.Net.Wire;

/// <summary>The header, without options, of a packet to be sent (RFC 791 "Internet Header Format").</summary>
/// <param name="Source">Who sends.</param>
/// <param name="Destination">Who is to receive.</param>
/// <param name="Protocol">What the payload is.</param>
/// <param name="Identification">Tells the fragments of one datagram from those of another.</param>
/// <param name="FragmentOffsetBytes">Where the payload lies in the datagram's: a multiple of 8.</param>
/// <param name="MoreFragments">This is not the last one.</param>
/// <param name="TimeToLive">Routers that it may pass.</param>
public readonly record struct IPv4Header(
    IPv4Address Source,
    IPv4Address Destination,
    IpProtocol Protocol,
    ushort Identification,
    int FragmentOffsetBytes = 0,
    bool MoreFragments = false,
    byte TimeToLive = IPv4Header.DefaultTimeToLive)
{
    public const int SizeBytes = 20;

    /// <summary>What IANA recommends (RFC 1122 "Time-to-Live").</summary>
    public const byte DefaultTimeToLive = 64;

    /// <summary>Longest payload: the length of a packet has 16 bits.</summary>
    public const int PayloadBytesMax = ushort.MaxValue - SizeBytes;

    /// <summary>Writes 20 bytes with their checksum, for which there must be room.</summary>
    public void Write(Span<byte> packet, int payloadBytes)
    {
        int offset = FragmentOffsetBytes / 8;
        packet[0] = 0x45;
        packet[1] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)(SizeBytes + payloadBytes));
        BinaryPrimitives.WriteUInt16BigEndian(packet[4..], Identification);
        BinaryPrimitives.WriteUInt16BigEndian(packet[6..], (ushort)(offset | (MoreFragments ? 1 << 13 : 0)));
        packet[8] = TimeToLive;
        packet[9] = (byte)Protocol;
        BinaryPrimitives.WriteUInt16BigEndian(packet[10..], 0);
        Source.Write(packet[12..]);
        Destination.Write(packet[16..]);
        BinaryPrimitives.WriteUInt16BigEndian(packet[10..], InternetChecksum.Compute(packet[..SizeBytes]));
    }
}
