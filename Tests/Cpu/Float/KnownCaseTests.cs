using System.Globalization;
using NUnit.Framework;
using RiscvXv6.Emulator.Cpu.Float;

namespace RiscvXv6.Tests.Cpu.Float;

/// <summary>Cases worked out by hand or stated in the manual, among them every corner in which implementations are known to differ.</summary>
[TestFixture]
internal sealed class KnownCaseTests
{
    // Operation, format, mode (* = all five), operands = result, flags. Bits in hexadecimal.
    private const string Table = """
        # Halfway between 1 and its successor: the five modes part.
        add s rne 3f800000 33800000 = 3f800000 NX
        add s rtz 3f800000 33800000 = 3f800000 NX
        add s rdn 3f800000 33800000 = 3f800000 NX
        add s rup 3f800000 33800000 = 3f800001 NX
        add s rmm 3f800000 33800000 = 3f800001 NX
        add s rne 3f800001 33800000 = 3f800002 NX
        add s rdn bf800000 b3800000 = bf800001 NX
        add s rup bf800000 b3800000 = bf800000 NX
        add s rmm bf800000 b3800000 = bf800001 NX
        add d rne 3ff0000000000000 3ca0000000000000 = 3ff0000000000000 NX
        add d rmm 3ff0000000000000 3ca0000000000000 = 3ff0000000000001 NX

        # Overflow is judged by the result rounded with an unbounded exponent: half a unit above the largest is none toward zero.
        add s rne 7f7fffff 73000000 = 7f800000 OF NX
        add s rtz 7f7fffff 73000000 = 7f7fffff NX
        add s rdn 7f7fffff 73000000 = 7f7fffff NX
        add s rup 7f7fffff 00000001 = 7f800000 OF NX
        add s rtz 7f7fffff 7f7fffff = 7f7fffff OF NX
        add s rdn 7f7fffff 7f7fffff = 7f7fffff OF NX
        add s rup ff7fffff ff7fffff = ff7fffff OF NX
        add s rdn ff7fffff ff7fffff = ff800000 OF NX
        mul d rmm 7fefffffffffffff c000000000000000 = fff0000000000000 OF NX

        # Signs of zero sums.
        sub s rne 3f800000 3f800000 = 00000000
        sub s rdn 3f800000 3f800000 = 80000000
        add s * 80000000 80000000 = 80000000
        add s rdn 00000000 00000000 = 00000000
        add s rne 00000000 80000000 = 00000000
        add s rdn 00000000 80000000 = 80000000
        sub d rdn 8000000000000000 8000000000000000 = 8000000000000000
        madd s rdn 3f800000 3f800000 bf800000 = 80000000
        madd s rup 3f800000 3f800000 bf800000 = 00000000
        madd s * bf800000 00000000 80000000 = 80000000
        mul s * 80000000 3f800000 = 80000000

        # Invalid operations give the canonical NaN; payloads and signs of NaNs are lost; quiet ones raise nothing.
        sub s * 7f800000 7f800000 = 7fc00000 NV
        add s * 7f800000 ff800000 = 7fc00000 NV
        add s * 7f800000 00000001 = 7f800000
        add s * 00000001 ff800000 = ff800000
        add s * ffc12345 3f800000 = 7fc00000
        add s * 3f800000 7f800001 = 7fc00000 NV
        add d * fff8000000000123 3ff0000000000000 = 7ff8000000000000
        mul s * 00000000 7f800000 = 7fc00000 NV
        mul d * 7ff0000000000001 0000000000000000 = 7ff8000000000000 NV
        div s * 00000000 80000000 = 7fc00000 NV
        div s * 7f800000 ff800000 = 7fc00000 NV
        sqrt s * bf800000 = 7fc00000 NV
        sqrt s * ff800000 = 7fc00000 NV
        sqrt d * 8000000000000001 = 7ff8000000000000 NV

        # Unpriv "F": infinity times zero is invalid even if the addend is a quiet NaN.
        madd s * 7f800000 00000000 7fc00000 = 7fc00000 NV
        madd d * 0000000000000000 fff0000000000000 7ff8000000000000 = 7ff8000000000000 NV
        madd s * 7f800000 3f800000 7fc00000 = 7fc00000
        madd s * 7f800000 3f800000 ff800000 = 7fc00000 NV
        madd s * 3f800000 3f800000 7f800001 = 7fc00000 NV

        # Division.
        div s rne 3f800000 40400000 = 3eaaaaab NX
        div s rtz 3f800000 40400000 = 3eaaaaaa NX
        div d rne 3ff0000000000000 4008000000000000 = 3fd5555555555555 NX
        div d rup 3ff0000000000000 4008000000000000 = 3fd5555555555556 NX
        div s * 3f800000 00000000 = 7f800000 DZ
        div s * 3f800000 80000000 = ff800000 DZ
        div s * 7f800000 80000000 = ff800000
        div s * bf800000 7f800000 = 80000000
        div s * 40c00000 40400000 = 40000000

        # Square roots.
        sqrt s rne 40000000 = 3fb504f3 NX
        sqrt d rne 4000000000000000 = 3ff6a09e667f3bcd NX
        sqrt d rtz 4000000000000000 = 3ff6a09e667f3bcc NX
        sqrt s * 40800000 = 40000000
        sqrt s * 80000000 = 80000000
        sqrt s * 7f800000 = 7f800000
        sqrt d * 0000000000000004 = 1e70000000000000

        # Underflow. 2^-126 * (1 - 2^-24) is tiny at full precision although it rounds to the smallest normal number ...
        mul s rne 00800000 3f7fffff = 00800000 NX UF
        mul s rup 00800000 3f7fffff = 00800000 NX UF
        mul s rtz 00800000 3f7fffff = 007fffff NX UF
        # ... but 2^-126 * (1 - 2^-25) = 2^-126 - 2^-75 * 2^-76 is not, if rounding at full precision takes it up to 2^-126.
        madd s rne 1a000000 99800000 00800000 = 00800000 NX
        madd s rup 1a000000 99800000 00800000 = 00800000 NX
        madd s rmm 1a000000 99800000 00800000 = 00800000 NX
        madd s rdn 1a000000 99800000 00800000 = 007fffff NX UF
        madd s rtz 1a000000 99800000 00800000 = 007fffff NX UF
        mul s rne 00000001 3f000000 = 00000000 NX UF
        mul s rup 00000001 3f000000 = 00000001 NX UF
        mul s rmm 00000001 3f000000 = 00000001 NX UF
        mul s rdn 80000001 3f000000 = 80000001 NX UF
        mul s * 00000002 3f000000 = 00000001
        add s * 00000001 00000001 = 00000002
        sub s * 00800000 00000001 = 007fffff
        mul d rne 0000000000000001 0000000000000001 = 0000000000000000 NX UF
        mul d rup 0000000000000001 8000000000000001 = 8000000000000000 NX UF

        # The four fused instructions of 1, 2 and 3; and a product whose low half only a single rounding keeps.
        madd s * 3f800000 40000000 40400000 = 40a00000
        msub s * 3f800000 40000000 40400000 = bf800000
        nmsub s * 3f800000 40000000 40400000 = 3f800000
        nmadd s * 3f800000 40000000 40400000 = c0a00000
        msub s * 3f800800 3f800800 3f801000 = 33800000

        # minimumNumber and maximumNumber.
        min s * 00000000 80000000 = 80000000
        max s * 80000000 00000000 = 00000000
        min s * 7fc00000 3f800000 = 3f800000
        min s * 3f800000 7f800001 = 3f800000 NV
        max s * ffc00001 7fc00002 = 7fc00000
        max d * 7ff0000000000001 7ff8000000000000 = 7ff8000000000000 NV
        min d * fff0000000000000 bff0000000000000 = fff0000000000000
        max s * bf800000 c0000000 = bf800000

        # Comparisons: eq is quiet, lt and le signal.
        eq s * 00000000 80000000 = 1
        eq s * 7fc00000 7fc00000 = 0
        eq s * 7f800001 3f800000 = 0 NV
        lt s * 80000000 00000000 = 0
        le s * 00000000 80000000 = 1
        lt s * 7fc00000 3f800000 = 0 NV
        le s * 3f800000 7fc00000 = 0 NV
        lt d * fff0000000000000 ffefffffffffffff = 1
        le d * bff0000000000000 c000000000000000 = 0

        # The ten classes.
        class s * ff800000 = 1
        class s * bf800000 = 2
        class s * 80000001 = 4
        class s * 80000000 = 8
        class s * 00000000 = 10
        class s * 007fffff = 20
        class s * 00800000 = 40
        class s * 7f800000 = 80
        class s * ffbfffff = 100
        class s * ffffffff = 200
        class d * ffefffffffffffff = 2
        class d * 000fffffffffffff = 20
        class d * 7ff7ffffffffffff = 100
        class d * fff8000000000000 = 200

        # Unpriv, "Domains of float-to-integer conversions and behavior for invalid inputs".
        to-i32 s * 7fc00000 = 7fffffff NV
        to-i32 s * 7f800000 = 7fffffff NV
        to-i32 s * ff800000 = ffffffff80000000 NV
        to-i32 s * 4f000000 = 7fffffff NV
        to-i32 s * cf000000 = ffffffff80000000
        to-i32 s * cf000001 = ffffffff80000000 NV
        to-u32 s * ffc00000 = ffffffffffffffff NV
        to-u32 s * 7f800000 = ffffffffffffffff NV
        to-u32 s * ff800000 = 0 NV
        to-u32 s * bf800000 = 0 NV
        to-u32 s * 4f000000 = ffffffff80000000
        to-u32 s * 4f800000 = ffffffffffffffff NV
        to-i64 s * 7f800001 = 7fffffffffffffff NV
        to-i64 s * 5f000000 = 7fffffffffffffff NV
        to-i64 s * df000000 = 8000000000000000
        to-i64 s * ff800000 = 8000000000000000 NV
        to-u64 s * 5f000000 = 8000000000000000
        to-u64 s * 5f800000 = ffffffffffffffff NV
        to-u64 s * ff800000 = 0 NV
        to-u64 d * 7ff8000000000000 = ffffffffffffffff NV
        to-u64 d * 43efffffffffffff = fffffffffffff800

        # What is out of range depends on the mode: 2^31 - 1/2, -1/2, -1.
        to-i32 d rne 41dfffffffe00000 = 7fffffff NV
        to-i32 d rtz 41dfffffffe00000 = 7fffffff NX
        to-i32 d rdn c1e0000000100000 = ffffffff80000000 NV
        to-i32 d rtz c1e0000000100000 = ffffffff80000000 NX
        to-u32 s rne bf000000 = 0 NX
        to-u32 s rtz bf000000 = 0 NX
        to-u32 s rup bf000000 = 0 NX
        to-u32 s rdn bf000000 = 0 NV
        to-u32 s rmm bf000000 = 0 NV
        to-i32 s rne bf000000 = 0 NX
        to-i32 s rmm bf000000 = ffffffffffffffff NX
        to-i32 s rdn bf000000 = ffffffffffffffff NX
        to-u64 d rtz bfefffffffffffff = 0 NX
        to-i64 s rne 40200000 = 2 NX
        to-i64 s rmm 40200000 = 3 NX
        to-i64 s rup 40200000 = 3 NX
        to-i64 s rne 40600000 = 4 NX
        to-i64 s rup 00000001 = 1 NX
        to-i64 s rdn 80000001 = ffffffffffffffff NX
        to-i64 s * 80000000 = 0

        # From integers.
        from-i32 s * 0 = 00000000
        from-i32 s * ffffffff00000001 = 3f800000
        from-i32 s * ffffffff = bf800000
        from-u32 s rne ffffffff = 4f800000 NX
        from-u32 s rtz ffffffff = 4f7fffff NX
        from-i32 s rne 1000001 = 4b800000 NX
        from-i32 s rup 1000001 = 4b800001 NX
        from-i32 s rmm 1000001 = 4b800001 NX
        from-i32 s rdn feffffff = cb800001 NX
        from-i32 s rup feffffff = cb800000 NX
        from-u64 s rne ffffffffffffffff = 5f800000 NX
        from-u64 s rtz ffffffffffffffff = 5f7fffff NX
        from-i64 s * 8000000000000000 = df000000
        from-i64 d rne 20000000000001 = 4340000000000000 NX
        from-i64 d rup 20000000000001 = 4340000000000001 NX
        from-u64 d rtz ffffffffffffffff = 43efffffffffffff NX
        from-i32 d * 80000000 = c1e0000000000000
        from-u32 d * ffffffff = 41efffffffe00000

        # Between the formats.
        to-binary32 d rne 3ff0000010000000 = 3f800000 NX
        to-binary32 d rmm 3ff0000010000000 = 3f800001 NX
        to-binary32 d * 7ff0000000000001 = 7fc00000 NV
        to-binary32 d * fff8000000000001 = 7fc00000
        to-binary32 d rne 7e37e43c8800759c = 7f800000 OF NX
        to-binary32 d rne 3690000000000000 = 00000000 NX UF
        to-binary32 d rup 3690000000000000 = 00000001 NX UF
        to-binary32 d * 36a0000000000000 = 00000001
        to-binary32 d * fff0000000000000 = ff800000
        to-binary64 s * 00000001 = 36a0000000000000
        to-binary64 s * 80000000 = 8000000000000000
        to-binary64 s * 7f800001 = 7ff8000000000000 NV
        to-binary64 s * ffc00001 = 7ff8000000000000
        to-binary64 s * ff800000 = fff0000000000000

        # Sign injection is blind to NaNs.
        sgnj s * 7f800001 80000000 = ff800001
        sgnjn s * 3f800000 bf800000 = 3f800000
        sgnjx s * bf800000 bf800000 = 3f800000
        sgnj d * 3ff0000000000000 fff8000000000000 = bff0000000000000
        sgnjn d * 3ff0000000000000 0000000000000000 = bff0000000000000
        sgnjx d * fff0000000000001 8000000000000000 = 7ff0000000000001
        """;

