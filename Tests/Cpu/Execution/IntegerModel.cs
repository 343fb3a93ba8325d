using System.Numerics;
using RiscvXv6.Emulator.Cpu.Isa;

namespace RiscvXv6.Tests.Cpu.Execution;

/// <summary>The operands of one integer instruction, as numbers.</summary>
/// <param name="A">rs1.</param>
/// <param name="B">rs2.</param>
/// <param name="Immediate">As decoded.</param>
/// <param name="Pc">Where the instruction lies.</param>
internal readonly record struct IntegerOperands(ulong A, ulong B, long Immediate, ulong Pc)
{
    public BigInteger SignedA => (long)A;

    public BigInteger SignedB => (long)B;

    public BigInteger WordA => (int)(uint)(A & 0xffff_ffff);

    public BigInteger WordB => (int)(uint)(B & 0xffff_ffff);

    public BigInteger UnsignedWordA => A & 0xffff_ffff;

    public BigInteger UnsignedWordB => B & 0xffff_ffff;
}

/// <summary>
/// What each register-to-register instruction of I, M and B gives, from the manual's prose, in integers without a width.
/// </summary>
internal static class IntegerModel
{
    private static readonly BigInteger Two64 = BigInteger.One << 64;

    public static IReadOnlyDictionary<Operation, Func<IntegerOperands, BigInteger>> Results { get; } =
        new Dictionary<Operation, Func<IntegerOperands, BigInteger>>
        {
            [Operation.Lui] = static o => o.Immediate,
            [Operation.Auipc] = static o => o.Pc + (BigInteger)o.Immediate,
            [Operation.Addi] = static o => o.A + (BigInteger)o.Immediate,
            [Operation.Slti] = static o => o.SignedA < o.Immediate ? 1 : 0,
            [Operation.Sltiu] = static o => o.A < Modulo(o.Immediate) ? 1 : 0,
            [Operation.Xori] = static o => o.SignedA ^ o.Immediate,
            [Operation.Ori] = static o => o.SignedA | o.Immediate,
            [Operation.Andi] = static o => o.SignedA & o.Immediate,
            [Operation.Slli] = static o => o.A * Power(o.Immediate),
            [Operation.Srli] = static o => Floor(o.A, Power(o.Immediate)),
            [Operation.Srai] = static o => Floor(o.SignedA, Power(o.Immediate)),
            [Operation.Add] = static o => o.A + (BigInteger)o.B,
            [Operation.Sub] = static o => o.A - (BigInteger)o.B,
            [Operation.Sll] = static o => o.A * Power(o.B % 64),
            [Operation.Slt] = static o => o.SignedA < o.SignedB ? 1 : 0,
            [Operation.Sltu] = static o => o.A < o.B ? 1 : 0,
            [Operation.Xor] = static o => o.SignedA ^ o.SignedB,
            [Operation.Srl] = static o => Floor(o.A, Power(o.B % 64)),
            [Operation.Sra] = static o => Floor(o.SignedA, Power(o.B % 64)),
            [Operation.Or] = static o => o.SignedA | o.SignedB,
            [Operation.And] = static o => o.SignedA & o.SignedB,
            [Operation.Addiw] = static o => Word(o.A + (BigInteger)o.Immediate),
            [Operation.Slliw] = static o => Word(o.A * Power(o.Immediate)),
            [Operation.Srliw] = static o => Word(Floor(o.UnsignedWordA, Power(o.Immediate))),
            [Operation.Sraiw] = static o => Floor(o.WordA, Power(o.Immediate)),
            [Operation.Addw] = static o => Word(o.A + (BigInteger)o.B),
            [Operation.Subw] = static o => Word(o.A - (BigInteger)o.B),
            [Operation.Sllw] = static o => Word(o.A * Power(o.B % 32)),
            [Operation.Srlw] = static o => Word(Floor(o.UnsignedWordA, Power(o.B % 32))),
            [Operation.Sraw] = static o => Floor(o.WordA, Power(o.B % 32)),
            [Operation.Mul] = static o => o.A * (BigInteger)o.B,
            [Operation.Mulh] = static o => Floor(o.SignedA * o.SignedB, Two64),
            [Operation.Mulhsu] = static o => Floor(o.SignedA * o.B, Two64),
            [Operation.Mulhu] = static o => Floor(o.A * (BigInteger)o.B, Two64),
            [Operation.Div] = static o => Quotient(o.SignedA, o.SignedB),
            [Operation.Divu] = static o => Quotient(o.A, o.B),
            [Operation.Rem] = static o => Rest(o.SignedA, o.SignedB),
            [Operation.Remu] = static o => Rest(o.A, o.B),
            [Operation.Mulw] = static o => Word(o.A * (BigInteger)o.B),
            [Operation.Divw] = static o => Word(Quotient(o.WordA, o.WordB)),
            [Operation.Divuw] = static o => Word(Quotient(o.UnsignedWordA, o.UnsignedWordB)),
            [Operation.Remw] = static o => Word(Rest(o.WordA, o.WordB)),
            [Operation.Remuw] = static o => Word(Rest(o.UnsignedWordA, o.UnsignedWordB)),
            [Operation.Sh1add] = static o => 2 * (BigInteger)o.A + o.B,
            [Operation.Sh2add] = static o => 4 * (BigInteger)o.A + o.B,
            [Operation.Sh3add] = static o => 8 * (BigInteger)o.A + o.B,
            [Operation.AddUw] = static o => o.UnsignedWordA + o.B,
            [Operation.Sh1addUw] = static o => 2 * o.UnsignedWordA + o.B,
            [Operation.Sh2addUw] = static o => 4 * o.UnsignedWordA + o.B,
            [Operation.Sh3addUw] = static o => 8 * o.UnsignedWordA + o.B,
            [Operation.SlliUw] = static o => o.UnsignedWordA * Power(o.Immediate),
            [Operation.Andn] = static o => o.SignedA & (-1 - o.SignedB),
            [Operation.Orn] = static o => o.SignedA | (-1 - o.SignedB),
            [Operation.Xnor] = static o => -1 - (o.SignedA ^ o.SignedB),
            [Operation.Clz] = static o => Bits(o.A, 64).Reverse().TakeWhile(static bit => !bit).Count(),
            [Operation.Clzw] = static o => Bits(o.A, 32).Reverse().TakeWhile(static bit => !bit).Count(),
            [Operation.Ctz] = static o => Bits(o.A, 64).TakeWhile(static bit => !bit).Count(),
            [Operation.Ctzw] = static o => Bits(o.A, 32).TakeWhile(static bit => !bit).Count(),
            [Operation.Cpop] = static o => Bits(o.A, 64).Count(static bit => bit),
            [Operation.Cpopw] = static o => Bits(o.A, 32).Count(static bit => bit),
            [Operation.Max] = static o => BigInteger.Max(o.SignedA, o.SignedB),
            [Operation.Maxu] = static o => BigInteger.Max(o.A, o.B),
            [Operation.Min] = static o => BigInteger.Min(o.SignedA, o.SignedB),
            [Operation.Minu] = static o => BigInteger.Min(o.A, o.B),
            [Operation.SextB] = static o => SignExtend(o.A, 8),
            [Operation.SextH] = static o => SignExtend(o.A, 16),
            [Operation.ZextH] = static o => o.A % 65_536,
            [Operation.Rol] = static o => RotateRight(o.A, 64 - (int)(o.B % 64), 64),
            [Operation.Rolw] = static o => Word(RotateRight(o.UnsignedWordA, 32 - (int)(o.B % 32), 32)),
            [Operation.Ror] = static o => RotateRight(o.A, (int)(o.B % 64), 64),
            [Operation.Rori] = static o => RotateRight(o.A, (int)o.Immediate, 64),
            [Operation.Roriw] = static o => Word(RotateRight(o.UnsignedWordA, (int)o.Immediate, 32)),
            [Operation.Rorw] = static o => Word(RotateRight(o.UnsignedWordA, (int)(o.B % 32), 32)),
            [Operation.OrcB] = static o => Bytes(o.A).Reverse().Aggregate(
                BigInteger.Zero, static (sum, value) => sum * 256 + (value == 0 ? 0 : 255)),
            [Operation.Rev8] = static o => Bytes(o.A).Aggregate(BigInteger.Zero, static (sum, value) => sum * 256 + value),
            [Operation.Clmul] = static o => Carryless(o.A, o.B),
            [Operation.Clmulh] = static o => Carryless(o.A, o.B) >> 64,
            [Operation.Clmulr] = static o => Carryless(o.A, o.B) >> 63,
            [Operation.Bclr] = static o => o.SignedA & (-1 - Power(o.B % 64)),
            [Operation.Bclri] = static o => o.SignedA & (-1 - Power(o.Immediate)),
            [Operation.Bext] = static o => Bits(o.A, 64)[o.B % 64] ? 1 : 0,
            [Operation.Bexti] = static o => Bits(o.A, 64)[o.Immediate] ? 1 : 0,
            [Operation.Binv] = static o => o.SignedA ^ Power(o.B % 64),
            [Operation.Binvi] = static o => o.SignedA ^ Power(o.Immediate),
            [Operation.Bset] = static o => o.SignedA | Power(o.B % 64),
            [Operation.Bseti] = static o => o.SignedA | Power(o.Immediate),
            [Operation.Fence] = static _ => 0,
        };

