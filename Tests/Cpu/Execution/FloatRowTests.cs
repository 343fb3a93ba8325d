using NUnit.Framework;
using RiscvXv6.Emulator.Cpu.Isa;

namespace RiscvXv6.Tests.Cpu.Execution;

/// <summary>
/// Floating-point rows through the hart: which registers they take, boxing, rounding and FS. The arithmetic itself is held
/// against its oracles in Cpu/Float.
/// </summary>
internal sealed unsafe class FloatRowTests
{
    private const int Rd = 10, Rs1 = 11, Rs2 = 12, Rs3 = 13;
    private const ulong Box = 0xffff_ffff_0000_0000;
    private const ulong FsMask = 3UL << 13, FsInitial = 1UL << 13;

    /// <summary>
    /// Results by hand, as numbers, for rs1 = 4, rs2 = 0.5, rs3 = 1 (floating-point) or rs1 = 7 (integer). Bits for what is no
    /// number of the destination's format.
    /// </summary>
    private static readonly Dictionary<string, double> s_arithmetic = new()
    {
        ["fadd"] = 4.5, ["fsub"] = 3.5, ["fmul"] = 2, ["fdiv"] = 8, ["fsqrt"] = 2,
        ["fmadd"] = 3, ["fmsub"] = 1, ["fnmsub"] = -1, ["fnmadd"] = -3,
        ["fsgnj"] = 4, ["fsgnjn"] = -4, ["fsgnjx"] = 4, ["fmin"] = 0.5, ["fmax"] = 4,
        ["feq"] = 0, ["flt"] = 0, ["fle"] = 0, ["fclass"] = 64,
        ["fcvt.w"] = 4, ["fcvt.wu"] = 4, ["fcvt.l"] = 4, ["fcvt.lu"] = 4,
    };

    private readonly SingleStep _step = new();

    private static IEnumerable<string> Mnemonics =>
        InstructionTable.Rows.Where(static row => Covers(row.Operation) && row.LengthBytes == 4).Select(static row => row.Mnemonic);

    private static IEnumerable<string> Arithmetic =>
        Mnemonics.Where(static name => s_arithmetic.ContainsKey(name[..^2]) && name is not ("fcvt.s.d" or "fcvt.d.s"));

    [OneTimeTearDown]
    public void TearDown() => _step.Dispose();

    /// <summary>True for the operations of F and D.</summary>
    public static bool Covers(Operation operation) => operation is >= Operation.Flw and <= Operation.FmvDX;

    [TestCaseSource(nameof(Arithmetic))]
    public void Arithmetic_takes_its_operands_and_gives_its_result(string mnemonic)
    {
        bool isDouble = mnemonic.EndsWith(".d", StringComparison.Ordinal);
        Load(isDouble);

        Assert.That(Step(mnemonic), Is.True);

        double expected = s_arithmetic[mnemonic[..^2]];
        bool toInteger = mnemonic[..^2] is "feq" or "flt" or "fle" or "fclass" || mnemonic.StartsWith("fcvt", StringComparison.Ordinal);
        Assert.That(toInteger ? _step.Guest.X(Rd) : F(Rd), Is.EqualTo(toInteger ? (ulong)expected : Bits(expected, isDouble)));
    }

    [TestCase("fcvt.s.w", 0xffff_ffff_40e0_0000UL)]
    [TestCase("fcvt.s.wu", 0xffff_ffff_40e0_0000UL)]
    [TestCase("fcvt.s.l", 0xffff_ffff_40e0_0000UL)]
    [TestCase("fcvt.s.lu", 0xffff_ffff_40e0_0000UL)]
    [TestCase("fcvt.d.w", 0x401c_0000_0000_0000UL)]
    [TestCase("fcvt.d.wu", 0x401c_0000_0000_0000UL)]
    [TestCase("fcvt.d.l", 0x401c_0000_0000_0000UL)]
    [TestCase("fcvt.d.lu", 0x401c_0000_0000_0000UL)]
    [TestCase("fmv.w.x", 0xffff_ffff_0000_0007UL)]
    [TestCase("fmv.d.x", 7UL)]
    public void Integers_become_floating_point(string mnemonic, ulong expected)
    {
        Load(isDouble: true);
        _step.Guest.State()->X[Rs1] = 7;

        Assert.That(Step(mnemonic), Is.True);
        Assert.That(F(Rd), Is.EqualTo(expected));
    }

