using System.Numerics;

namespace RiscvXv6.Emulator.Cpu.Isa;

/// <summary>Takes encodings apart by the rows of <see cref="InstructionTable"/>.</summary>
internal static class Decoder
{
    private const int WideBucketCount = 256;
    private const int BucketCount = WideBucketCount + 32;
    private const uint Funct3Mask = 0x7000;

    private static readonly Lookup Buckets = new(InstructionTable.Rows);

    /// <summary>
    /// Decodes the instruction at the low end of <paramref name="encoding"/>. If its two lowest bits are not 11 it is a
    /// compressed one and the upper half does not count. Never throws: what no row matches, encodings longer than 32
    /// bits among it, is <see cref="Operation.Illegal"/>.
    /// </summary>
    public static DecodedInstruction Decode(uint encoding)
    {
        if ((encoding & 3) != 3)
        {
            encoding = (ushort)encoding;
        }

        foreach (ref readonly var candidate in Buckets.CandidatesFor(encoding))
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

        foreach (ref readonly var candidate in Buckets.CandidatesFor(encoding))
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

    private readonly struct Candidate(InstructionRow row)
    {
        public uint Mask { get; } = row.Mask;

        public uint Match { get; } = row.Match;

        public InstructionFormat Format { get; } = row.Format;

        public Operation Operation { get; } = row.Operation;

        public InstructionRow Row { get; } = row;
    }

    /// <summary>
    /// The rows that can match, by opcode and funct3 of 32-bit instructions and by quadrant and funct3 of compressed
    /// ones. All buckets lie in one array, each with its most specific rows first.
    /// </summary>
    private sealed class Lookup
    {
        private readonly Candidate[] candidates;
        private readonly int[] starts = new int[BucketCount + 1];

        public Lookup(IReadOnlyList<InstructionRow> rows)
        {
            InstructionRow[] bySpecificity = [.. rows];

            // Rows of equal specificity do not overlap, so that their order does not matter.
            Array.Sort(bySpecificity, static (a, b) => BitOperations.PopCount(b.Mask) - BitOperations.PopCount(a.Mask));

            foreach (var row in bySpecificity)
            {
                foreach (var encoding in FirstEncodings(row))
                {
                    starts[BucketOf(encoding) + 1]++;
                }
            }

            for (var bucket = 0; bucket < BucketCount; bucket++)
            {
                starts[bucket + 1] += starts[bucket];
            }

            candidates = new Candidate[starts[BucketCount]];
            var next = starts.AsSpan(0, BucketCount).ToArray();
            foreach (var row in bySpecificity)
            {
                foreach (var encoding in FirstEncodings(row))
                {
                    candidates[next[BucketOf(encoding)]++] = new Candidate(row);
                }
            }
        }

        public ReadOnlySpan<Candidate> CandidatesFor(uint encoding)
        {
            var bucket = BucketOf(encoding);
            var start = starts[bucket];
            return new ReadOnlySpan<Candidate>(candidates, start, starts[bucket + 1] - start);
        }

        private static int BucketOf(uint encoding) => (encoding & 3) == 3
            ? (int)(((encoding >> 2) & 0x1f) | ((encoding >> 7) & 0xe0))
            : WideBucketCount + (int)((encoding & 3) | ((encoding >> 11) & 0x1c));

        /// <summary>
        /// One encoding of the row for each funct3 that it allows: one for each bucket that it belongs to.
        /// </summary>
        private static IEnumerable<uint> FirstEncodings(InstructionRow row)
        {
            if (row.LengthBytes == 2)
            {
                // Every compressed row fixes its funct3.
                yield return row.Match;
                yield break;
            }

            for (var funct3 = 0u; funct3 <= Funct3Mask; funct3 += 0x1000)
            {
                var encoding = (row.Match & ~Funct3Mask) | funct3;
                if (row.Matches(encoding))
                {
                    yield return encoding;
                }
            }
        }
    }
}
