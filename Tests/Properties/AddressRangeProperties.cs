using System.Numerics;
using FsCheck.NUnit;
using RiscvXv6.Devices.Bus;

namespace RiscvXv6.Tests.Properties;

/// <summary>Ranges are compared in 64 bits without overflow; here the same is said in numbers without end.</summary>
public sealed class AddressRangeProperties
{
    [Property(MaxTest = 1000)]
    public bool An_access_is_inside_if_its_first_and_last_bytes_are(ulong first, ulong size, ulong address, ulong length)
    {
        var range = Range(first, size);
        length = length % 4096 + 1;
        BigInteger end = (BigInteger)range.Base + range.SizeBytes;
        bool inside = address >= range.Base && (BigInteger)address + length <= end;
        return range.Contains(address, length) == inside
            && range.Contains(address) == (address >= range.Base && address < end);
    }

    [Property(MaxTest = 1000)]
    public bool Ranges_near_each_other_overlap_if_they_share_a_byte(ulong first, byte size, sbyte distance, byte otherSize)
    {
        var one = Range(first, size);
        var other = Range(unchecked(first + (ulong)distance), otherSize);
        bool share = (BigInteger)one.Base < (BigInteger)other.Base + other.SizeBytes
            && (BigInteger)other.Base < (BigInteger)one.Base + one.SizeBytes;
        return one.Overlaps(other) == share && other.Overlaps(one) == share;
    }

    /// <summary>A range that is not empty and does not wrap, as the type demands.</summary>
    private static AddressRange Range(ulong first, ulong size) =>
        new(first, Math.Clamp(size, 1, Math.Max(1, ulong.MaxValue - first)));
}
