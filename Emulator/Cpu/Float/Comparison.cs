namespace RiscvXv6.Emulator.Cpu.Float;

/// <summary>Comparisons, minimum and maximum, and classification: they look at operands and never round.</summary>
internal static class Comparison<TFormat>
    where TFormat : struct, IFloatFormat
{
    /// <summary>FEQ, a quiet comparison: only a signaling NaN is invalid (Unpriv "Single-Precision Floating-Point Compare Instructions").</summary>
    public static bool Equal(ulong a, ulong b, ref uint flags)
    {
        if (IsNan(a) || IsNan(b))
        {
            FlagSignaling(a, b, ref flags);
            return false;
        }

        return a == b || AreZeros(a, b);
    }

    /// <summary>FLT, a signaling comparison: any NaN is invalid.</summary>
    public static bool LessThan(ulong a, ulong b, ref uint flags)
    {
        if (IsNan(a) || IsNan(b))
        {
            flags |= FloatFlags.Invalid;
            return false;
        }

        return !AreZeros(a, b) && OrderOf(a) < OrderOf(b);
    }

    /// <summary>FLE, a signaling comparison: any NaN is invalid.</summary>
    public static bool LessOrEqual(ulong a, ulong b, ref uint flags)
    {
        if (IsNan(a) || IsNan(b))
        {
            flags |= FloatFlags.Invalid;
            return false;
        }

        return AreZeros(a, b) || OrderOf(a) <= OrderOf(b);
    }

    /// <summary>FMIN: IEEE 754-2019, 9.6 minimumNumber. A number wins over any NaN; -0 is less than +0.</summary>
    public static ulong Minimum(ulong a, ulong b, ref uint flags)
    {
        if (IsNan(a) || IsNan(b))
        {
            return NumberOf(a, b, ref flags);
        }

        return OrderOf(a) <= OrderOf(b) ? a : b;
    }

    /// <summary>FMAX: IEEE 754-2019, 9.6 maximumNumber. A number wins over any NaN; +0 is greater than -0.</summary>
    public static ulong Maximum(ulong a, ulong b, ref uint flags)
    {
        if (IsNan(a) || IsNan(b))
        {
            return NumberOf(a, b, ref flags);
        }

        return OrderOf(a) >= OrderOf(b) ? a : b;
    }

    /// <summary>FCLASS: one of <see cref="FloatClass"/>. Raises nothing.</summary>
    public static uint Classify(ulong a)
    {
        bool negative = (a & TFormat.SignBit) != 0;
        ulong magnitude = Magnitude(a);
        if (magnitude > TFormat.Infinity)
        {
            return IsSignaling(a) ? FloatClass.SignalingNan : FloatClass.QuietNan;
        }

        if (magnitude == TFormat.Infinity)
        {
            return negative ? FloatClass.NegativeInfinity : FloatClass.PositiveInfinity;
        }

        if (magnitude >> TFormat.FractionBits != 0)
        {
            return negative ? FloatClass.NegativeNormal : FloatClass.PositiveNormal;
        }

        if (magnitude != 0)
        {
            return negative ? FloatClass.NegativeSubnormal : FloatClass.PositiveSubnormal;
        }

        return negative ? FloatClass.NegativeZero : FloatClass.PositiveZero;
    }

    private static ulong Magnitude(ulong a) => a & (TFormat.SignBit - 1);

    private static bool IsNan(ulong a) => Magnitude(a) > TFormat.Infinity;

    private static bool IsSignaling(ulong a) => IsNan(a) && (a & (1UL << (TFormat.FractionBits - 1))) == 0;

    private static bool AreZeros(ulong a, ulong b) => Magnitude(a | b) == 0;

    /// <summary>An integer that orders data that are no NaN as their values do, with -0 just below +0.</summary>
    private static long OrderOf(ulong a) =>
        (a & TFormat.SignBit) != 0 ? ~(long)Magnitude(a) : (long)Magnitude(a);

    private static void FlagSignaling(ulong a, ulong b, ref uint flags)
    {
        if (IsSignaling(a) || IsSignaling(b))
        {
            flags |= FloatFlags.Invalid;
        }
    }

    /// <summary>Of two data, at least one of them NaN, the one that is a number; failing that, the canonical NaN.</summary>
    private static ulong NumberOf(ulong a, ulong b, ref uint flags)
    {
        FlagSignaling(a, b, ref flags);
        return !IsNan(a) ? a : !IsNan(b) ? b : TFormat.CanonicalNan;
    }
}
