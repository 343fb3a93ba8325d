namespace RiscvXv6.Emulator.Cpu.Float;

/// <summary>
/// The operations that round (IEEE 754-2019, 5.4.1), in integers, for any format of at most 53 bits of precision. Each computes
/// the exact result, or one jammed well below the precision, and leaves the rest to <see cref="Rounding"/>.
/// </summary>
/// <remarks>Bits travel in the low end of a ulong. A result that is NaN is canonical; payloads are never propagated.</remarks>
internal static class Arithmetic<TFormat>
    where TFormat : struct, IFloatFormat
{
    /// <summary>The steps that <see cref="RootOf"/> takes: 53 bits of precision, one to round by, and two spare.</summary>
    private const int RootBits = 56;

    public static ulong Add(ulong a, ulong b, RoundingMode mode, ref uint flags)
    {
        Unpacked x = Unpacked.From<TFormat>(a);
        Unpacked y = Unpacked.From<TFormat>(b);

        if (x.Kind == FloatKind.Finite && y.Kind == FloatKind.Finite)
        {
            return AddFinite(in x, in y, mode, ref flags);
        }

        if (x.IsNan || y.IsNan)
        {
            return NanFrom(in x, in y, ref flags);
        }

        if (x.Kind == FloatKind.Infinity)
        {
            return y.Kind == FloatKind.Infinity && x.Negative != y.Negative ? Invalid(ref flags) : a;
        }

        if (x.Kind == FloatKind.Zero && y.Kind == FloatKind.Zero)
        {
            return x.Negative == y.Negative ? a : CancelledZero(mode);
        }

        // Only y is infinite, or one of them is zero: the sum is the other, exactly.
        return y.Kind == FloatKind.Infinity || x.Kind == FloatKind.Zero ? b : a;
    }

    /// <summary>a + (-b): negation only flips the sign bit, which a NaN's result does not show.</summary>
    public static ulong Subtract(ulong a, ulong b, RoundingMode mode, ref uint flags) =>
        Add(a, b ^ TFormat.SignBit, mode, ref flags);

    public static ulong Multiply(ulong a, ulong b, RoundingMode mode, ref uint flags)
    {
        Unpacked x = Unpacked.From<TFormat>(a);
        Unpacked y = Unpacked.From<TFormat>(b);
        bool negative = x.Negative != y.Negative;

        if (x.Kind == FloatKind.Finite && y.Kind == FloatKind.Finite)
        {
            // Significands in [1, 2) with 63 bits after the point: the product is in [1, 4) with 126.
            ulong high = Math.BigMul(x.Significand, y.Significand, out ulong low);
            ulong jammed = low != 0 ? high | 1 : high;
            return Rounding.Pack<TFormat>(negative, x.Exponent + y.Exponent + 1, jammed, mode, ref flags);
        }

        if (x.IsNan || y.IsNan)
        {
            return NanFrom(in x, in y, ref flags);
        }

        if (x.Kind == FloatKind.Infinity || y.Kind == FloatKind.Infinity)
        {
            bool timesZero = x.Kind == FloatKind.Zero || y.Kind == FloatKind.Zero;
            return timesZero ? Invalid(ref flags) : Signed(negative, TFormat.Infinity);
        }

        return Signed(negative, 0);
    }

    public static ulong Divide(ulong a, ulong b, RoundingMode mode, ref uint flags)
    {
        Unpacked x = Unpacked.From<TFormat>(a);
        Unpacked y = Unpacked.From<TFormat>(b);
        bool negative = x.Negative != y.Negative;

        if (x.Kind == FloatKind.Finite && y.Kind == FloatKind.Finite)
        {
            // The quotient of two significands in [1, 2) is in (1/2, 2); with 63 bits after the point it fits 64.
            (UInt128 quotient, UInt128 remainder) = UInt128.DivRem((UInt128)x.Significand << 63, y.Significand);
            ulong jammed = (ulong)quotient | (remainder != UInt128.Zero ? 1UL : 0);
            return Rounding.Pack<TFormat>(negative, x.Exponent - y.Exponent, jammed, mode, ref flags);
        }

        if (x.IsNan || y.IsNan)
        {
            return NanFrom(in x, in y, ref flags);
        }

        if (x.Kind == y.Kind)
        {
            // 0/0 and inf/inf (IEEE 7.2).
            return Invalid(ref flags);
        }

        if (x.Kind == FloatKind.Infinity)
        {
            return Signed(negative, TFormat.Infinity);
        }

        if (y.Kind == FloatKind.Zero)
        {
            flags |= FloatFlags.DivideByZero;
            return Signed(negative, TFormat.Infinity);
        }

        return Signed(negative, 0);
    }

    public static ulong SquareRoot(ulong a, RoundingMode mode, ref uint flags)
    {
        Unpacked x = Unpacked.From<TFormat>(a);
        if (x.IsNan)
        {
            return NanFrom(in x, in x, ref flags);
        }

        // IEEE 6.3: the root of -0 is -0.
        if (x.Kind == FloatKind.Zero)
        {
            return a;
        }

        if (x.Negative)
        {
            return Invalid(ref flags);
        }

        if (x.Kind == FloatKind.Infinity)
        {
            return a;
        }

        // Halving the exponent must leave no remainder: an odd one lends a factor of two to the significand.
        bool odd = (x.Exponent & 1) != 0;
        ulong root = RootOf(odd ? x.Significand : x.Significand >> 1);
        return Rounding.Pack<TFormat>(false, x.Exponent >> 1, root, mode, ref flags);
    }

    /// <summary>(a * b) + c, rounded once.</summary>
    public static ulong MultiplyAdd(ulong a, ulong b, ulong c, RoundingMode mode, ref uint flags)
    {
        Unpacked x = Unpacked.From<TFormat>(a);
        Unpacked y = Unpacked.From<TFormat>(b);
        Unpacked z = Unpacked.From<TFormat>(c);
        bool negative = x.Negative != y.Negative;

        // Unpriv "Single-Precision Floating-Point Computational Instructions": inf * 0 is invalid even if c is a quiet NaN.
        if ((x.Kind == FloatKind.Infinity && y.Kind == FloatKind.Zero)
            || (x.Kind == FloatKind.Zero && y.Kind == FloatKind.Infinity))
        {
            return Invalid(ref flags);
        }

        if (x.IsNan || y.IsNan || z.IsNan)
        {
            return z.Kind == FloatKind.SignalingNan ? Invalid(ref flags) : NanFrom(in x, in y, ref flags);
        }

        if (x.Kind == FloatKind.Infinity || y.Kind == FloatKind.Infinity)
        {
            bool opposed = z.Kind == FloatKind.Infinity && z.Negative != negative;
            return opposed ? Invalid(ref flags) : Signed(negative, TFormat.Infinity);
        }

        if (z.Kind == FloatKind.Infinity)
        {
            return c;
        }

        if (x.Kind == FloatKind.Zero || y.Kind == FloatKind.Zero)
        {
            // An exact zero plus c.
            return z.Kind == FloatKind.Zero && z.Negative != negative ? CancelledZero(mode) : c;
        }

        return MultiplyAddFinite(in x, in y, in z, mode, ref flags);
    }

    private static ulong AddFinite(in Unpacked x, in Unpacked y, RoundingMode mode, ref uint flags)
    {
        bool swap = x.Exponent < y.Exponent || (x.Exponent == y.Exponent && x.Significand < y.Significand);
        ref readonly Unpacked large = ref swap ? ref y : ref x;
        ref readonly Unpacked small = ref swap ? ref x : ref y;

        // One bit of room for the carry; ten remain below the precision. If the shift is by two or more, so that it may jam,
        // then a difference loses at most one leading bit, and the jammed bit stays far below the rounding position.
        ulong larger = large.Significand >> 1;
        ulong smaller = Rounding.ShiftRightJam(small.Significand >> 1, large.Exponent - small.Exponent);
        ulong sum = large.Negative == small.Negative ? larger + smaller : larger - smaller;
        return sum == 0
            ? CancelledZero(mode)
            : Rounding.Pack<TFormat>(large.Negative, large.Exponent + 1, sum, mode, ref flags);
    }

    private static ulong MultiplyAddFinite(
        in Unpacked x, in Unpacked y, in Unpacked z, RoundingMode mode, ref uint flags)
    {
        bool negative = x.Negative != y.Negative;
        ulong high = Math.BigMul(x.Significand, y.Significand, out ulong low);
        UInt128 product = new(high, low);
        int exponent = x.Exponent + y.Exponent;

        // Bring the leading one to bit 126 (bit 127 is room for the carry). The low 22 bits are zero: nothing is lost.
        if ((long)high < 0)
        {
            product >>= 1;
            exponent++;
        }

        if (z.Kind == FloatKind.Zero)
        {
            return PackWide(negative, exponent, product, mode, ref flags);
        }

        UInt128 addend = (UInt128)z.Significand << 63;
        bool addendLarger = z.Exponent > exponent || (z.Exponent == exponent && addend > product);
        int distance = Math.Abs(z.Exponent - exponent);

        // As in AddFinite, with 20 bits below the precision of the product, which is twice the format's.
        UInt128 larger = addendLarger ? addend : product;
        UInt128 smaller = Rounding.ShiftRightJam(addendLarger ? product : addend, distance);
        UInt128 sum = negative == z.Negative ? larger + smaller : larger - smaller;
        return sum == UInt128.Zero
            ? CancelledZero(mode)
            : PackWide(addendLarger ? z.Negative : negative, addendLarger ? z.Exponent : exponent, sum, mode, ref flags);
    }

    /// <summary>Rounds the number of magnitude <c>significand * 2^(exponent - 126)</c>, not zero.</summary>
    private static ulong PackWide(bool negative, int exponent, UInt128 significand, RoundingMode mode, ref uint flags)
    {
        int zeros = (int)UInt128.LeadingZeroCount(significand);
        ulong jammed = (ulong)Rounding.ShiftRightJam(significand << zeros, 64);
        return Rounding.Pack<TFormat>(negative, exponent + 1 - zeros, jammed, mode, ref flags);
    }

    /// <summary>
    /// The square root of <c>radicand * 2^-62</c>, in [1, 4), as <c>result * 2^-63</c>, jammed. One bit per step, as on paper:
    /// bring down the next two bits of the radicand, and see whether twice the root so far, and one, goes into the remainder.
    /// </summary>
    private static ulong RootOf(ulong radicand)
    {
        ulong root = 0;
        ulong remainder = 0;
        for (int step = 0; step < RootBits; step++)
        {
            remainder = (remainder << 2) | (radicand >> 62);
            radicand <<= 2;
            ulong trial = (root << 2) | 1;

            // A mask instead of a branch, which no predictor can guess.
            ulong bit = remainder >= trial ? 1UL : 0;
            remainder -= trial & (0 - bit);
            root = (root << 1) | bit;
        }

        return (root << (64 - RootBits)) | (remainder != 0 ? 1UL : 0);
    }

    /// <summary>IEEE 6.3: an exact sum of zero from operands of opposite signs is +0, but -0 when rounding down.</summary>
    private static ulong CancelledZero(RoundingMode mode) => mode == RoundingMode.Down ? TFormat.SignBit : 0;

    private static ulong Signed(bool negative, ulong magnitude) => negative ? TFormat.SignBit | magnitude : magnitude;

    private static ulong Invalid(ref uint flags)
    {
        flags |= FloatFlags.Invalid;
        return TFormat.CanonicalNan;
    }

    /// <summary>The result when an operand is NaN: invalid only if one is signaling (IEEE 7.2).</summary>
    private static ulong NanFrom(in Unpacked x, in Unpacked y, ref uint flags) =>
        x.Kind == FloatKind.SignalingNan || y.Kind == FloatKind.SignalingNan ? Invalid(ref flags) : TFormat.CanonicalNan;
}
