using System.Numerics;
using RiscvXv6.Emulator.Cpu.Float;

namespace RiscvXv6.Tests.Cpu.Float;

/// <summary>The bits and the flags that an operation must yield.</summary>
internal readonly record struct Answer(ulong Bits, uint Flags = 0);

/// <summary>
/// The definition of floating point, executed: the exact result as a ratio of two integers of any length, rounded by comparing
/// it with its two neighbours in the format. Nothing here is fast, and nothing is shared with the unit under test.
/// </summary>
internal sealed class ExactOracle(FormatSpec format)
{
    private const uint Nx = 1;
    private const uint Uf = 2;
    private const uint Of = 4;
    private const uint Dz = 8;
    private const uint Nv = 16;

    private Answer Invalid => new(format.CanonicalNan, Nv);

    public Answer Answer(string operation, ulong a, ulong b, ulong c, RoundingMode mode)
    {
        ulong minus = format.SignBit;
        return operation switch
        {
            "add" => Add(Read(a), Read(b), mode),
            "sub" => Add(Read(a), Read(b ^ minus), mode),
            "mul" => Multiply(Read(a), Read(b), mode),
            "div" => Divide(Read(a), Read(b), mode),
            "sqrt" => SquareRoot(Read(a), mode),
            "madd" => MultiplyAdd(Read(a), Read(b), Read(c), mode),
            "msub" => MultiplyAdd(Read(a), Read(b), Read(c ^ minus), mode),
            "nmsub" => MultiplyAdd(Read(a ^ minus), Read(b), Read(c), mode),
            "nmadd" => MultiplyAdd(Read(a ^ minus), Read(b), Read(c ^ minus), mode),
            "sgnj" => new Answer((a & ~minus) | (b & minus)),
            "sgnjn" => new Answer((a & ~minus) | (minus - (b & minus))),
            "sgnjx" => new Answer(a ^ (b & minus)),
            "min" => Extremum(a, b, wantLess: true),
            "max" => Extremum(a, b, wantLess: false),
            "eq" => Compare(Read(a), Read(b), quiet: true, order => order == 0),
            "lt" => Compare(Read(a), Read(b), quiet: false, order => order < 0),
            "le" => Compare(Read(a), Read(b), quiet: false, order => order <= 0),
            "class" => new Answer(Classify(Read(a))),
            "to-i32" => ToInteger(Read(a), int.MinValue, int.MaxValue, mode),
            "to-u32" => SignExtendWord(ToInteger(Read(a), 0, uint.MaxValue, mode)),
            "to-i64" => ToInteger(Read(a), long.MinValue, long.MaxValue, mode),
            "to-u64" => ToInteger(Read(a), 0, ulong.MaxValue, mode),
            "from-i32" => FromInteger((int)a, mode),
            "from-u32" => FromInteger((uint)a, mode),
            "from-i64" => FromInteger((long)a, mode),
            "from-u64" => FromInteger(a, mode),
            "to-binary32" => new ExactOracle(FormatSpec.Binary32).Convert(Read(a), mode),
            "to-binary64" => new ExactOracle(FormatSpec.Binary64).Convert(Read(a), mode),
            _ => throw new ArgumentException($"no such operation: {operation}", nameof(operation)),
        };
    }

    private Datum Read(ulong bits)
    {
        bool negative = (bits & format.SignBit) != 0;
        ulong biased = (bits >> format.FractionBits) & format.MaxBiasedExponent;
        ulong fraction = bits & format.FractionMask;
        if (biased == format.MaxBiasedExponent)
        {
            return new Datum(negative, IsInfinite: fraction == 0, IsNan: fraction != 0,
                IsSignaling: fraction != 0 && (fraction & format.QuietBit) == 0, IsSubnormal: false, default);
        }

        // IEEE 754-2019, 3.4: (-1)^S * 2^(E-bias) * (1 + 2^(1-p) * T), or with E = 0: (-1)^S * 2^emin * (0 + 2^(1-p) * T).
        BigInteger significand = biased == 0 ? fraction : fraction + (1UL << format.FractionBits);
        int exponent = (biased == 0 ? format.MinExponent : (int)biased - format.MaxExponent) - format.FractionBits;
        Ratio value = Ratio.Scaled(negative ? -significand : significand, exponent);
        return new Datum(negative, false, false, false, biased == 0 && fraction != 0, value);
    }

