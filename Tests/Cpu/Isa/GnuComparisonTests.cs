using System.Globalization;
using NUnit.Framework;
using RiscvXv6.Emulator.Cpu.Isa;

namespace RiscvXv6.Tests.Cpu.Isa;

/// <summary>Decoder, encoder and disassembler against GNU as and objdump.</summary>
[TestFixture]
internal sealed class GnuComparisonTests
{
    private const int Seed = 20260117;
    private const int ReportedDifferences = 12;

    /// <summary>
    /// Instructions that objdump knows whatever the architecture string says, and this machine does not have.
    /// </summary>
    private static readonly string[] ForeignMnemonics =
        ["uret", "hret", "dret", "sfence.vm", "hfence.", "hlv", "hsv.", "hinval.", "unimp", "c.unimp"];

    [Test]
    public void Every_row_reads_as_objdump_reads_it_at_corner_operands()
    {
        var random = new Random(Seed);
        var encodings = InstructionTable.Rows.SelectMany(row => SampleEncodings.Of(row, random)).ToList();

        Assert.That(encodings, Has.Count.GreaterThan(10_000));
        Assert.That(Differences(encodings, Disassembler.Format), Is.Empty);
    }

    [Test]
    public void Every_compressed_parcel_reads_as_objdump_reads_it()
    {
        var encodings = Enumerable.Range(0, 0x10000)
            .Select(static value => (uint)value)
            .Where(static value => (value & 3) != 3)
            .ToList();

        Assert.That(Differences(encodings, Disassembler.Format), Is.Empty);
    }

    [Test]
    public void Random_words_are_legal_and_read_as_objdump_has_it()
    {
        var random = new Random(Seed);
        var encodings = new List<uint>();
        for (var i = 0; i < 20_000; i++)
        {
            encodings.Add((uint)random.NextInt64(1L << 32) | 3);
        }

        // One fixed bit away from an instruction is where a decoder that checks too little is found.
        foreach (var row in InstructionTable.Rows.Where(static row => row.LengthBytes == 4))
        {
            for (var bit = 2; bit < 32; bit++)
            {
                var operands = (uint)random.NextInt64(1L << 32) & ~row.Mask;
                encodings.Add((row.Match | operands) ^ (1u << bit));
            }
        }

        // Encodings of more than 32 bits would take their neighbours with them.
        encodings.RemoveAll(static encoding => (encoding & 0x1f) == 0x1f);
        Assert.That(Differences(encodings, Disassembler.Format), Is.Empty);
    }

    [Test]
    public void Every_CSR_number_has_the_name_that_objdump_gives_it()
    {
        var encodings = Enumerable.Range(0, 4096).Select(static number => ((uint)number << 20) | 0x0005_9573).ToList();
        var expected = GnuTools.Disassemble(encodings);
        var wrong = new List<string>();
        for (var number = 0; number < encodings.Count; number++)
        {
            var name = expected[number].Split(',')[1];
            if (CsrNames.Find(number) is { } ours && ours != name)
            {
                wrong.Add($"0x{number:x}: {ours}, but objdump has {name}");
            }
        }

        Assert.That(wrong, Is.Empty);
        Assert.That(CsrNames.Numbers.Count(), Is.GreaterThan(200));
    }

    [Test]
    public void What_the_disassembler_writes_assembles_to_the_encoding_that_it_read()
    {
        var random = new Random(Seed);
        var source = new System.Text.StringBuilder();
        var expected = new List<byte>();
        var lines = new List<string>();
        foreach (var row in InstructionTable.Rows.Where(static row => row.Operation != Operation.Illegal))
        {
            source.Append(row.LengthBytes == 2 ? ".option rvc\n" : ".option norvc\n");
            foreach (var encoding in SampleEncodings.Of(row, random))
            {
                var text = AssemblerText(row, encoding);
                if (!IsWritable(row, encoding, text))
                {
                    continue;
                }

                source.Append(text).Append('\n');
                for (var i = 0; i < row.LengthBytes; i++)
                {
                    expected.Add((byte)(encoding >> (8 * i)));
                    lines.Add(text);
                }
            }
        }

        var assembled = GnuTools.Assemble(source.ToString());

        var difference = assembled.AsSpan().CommonPrefixLength(expected.ToArray());
        Assert.That(difference, Is.EqualTo(expected.Count), () => $"first difference in: {lines[difference]}");
        Assert.That(assembled, Has.Length.EqualTo(expected.Count));
    }