    /// <summary>Whether each branch is taken.</summary>
    public static IReadOnlyDictionary<Operation, Func<IntegerOperands, bool>> Branches { get; } =
        new Dictionary<Operation, Func<IntegerOperands, bool>>
        {
            [Operation.Beq] = static o => o.SignedA == o.SignedB,
            [Operation.Bne] = static o => o.SignedA != o.SignedB,
            [Operation.Blt] = static o => o.SignedA < o.SignedB,
            [Operation.Bge] = static o => o.SignedA >= o.SignedB,
            [Operation.Bltu] = static o => (BigInteger)o.A < o.B,
            [Operation.Bgeu] = static o => (BigInteger)o.A >= o.B,
        };

    /// <summary>The register's 64 bits that stand for a number.</summary>
    public static ulong Modulo(BigInteger value) => (ulong)(((value % Two64) + Two64) % Two64);

    /// <summary>The low 32 bits as a signed number.</summary>
    public static BigInteger Word(BigInteger value) => SignExtend(Modulo(value), 32);

    private static BigInteger SignExtend(ulong value, int bits)
    {
        BigInteger low = value % Power(bits);
        return low >= Power(bits - 1) ? low - Power(bits) : low;
    }

    private static BigInteger Power(BigInteger exponent) => BigInteger.Pow(2, (int)exponent);