    private static readonly string[] ModeNames = ["rne", "rtz", "rdn", "rup", "rmm"];

    private static IEnumerable<string> Cases =>
        Table.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#');

    [TestCaseSource(nameof(Cases))]
    public void Case(string line)
    {
        Assert.That(Disagreement(line), Is.Null);
    }

    [TestCaseSource(nameof(Cases))]
    public void The_oracle_knows_the_case(string line)
    {
        Assert.That(Disagreement(line, askOracle: true), Is.Null);
    }

    [TestCase("add s rne 3f800000 33800000 = 3f800001 NX")]
    [TestCase("add s rne 3f800000 33800000 = 3f800000")]
    public void A_wrong_line_is_noticed(string line)
    {
        Assert.That(Disagreement(line), Is.Not.Null);
    }

    [Test]
    public void Flags_accrue_and_are_never_cleared()
    {
        foreach (FloatOperation operation in FloatOperation.All)
        {
            uint flags = 31;
            operation.Apply(0, 0, 0, RoundingMode.NearestEven, ref flags);
            Assert.That(flags, Is.EqualTo(31), operation.ToString());
        }
    }

    [TestCase(0xffff_ffff_3f80_0000, 0x3f80_0000u)]
    [TestCase(0xffff_ffff_ffff_ffff, 0xffff_ffffu)]
    [TestCase(0xffff_fffe_3f80_0000, 0x7fc0_0000u)]
    [TestCase(0x0000_0000_3f80_0000ul, 0x7fc0_0000u)]
    [TestCase(0x7fff_ffff_3f80_0000ul, 0x7fc0_0000u)]
    public void A_register_that_is_not_boxed_reads_as_the_canonical_NaN(ulong register, uint expected)
    {
        Assert.That(NanBox.Unbox32(register), Is.EqualTo(expected));
    }