    private Answer Add(Datum x, Datum y, RoundingMode mode)
    {
        if (x.IsNan || y.IsNan)
        {
            return Nan(x, y);
        }

        if (x.IsInfinite || y.IsInfinite)
        {
            return x.IsInfinite && y.IsInfinite && x.Negative != y.Negative
                ? Invalid
                : Infinite(x.IsInfinite ? x.Negative : y.Negative);
        }

        return RoundSum(x.Value, x.Negative, y, mode);
    }

    private Answer Multiply(Datum x, Datum y, RoundingMode mode)
    {
        if (x.IsNan || y.IsNan)
        {
            return Nan(x, y);
        }

        bool negative = x.Negative ^ y.Negative;
        if (x.IsInfinite || y.IsInfinite)
        {
            return x.IsZero || y.IsZero ? Invalid : Infinite(negative);
        }

        return x.IsZero || y.IsZero ? Zero(negative) : Round(x.Value * y.Value, mode);
    }

    private Answer Divide(Datum x, Datum y, RoundingMode mode)
    {
        if (x.IsNan || y.IsNan)
        {
            return Nan(x, y);
        }

        bool negative = x.Negative ^ y.Negative;
        if ((x.IsInfinite && y.IsInfinite) || (x.IsZero && y.IsZero))
        {
            return Invalid;
        }

        if (x.IsInfinite)
        {
            return Infinite(negative);
        }

        if (y.IsInfinite || x.IsZero)
        {
            return Zero(negative);
        }

        return y.IsZero ? new Answer(Infinite(negative).Bits, Dz) : Round(x.Value / y.Value, mode);
    }

    private Answer SquareRoot(Datum x, RoundingMode mode)
    {
        if (x.IsNan)
        {
            return Nan(x, x);
        }

        if (!x.IsInfinite && x.IsZero)
        {
            return Zero(x.Negative);
        }

        if (x.Negative)
        {
            return Invalid;
        }

        return x.IsInfinite ? Infinite(false) : Round(x.Value.SquareRootForRounding(format.Precision), mode);
    }

    private Answer MultiplyAdd(Datum x, Datum y, Datum z, RoundingMode mode)
    {
        if (!x.IsNan && !y.IsNan && ((x.IsInfinite && y.IsZero) || (x.IsZero && y.IsInfinite)))
        {
            return Invalid;
        }

        if (x.IsNan || y.IsNan || z.IsNan)
        {
            return new Answer(format.CanonicalNan, x.IsSignaling || y.IsSignaling || z.IsSignaling ? Nv : 0);
        }

        bool negative = x.Negative ^ y.Negative;
        if (x.IsInfinite || y.IsInfinite)
        {
            return z.IsInfinite && z.Negative != negative ? Invalid : Infinite(negative);
        }

        return z.IsInfinite ? Infinite(z.Negative) : RoundSum(x.Value * y.Value, negative, z, mode);
    }

    /// <summary>IEEE 6.3 gives an exactly zero sum its sign; any other is rounded.</summary>
    private Answer RoundSum(Ratio left, bool leftNegative, Datum right, RoundingMode mode)
    {
        Ratio sum = left + right.Value;
        if (!sum.IsZero)
        {
            return Round(sum, mode);
        }

        return left.IsZero && leftNegative == right.Negative ? Zero(leftNegative) : Zero(mode == RoundingMode.Down);
    }

    private Answer Extremum(ulong a, ulong b, bool wantLess)
    {
        Datum x = Read(a);
        Datum y = Read(b);
        uint flags = x.IsSignaling || y.IsSignaling ? Nv : 0;
        if (x.IsNan || y.IsNan)
        {
            return new Answer(!x.IsNan ? a : !y.IsNan ? b : format.CanonicalNan, flags);
        }

        // Numbers that compare equal differ at most in the sign of zero, and there -0 counts as less.
        int order = Order(x, y);
        bool firstIsLess = order != 0 ? order < 0 : x.Negative;
        return new Answer(firstIsLess == wantLess ? a : b, flags);
    }

    private static Answer Compare(Datum x, Datum y, bool quiet, Func<int, bool> holds)
    {
        if (x.IsNan || y.IsNan)
        {
            return new Answer(0, !quiet || x.IsSignaling || y.IsSignaling ? Nv : 0);
        }

        return new Answer(holds(Order(x, y)) ? 1UL : 0);
    }

    private static int Order(Datum x, Datum y)
    {
        int infinities = InfinityRank(x).CompareTo(InfinityRank(y));
        return infinities != 0 || x.IsInfinite ? infinities : (x.Value - y.Value).Sign;
    }

