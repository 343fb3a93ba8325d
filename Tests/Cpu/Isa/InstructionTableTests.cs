using NUnit.Framework;
using RiscvXv6.Emulator.Cpu.Isa;

namespace RiscvXv6.Tests.Cpu.Isa;

[TestFixture]
internal sealed class InstructionTableTests
{
    [Test]
    public void Rows_overlap_only_where_one_of_them_or_a_third_row_is_more_specific()
    {
        Assert.That(Ambiguities(InstructionTable.Rows), Is.Empty);
    }

    [Test]
    public void The_overlap_check_catches_two_rows_that_claim_the_same_encodings()
    {
        var left = new InstructionRow(
            "left", "000 . ..... 00000 01", InstructionFormat.CompressedI, Operation.Addi, "rd,imm", Extension.C);
        var right = new InstructionRow(
            "right", "000 0 ..... ..... 01", InstructionFormat.CompressedI, Operation.Addi, "rd,imm", Extension.C);
        var crossing = new InstructionRow(
            "crossing", "000 0 ..... 00000 01", InstructionFormat.None, Operation.Illegal, "", Extension.C);

        Assert.That(Ambiguities([left, right]), Has.Count.EqualTo(1));
        Assert.That(Ambiguities([left, right, crossing]), Is.Empty);
        Assert.That(Ambiguities([left, left]), Is.Not.Empty);
    }

    [Test]
    public void Every_pattern_has_the_bits_of_its_length_and_says_that_length()
    {
        foreach (var row in InstructionTable.Rows)
        {
            Assert.That(row.LengthBytes, Is.EqualTo((row.Match & 3) == 3 ? 4 : 2), row.Mnemonic);
            Assert.That(row.Mask & 3, Is.EqualTo(3), row.Mnemonic);
            Assert.That(row.Pattern.Count(static c => c != ' '), Is.EqualTo(8 * row.LengthBytes), row.Mnemonic);
            Assert.That(row.Pattern.Trim('0', '1', '.', ' '), Is.Empty, row.Mnemonic);
        }
    }

    [Test]
    public void Every_operation_has_one_base_instruction_named_like_it()
    {
        // fence.tso and pause are fences with names of their own.
        var counts = InstructionTable.Rows
            .Where(static row => row.LengthBytes == 4 && row.Mnemonic is not ("fence.tso" or "pause"))
            .ToDictionary(static row => row.Operation, static row => row.Mnemonic.Replace(".", "", StringComparison.Ordinal));

        foreach (var operation in Enum.GetValues<Operation>().Where(static operation => operation != Operation.Illegal))
        {
            Assert.That(counts, Does.ContainKey(operation));
            Assert.That(counts[operation], Is.EqualTo(operation.ToString()).IgnoreCase);
        }
    }

    [Test]
    public void Operations_are_dense_from_zero()
    {
        var values = Enum.GetValues<Operation>().Select(static operation => (int)operation).ToList();

        Assert.That(values, Is.EqualTo(Enumerable.Range(0, values.Count)));
        Assert.That((int)Operation.Illegal, Is.Zero);
    }

    [Test]
    public void Mnemonics_are_unique()
    {
        var legal = InstructionTable.Rows.Where(static row => row.Operation != Operation.Illegal);

        Assert.That(legal.Select(static row => row.Mnemonic), Is.Unique);
    }

    /// <summary>Pairs that both match some encoding for which no row is the most specific.</summary>
    private static List<string> Ambiguities(IReadOnlyList<InstructionRow> rows)
    {
        var found = new List<string>();
        for (var i = 0; i < rows.Count; i++)
        {
            for (var j = i + 1; j < rows.Count; j++)
            {
                var (a, b) = (rows[i], rows[j]);
                if (((a.Match ^ b.Match) & a.Mask & b.Mask) != 0)
                {
                    continue;
                }

                var mask = a.Mask | b.Mask;
                var isSame = a.Mask == b.Mask;
                var isNested = !isSame && (mask == a.Mask || mask == b.Mask);
                var isSettled = rows.Any(c => c.Mask == mask && c.Match == ((a.Match | b.Match) & mask));
                if (isSame || (!isNested && !isSettled))
                {
                    found.Add($"{a.Mnemonic} {a.Pattern} and {b.Mnemonic} {b.Pattern}");
                }
            }
        }

        return found;
    }
}