    [Test]
    public void Boxing_sets_the_upper_half_and_a_move_to_X_ignores_it()
    {
        Assert.Multiple(() =>
        {
            Assert.That(NanBox.Box32(0x3f80_0000), Is.EqualTo(0xffff_ffff_3f80_0000));
            Assert.That(NanBox.MoveToInteger32(0x1234_5678_bf80_0000), Is.EqualTo(0xffff_ffff_bf80_0000));
            Assert.That(NanBox.MoveToInteger32(0x1234_5678_3f80_0000), Is.EqualTo(0x3f80_0000ul));
        });
    }

    private static string? Disagreement(string line, bool askOracle = false)
    {
        string[] sides = line.Split('=');
        string[] left = sides[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string[] right = sides[1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        FormatSpec format = left[1] == "s" ? FormatSpec.Binary32 : FormatSpec.Binary64;
        FloatOperation operation = FloatOperation.All.Single(o => o.Name == left[0] && o.Format == format);
        ulong[] operands = [.. left.Skip(3).Select(Hex), 0, 0];
        Answer expected = new(Hex(right[0]), (uint)right.Skip(1).Sum(name => (int)FlagNamed(name)));

        foreach (string mode in left[2] == "*" ? ModeNames : [left[2]])
        {
            RoundingMode rounding = (RoundingMode)Array.IndexOf(ModeNames, mode);
            if (askOracle)
            {
                Answer answer = new ExactOracle(format).Answer(operation.Name, operands[0], operands[1], operands[2], rounding);
                if (answer != expected)
                {
                    return $"in mode {mode}: {answer.Bits:x} flags {answer.Flags:x}";
                }

                continue;
            }

            // Once with no flag set, and once with NX accrued, when the host may compute instead.
            foreach (uint accrued in new uint[] { 0, 1 })
            {
                uint flags = accrued;
                ulong bits = operation.Apply(operands[0], operands[1], operands[2], rounding, ref flags);
                if (bits != expected.Bits || flags != (expected.Flags | accrued))
                {
                    return $"in mode {mode}, flags {accrued:x} accrued: {bits:x} flags {flags:x}";
                }
            }
        }

        return null;
    }

    private static ulong Hex(string digits) => ulong.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static uint FlagNamed(string name) => name switch
    {
        "NX" => 1,
        "UF" => 2,
        "OF" => 4,
        "DZ" => 8,
        "NV" => 16,
        _ => throw new ArgumentException($"no such flag: {name}", nameof(name)),
    };
}