    private static int InfinityRank(Datum x) => !x.IsInfinite ? 0 : x.Negative ? -1 : 1;

    private static ulong Classify(Datum x)
    {
        // Unpriv, the table "Format of result of FCLASS instruction": bits 0 to 9.
        int bit = x.IsNan ? (x.IsSignaling ? 8 : 9)
            : x.IsInfinite ? (x.Negative ? 0 : 7)
            : x.IsZero ? (x.Negative ? 3 : 4)
            : x.IsSubnormal ? (x.Negative ? 2 : 5)
            : (x.Negative ? 1 : 6);
        return 1UL << bit;
    }

    private static Answer ToInteger(Datum x, BigInteger minimum, BigInteger maximum, RoundingMode mode)
    {
        if (x.IsNan || x.IsInfinite)
        {
            return new Answer(Register(x.IsNan || !x.Negative ? maximum : minimum), Nv);
        }

        BigInteger rounded = x.Value.RoundToMultipleOfPowerOfTwo(0, mode, out bool exact);
        return rounded > maximum ? new Answer(Register(maximum), Nv)
            : rounded < minimum ? new Answer(Register(minimum), Nv)
            : new Answer(Register(rounded), exact ? 0 : Nx);
    }

    private static ulong Register(BigInteger value) => (ulong)(value & ulong.MaxValue);

    private static Answer SignExtendWord(Answer answer) => answer with { Bits = (ulong)(int)(uint)answer.Bits };

    private Answer FromInteger(BigInteger value, RoundingMode mode) =>
        value.IsZero ? Zero(false) : Round(Ratio.Scaled(value, 0), mode);

    private Answer Convert(Datum x, RoundingMode mode) =>
        x.IsNan ? new Answer(format.CanonicalNan, x.IsSignaling ? Nv : 0)
        : x.IsInfinite ? Infinite(x.Negative)
        : x.IsZero ? Zero(x.Negative)
        : Round(x.Value, mode);

    private Answer Nan(Datum x, Datum y) => new(format.CanonicalNan, x.IsSignaling || y.IsSignaling ? Nv : 0);

    private Answer Infinite(bool negative) => new(format.Infinity | (negative ? format.SignBit : 0));

    private Answer Zero(bool negative) => new(negative ? format.SignBit : 0);

    /// <summary>IEEE 754-2019, 4.3 and 7.4 to 7.6, for a value that is not zero.</summary>
    private Answer Round(Ratio value, RoundingMode mode)
    {
        bool negative = value.Sign < 0;
        ulong sign = negative ? format.SignBit : 0;

        // As though the exponent range were unbounded: p digits, the first of them at the value's own exponent.
        int unboundedQuantum = value.FloorLog2() - (format.Precision - 1);
        BigInteger unbounded = value.RoundToMultipleOfPowerOfTwo(unboundedQuantum, mode, out bool exact);
        Ratio unboundedMagnitude = Ratio.Scaled(BigInteger.Abs(unbounded), unboundedQuantum);

        if ((unboundedMagnitude - Ratio.Scaled(1, format.MaxExponent + 1)).Sign >= 0)
        {
            bool infinite = mode is RoundingMode.NearestEven or RoundingMode.NearestMaxMagnitude
                || mode == (negative ? RoundingMode.Down : RoundingMode.Up);
            return new Answer(sign | (infinite ? format.Infinity : format.Infinity - 1), Of | Nx);
        }

        // In fact digits end at the smallest subnormal's.
        bool tiny = (unboundedMagnitude - Ratio.Scaled(1, format.MinExponent)).Sign < 0;
        int quantum = Math.Max(unboundedQuantum, format.MinExponent - (format.Precision - 1));
        ulong digits = (ulong)BigInteger.Abs(value.RoundToMultipleOfPowerOfTwo(quantum, mode, out exact));
        uint flags = exact ? 0 : tiny ? Nx | Uf : Nx;
        if (digits == 1UL << format.Precision)
        {
            digits >>= 1;
            quantum++;
        }

        ulong leadingOne = 1UL << (format.Precision - 1);
        return digits < leadingOne
            ? new Answer(sign | digits, flags)
            : new Answer(
                sign | ((ulong)(quantum + format.Precision - 1 + format.MaxExponent) << format.FractionBits) | (digits - leadingOne),
                flags);
    }

    private readonly record struct Datum(
        bool Negative, bool IsInfinite, bool IsNan, bool IsSignaling, bool IsSubnormal, Ratio Value)
    {
        public bool IsZero => !IsNan && !IsInfinite && Value.IsZero;
    }
}