    [Test]
    public void Formats_are_converted_and_bits_are_moved()
    {
        Load(isDouble: true);
        Step("fcvt.s.d");
        Assert.That(F(Rd), Is.EqualTo(Box | 0x4080_0000), "4");
        Load(isDouble: false);
        Step("fcvt.d.s");
        Assert.That(F(Rd), Is.EqualTo(0x4010_0000_0000_0000), "4");

        _step.Guest.State()->F[Rs1] = 0x1234_5678_8765_4321;
        Step("fmv.x.w");
        Assert.That(_step.Guest.X(Rd), Is.EqualTo(0xffff_ffff_8765_4321), "sign-extended, boxed or not");
        Step("fmv.x.d");
        Assert.That(_step.Guest.X(Rd), Is.EqualTo(0x1234_5678_8765_4321));
    }

    [Test]
    public void A_single_that_is_not_boxed_is_the_canonical_NaN()
    {
        Load(isDouble: false);
        _step.Guest.State()->F[Rs1] = 0x4080_0000;
        Step("fadd.s");
        Assert.That(F(Rd), Is.EqualTo(Box | 0x7fc0_0000));
    }

    [Test]
    public void Loads_box_and_stores_take_the_low_bits()
    {
        Load(isDouble: true);
        _step.Guest.Poke(SingleStep.DataAddress, 0x1122_3344_c080_0000);
        _step.Guest.State()->X[Rs1] = SingleStep.DataAddress + 8;
        Assert.That(_step.Execute(Encoder.Encode("flw", rd: Rd, rs1: Rs1, immediate: -8), 4), Is.True);
        Assert.That(F(Rd), Is.EqualTo(Box | 0xc080_0000));
        Assert.That(_step.Execute(Encoder.Encode("fld", rd: Rd, rs1: Rs1, immediate: -8), 4), Is.True);
        Assert.That(F(Rd), Is.EqualTo(0x1122_3344_c080_0000));

        _step.Guest.State()->F[Rs2] = 0xaabb_ccdd_0102_0304;
        _step.Guest.Poke(SingleStep.DataAddress, 0);
        Assert.That(_step.Execute(Encoder.Encode("fsw", rs1: Rs1, rs2: Rs2, immediate: -8), 4), Is.True);
        Assert.That(_step.Guest.Peek(SingleStep.DataAddress), Is.EqualTo(0x0102_0304));
        Assert.That(_step.Execute(Encoder.Encode("fsd", rs1: Rs1, rs2: Rs2, immediate: -8), 4), Is.True);
        Assert.That(_step.Guest.Peek(SingleStep.DataAddress), Is.EqualTo(0xaabb_ccdd_0102_0304));
    }

    // 1/3: the exact quotient lies two thirds of a unit above 0x3eaaaaaa (single), one third above 0x3fd5555555555555.
    [TestCase(0, 0x3eaa_aaabU, 0x3fd5_5555_5555_5555UL)]
    [TestCase(1, 0x3eaa_aaaaU, 0x3fd5_5555_5555_5555UL)]
    [TestCase(2, 0x3eaa_aaaaU, 0x3fd5_5555_5555_5555UL)]
    [TestCase(3, 0x3eaa_aaabU, 0x3fd5_5555_5555_5556UL)]
    [TestCase(4, 0x3eaa_aaabU, 0x3fd5_5555_5555_5555UL)]
    public void The_rounding_mode_comes_from_the_instruction_or_from_frm(int mode, uint single, ulong @double)
    {
        foreach (bool dynamic in (bool[])[false, true])
        {
            var s = _step.Guest.State();
            s->Fcsr = dynamic ? (ulong)mode << 5 : (ulong)((mode + 1) % 5) << 5;
            s->F[Rs1] = Bits(1, isDouble: false);
            s->F[Rs2] = Bits(3, isDouble: false);
            Step("fdiv.s", dynamic ? 7 : mode);
            Assert.That(F(Rd), Is.EqualTo(Box | single));
            Assert.That(s->Fcsr & 0x1f, Is.EqualTo(1), "inexact");

            s->F[Rs1] = Bits(1, isDouble: true);
            s->F[Rs2] = Bits(3, isDouble: true);
            Step("fdiv.d", dynamic ? 7 : mode);
            Assert.That(F(Rd), Is.EqualTo(@double));
        }
    }

