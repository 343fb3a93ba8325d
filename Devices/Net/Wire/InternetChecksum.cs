using System.Buffers.Binary;

namespace RiscvXv6.Devices.Net.Wire;

/// <summary>
/// The ones' complement sum of 16-bit words that IPv4, ICMP, UDP and TCP protect themselves with (RFC 1071
/// "Introduction"). Bytes that include a correct checksum sum to <see cref="Valid"/>.
/// </summary>
public static class InternetChecksum
{
    /// <summary>Minus zero: the sum over bytes whose checksum is right.</summary>
    public const uint Valid = 0xffff;

    /// <summary>
    /// Sums bytes, folded into 16 bits. An odd last byte counts as the high half of a word, so only a last piece may be
    /// odd.
    /// </summary>
    /// <param name="bytes">At most some megabytes.</param>
    /// <param name="partial">The sum of what goes before.</param>
    public static uint Sum(ReadOnlySpan<byte> bytes, uint partial = 0)
    {
        ulong sum = partial;
        while (bytes.Length >= sizeof(ulong))
        {
            // Words of 32 bits do as well as of 16, for 2^16 is 1 in this arithmetic.
            ulong words = BinaryPrimitives.ReadUInt64BigEndian(bytes);
            sum += (words >> 32) + (uint)words;
            bytes = bytes[sizeof(ulong)..];
        }

        while (bytes.Length >= sizeof(ushort))
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(bytes);
            bytes = bytes[sizeof(ushort)..];
        }

        if (!bytes.IsEmpty)
        {
            sum += (uint)bytes[0] << 8;
        }

        return Fold(sum);
    }

    /// <summary>The sum of the pseudo header that UDP and TCP include (RFC 9293 "Header Format").</summary>
    /// <param name="source">Who sends.</param>
    /// <param name="destination">Who receives.</param>
    /// <param name="protocol">The protocol's number.</param>
    /// <param name="lengthBytes">Header and data of the protocol.</param>
    public static uint SumPseudoHeader(
        IPv4Address source, IPv4Address destination, IpProtocol protocol, int lengthBytes) =>
        Fold((ulong)source.Value + destination.Value + (byte)protocol + (uint)lengthBytes);

    /// <summary>What goes into a checksum field, from the sum over everything with that field 0.</summary>
    public static ushort Finish(uint sum) => (ushort)~sum;

    /// <summary>The checksum of bytes in which the field is 0.</summary>
    public static ushort Compute(ReadOnlySpan<byte> bytes) => Finish(Sum(bytes));

    private static uint Fold(ulong sum)
    {
        while (sum >> 16 != 0)
        {
            sum = (sum & 0xffff) + (sum >> 16);
        }

        return (uint)sum;
    }
}