    [Test]
    public void Encoding_what_was_decoded_gives_the_same_encoding()
    {
        var random = new Random(Seed);
        var wrong = new List<string>();
        foreach (var row in InstructionTable.Rows.Where(static row => row.Operation != Operation.Illegal))
        {
            foreach (var encoding in SampleEncodings.Of(row, random))
            {
                var encoded = Encoder.Encode(row, Decoder.Decode(encoding));
                if (encoded != encoding)
                {
                    wrong.Add($"{row.Mnemonic}: {encoding:x8} became {encoded:x8}");
                }
            }
        }

        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public void The_comparison_catches_a_disassembler_that_confuses_two_registers()
    {
        var encodings = new List<uint> { 0x00b5_0533, 0x00c5_8533 };

        var differences = Differences(
            encodings,
            static (encoding, address) =>
                Disassembler.Format(encoding, address).Replace("a2", "a3", StringComparison.Ordinal));

        Assert.That(differences, Has.Count.EqualTo(1));
        Assert.That(differences[0], Does.Contain("add a0,a1,a2"));
    }

    [Test]
    public void The_comparison_catches_a_disassembler_that_takes_an_illegal_word_for_an_instruction()
    {
        var differences = Differences([0x0000_002b], static (_, _) => "add a0,a0,a1");

        Assert.That(differences, Has.Count.EqualTo(1));
    }

    private static List<string> Differences(IReadOnlyList<uint> encodings, Func<uint, ulong, string> disassemble)
    {
        var expected = GnuTools.Disassemble(encodings);
        var differences = new List<string>();
        var address = 0ul;
        for (var i = 0; i < encodings.Count; i++)
        {
            var encoding = encodings[i];
            var text = disassemble(encoding, address);
            address += (encoding & 3) == 3 ? 4u : 2u;
            if (text != expected[i] && !IsKnownDifference(encoding, text, expected[i]))
            {
                differences.Add($"{encoding:x8}: {text}, but objdump has {expected[i]}");
            }
        }

        return differences.Count > ReportedDifferences
            ? [.. differences.Take(ReportedDifferences), $"and {differences.Count - ReportedDifferences} more"]
            : differences;
    }

    /// <summary>The differences that are meant, each with its reason.</summary>
    private static bool IsKnownDifference(uint encoding, string ours, string gnu)
    {
        var row = Decoder.FindRow(encoding);
        if (row is null || row.Operation == Operation.Illegal)
        {
            // GNU knows more instructions than this machine has, and writes c.addi16sp sp,0, which is reserved.
            return ours.StartsWith('.')
                && (gnu == "c.addi16sp sp,0"
                    || ForeignMnemonics.Any(name => gnu.StartsWith(name, StringComparison.Ordinal)));
        }

        var gnuKnowsNone = gnu.StartsWith('.');
        return row.Mnemonic switch
        {
            // To GNU c.nop is an alias of c.addi, and a shift by zero an instruction of RV128.
            "c.nop" => gnu == $"c.addi zero,{Decoder.Decode(encoding).Immediate}",
            "c.slli" or "c.srli" or "c.srai" => ours == gnu.Replace("64", "", StringComparison.Ordinal) + ",0x0",

            // GNU does not know the rounding mode of conversions that are always exact, nor that fences ignore their
            // reserved fields.
            "fcvt.d.s" or "fcvt.d.w" or "fcvt.d.wu" => gnuKnowsNone && ((encoding >> 12) & 7) != 0,
            "fence" or "fence.i" => gnuKnowsNone && (encoding & SampleEncodings.ReservedBits(row)) != 0,

            // csrrw zero,cycle,zero.
            "csrrw" when gnu == "unimp" => true,

            // CSRs that this machine leaves without a name.
            "csrrw" or "csrrs" or "csrrc" or "csrrwi" or "csrrsi" or "csrrci" =>
                CsrNames.Find((int)(encoding >> 20)) is null
                && ours == gnu.Replace($",{gnu.Split(',')[1]},", $",0x{encoding >> 20:x},", StringComparison.Ordinal),
            _ => false,
        };
    }

    /// <summary>
    /// GNU as has no way to write reserved values, superfluous rounding modes and compressed shifts by zero.
    /// </summary>
    private static bool IsWritable(InstructionRow row, uint encoding, string text) => row.Mnemonic switch
    {
        "fcvt.d.s" or "fcvt.d.w" or "fcvt.d.wu" => ((encoding >> 12) & 7) == 0,
        "c.slli" or "c.srli" or "c.srai" => !text.EndsWith(",0x0", StringComparison.Ordinal),
        _ => !text.Contains("unknown", StringComparison.Ordinal),
    };

    /// <summary>The disassembly, with targets relative to where the line will be.</summary>
    private static string AssemblerText(InstructionRow row, uint encoding)
    {
        var text = Disassembler.Format(encoding, 0);
        if (!row.Operands.Contains("target", StringComparison.Ordinal))
        {
            return text;
        }

        var distance = Decoder.Decode(encoding).Immediate;
        var withoutTarget = text[..text.LastIndexOf("0x", StringComparison.Ordinal)];
        return string.Create(CultureInfo.InvariantCulture, $"{withoutTarget}.{distance:+0;-0}");
    }
}