    private static BigInteger Floor(BigInteger a, BigInteger b) =>
        BigInteger.DivRem(a, b, out var rest) - (rest < 0 ? 1 : 0);

    /// <summary>Unpriv "Division Operations": towards zero; all ones for a divisor of zero.</summary>
    private static BigInteger Quotient(BigInteger a, BigInteger b) => b == 0 ? -1 : BigInteger.Divide(a, b);

    private static BigInteger Rest(BigInteger a, BigInteger b) => b == 0 ? a : a - b * BigInteger.Divide(a, b);

    private static bool[] Bits(ulong value, int count) =>
        [.. Enumerable.Range(0, count).Select(bit => value / (ulong)Power(bit) % 2 == 1)];

    private static byte[] Bytes(ulong value) =>
        [.. Enumerable.Range(0, 8).Select(index => (byte)(value / (ulong)Power(8 * index) % 256))];

    private static BigInteger RotateRight(BigInteger value, int count, int bits) =>
        (value >> count | value << (bits - count)) % Power(bits);

    private static BigInteger Carryless(ulong a, ulong b)
    {
        var product = BigInteger.Zero;
        for (int bit = 0; bit < 64; bit++)
        {
            product ^= b / (ulong)Power(bit) % 2 == 1 ? (BigInteger)a << bit : 0;
        }

        return product;
    }
}
