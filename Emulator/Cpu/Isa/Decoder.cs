using System.Numerics;

namespace RiscvXv6.Emulator.Cpu.Isa;

/// <summary>Takes encodings apart by the rows of <see cref="InstructionTable"/>.</summary>
internal static class Decoder
{
    private const int WideBucketCount = 256;
    private const int CompressedBucketCount = 32;

    /// <summary>Candidates of 32-bit instructions by opcode and funct3, then of compressed ones by quadrant and funct3.</summary>
    private static readonly Candidate[][] Buckets = FillBuckets();

    /// <summary>
    /// Decodes the instruction at the low end of <paramref name="encoding"/>. If its two lowest bits are not 11 it is a
    /// compressed one and the upper half does not count. Never throws: what no row matches, encodings longer than 32 bits
    /// among it, is <see cref="Operation.Illegal"/>.
    /// </summary>
    public static DecodedInstruction Decode(uint encoding)
    {
        if ((encoding & 3) != 3)
        {
            encoding = (ushort)encoding;
        }

        foreach (ref readonly var candidate in Buckets[BucketOf(encoding)].AsSpan())
        {
            if ((encoding & candidate.Mask) == candidate.Match)
            {
                return candidate.Operation == Operation.Illegal
                    ? Illegal(encoding)
                    : OperandFields.Extract(candidate.Format, candidate.Operation, encoding);
            }
        }

        return Illegal(encoding);
    }

    /// <summary>The row that <see cref="Decode"/> goes by, or null where none matches.</summary>
    public static InstructionRow? FindRow(uint encoding)
    {
        if ((encoding & 3) != 3)
        {
            encoding = (ushort)encoding;
        }

        foreach (ref readonly var candidate in Buckets[BucketOf(encoding)].AsSpan())
        {
            if ((encoding & candidate.Mask) == candidate.Match)
            {
                return candidate.Row;
            }
        }

        return null;
    }

    private static DecodedInstruction Illegal(uint encoding) => new()
    {
        Operation = Operation.Illegal,
        LengthBytes = (byte)((encoding & 3) == 3 ? 4 : 2),
        Immediate = encoding,
    };

    private static int BucketOf(uint encoding) => (encoding & 3) == 3
        ? (int)(((encoding >> 2) & 31) | ((encoding >> 7) & 0xe0))
        : WideBucketCount + (int)((encoding & 3) | ((encoding >> 11) & 0x1c));

    private static Candidate[][] FillBuckets()
    {
        var lists = new List<Candidate>[WideBucketCount + CompressedBucketCount];
        for (var i = 0; i < lists.Length; i++)
        {
            lists[i] = [];
        }

        foreach (var row in InstructionTable.Rows)
        {
            var candidate = new Candidate(row);
            if (row.LengthBytes == 2)
            {
                lists[BucketOf(row.Match)].Add(candidate);
                continue;
            }

            for (var funct3 = 0u; funct3 < 8; funct3++)
            {
                var encoding = (row.Match & ~0x7000u) | (funct3 << 12);
                if (row.Matches(encoding))
                {
                    lists[BucketOf(encoding)].Add(candidate);
                }
            }
        }

        var buckets = new Candidate[lists.Length][];
        for (var i = 0; i < lists.Length; i++)
        {
            // The most specific first; rows of equal specificity do not overlap, so their order does not count.
            lists[i].Sort(static (a, b) => BitOperations.PopCount(b.Mask) - BitOperations.PopCount(a.Mask));
            buckets[i] = [.. lists[i]];
        }

        return buckets;
    }

    private readonly struct Candidate(InstructionRow row)
    {
        public uint Mask { get; } = row.Mask;

        public uint Match { get; } = row.Match;

        public InstructionFormat Format { get; } = row.Format;

        public Operation Operation { get; } = row.Operation;

        public InstructionRow Row { get; } = row;
    }
}