    [TestCase(5, 0)]
    [TestCase(6, 0)]
    [TestCase(7, 5)]
    [TestCase(7, 6)]
    [TestCase(7, 7)]
    public void A_reserved_rounding_mode_is_illegal_and_changes_nothing(int field, int frm)
    {
        Load(isDouble: true);
        _step.Guest.State()->Fcsr = (ulong)frm << 5;
        ulong before = F(Rd);
        uint encoding = Encoder.Encode("fadd.d", Rd, Rs1, Rs2) | (uint)field << 12;

        Assert.That(_step.Execute(encoding, 4), Is.False);

        Assert.That(_step.Guest.State()->Mcause, Is.EqualTo(2));
        Assert.That(_step.Guest.State()->Mtval, Is.EqualTo(encoding));
        Assert.That(F(Rd), Is.EqualTo(before));
    }

    [TestCaseSource(nameof(Mnemonics))]
    public void With_FS_off_every_row_is_illegal_and_mtval_holds_it(string mnemonic)
    {
        Load(isDouble: true);
        _step.Guest.State()->Mstatus &= ~FsMask;
        uint encoding = Encode(mnemonic, 0);

        Assert.That(_step.Execute(encoding, 4), Is.False);
        Assert.That(_step.Guest.State()->Mcause, Is.EqualTo(2));
        Assert.That(_step.Guest.State()->Mtval, Is.EqualTo(encoding));
    }

    [TestCase("c.fld")]
    [TestCase("c.fsd")]
    public void With_FS_off_mtval_holds_a_compressed_row_in_its_own_bits(string mnemonic)
    {
        Load(isDouble: true);
        _step.Guest.State()->Mstatus &= ~FsMask;
        uint encoding = mnemonic == "c.fld"
            ? Encoder.Encode(mnemonic, rd: 8, rs1: 9, immediate: 248)
            : Encoder.Encode(mnemonic, rs2: 8, rs1: 9, immediate: 248);

        Assert.That(_step.Execute(encoding, 2), Is.False);
        Assert.That(_step.Guest.State()->Mtval, Is.EqualTo(encoding));
    }

    [TestCaseSource(nameof(Mnemonics))]
    public void FS_becomes_dirty_when_a_register_or_a_flag_changes(string mnemonic)
    {
        Load(isDouble: true);
        bool reads = mnemonic.StartsWith("fs", StringComparison.Ordinal) && mnemonic is "fsw" or "fsd"
            || mnemonic is "fmv.x.w" or "fmv.x.d" or "fclass.s" or "fclass.d";
        bool mayRaise = mnemonic.StartsWith("fcvt", StringComparison.Ordinal)
            || mnemonic[..3] is "feq" or "flt" or "fle";
        Assert.That(Step(mnemonic), Is.True);

        ulong fs = _step.Guest.State()->Mstatus & FsMask;
        if (reads)
        {
            Assert.That(fs, Is.EqualTo(FsInitial));
        }
        else if (!mayRaise || _step.Guest.State()->Fcsr != 0)
        {
            Assert.That(fs, Is.EqualTo(FsMask));
        }
    }

    private static ulong Bits(double value, bool isDouble) => isDouble
        ? BitConverter.DoubleToUInt64Bits(value)
        : Box | BitConverter.SingleToUInt32Bits((float)value);

    private static uint Encode(string mnemonic, int rounding)
    {
        var row = Encoder.Row(mnemonic);
        bool rounds = row.Format is InstructionFormat.RRounded or InstructionFormat.RUnaryRounded or InstructionFormat.R4;
        return Encoder.Encode(
            mnemonic,
            rd: row.Format == InstructionFormat.S ? 0 : Rd,
            rs1: Rs1,
            rs2: row.Format is InstructionFormat.RUnary or InstructionFormat.RUnaryRounded or InstructionFormat.I ? 0 : Rs2,
            rs3: row.Format == InstructionFormat.R4 ? Rs3 : 0,
            roundingMode: rounds ? rounding : 0);
    }

    private ulong F(int register) => _step.Guest.State()->F[register];

    private bool Step(string mnemonic, int rounding = 0) => _step.Execute(Encode(mnemonic, rounding), 4);

    private void Load(bool isDouble)
    {
        var s = _step.Guest.State();
        s->Mstatus = (s->Mstatus & ~FsMask) | FsInitial;
        s->Fcsr = 0;
        s->F[Rd] = 0x5a5a;
        s->F[Rs1] = Bits(4, isDouble);
        s->F[Rs2] = Bits(0.5, isDouble);
        s->F[Rs3] = Bits(1, isDouble);
        s->X[Rs1] = SingleStep.DataAddress;
    }
}
