using RiscvXv6.Emulator.Cpu.Isa;

namespace RiscvXv6.Tests.Cpu.Isa;

/// <summary>Encodings to test with, made from patterns alone: neither decoder nor encoder has a part in them.</summary>
internal static class SampleEncodings
{
    private const int RandomPerRow = 24;
    private const uint FenceReservedBits = 0x000f_8f80;
    private const uint FenceModeBits = 0xf000_0000;
    private const uint FenceIOperandBits = 0xffff_8f80;

    /// <summary>
    /// Encodings that belong to <paramref name="row"/>: all operand bits clear, all set, each set alone, each clear
    /// alone, and random ones. That has every corner of every operand in it: 0, 1, each power of two, the largest, -1
    /// and the smallest.
    /// </summary>
    public static IEnumerable<uint> Of(InstructionRow row, Random random)
    {
        var all = row.LengthBytes == 2 ? 0xffffu : uint.MaxValue;
        var free = all & ~row.Mask & ~ReservedBits(row);
        var values = new List<uint> { 0, free, 0xaaaa_aaaa & free, 0x5555_5555 & free };
        for (var bit = 0; bit < 32; bit++)
        {
            values.Add((1u << bit) & free);
            values.Add(~(1u << bit) & free);
        }

        for (var i = 0; i < RandomPerRow; i++)
        {
            values.Add((uint)random.NextInt64(1L << 32) & free);
        }

        return values
            .Distinct()
            .Select(value => row.Match | value)
            .Where(encoding => !InstructionTable.Rows.Any(other => IsWithin(other, row) && other.Matches(encoding)));
    }

    /// <summary>
    /// Bits that an implementation ignores and GNU expects clear. "Memory Ordering Instructions", "Zifencei".
    /// </summary>
    public static uint ReservedBits(InstructionRow row) => row.Mnemonic switch
    {
        "fence" => FenceReservedBits | FenceModeBits,
        "fence.i" => FenceIOperandBits,
        _ => 0,
    };

    private static bool IsWithin(InstructionRow inner, InstructionRow outer) => inner != outer
        && inner.LengthBytes == outer.LengthBytes
        && (inner.Mask & outer.Mask) == outer.Mask
        && (inner.Match & outer.Mask) == outer.Match;
}
