namespace RiscvXv6.Emulator.Cpu.Float;

/// <summary>Conversions to and from integers, and from one format to another.</summary>
internal static class Conversion<TFormat>
    where TFormat : struct, IFloatFormat
{
    /// <summary>
    /// Rounds to an integer of the range [-minimumMagnitude, maximum], as a 64-bit two's complement number. What does not fit
    /// even after rounding is invalid (and then not inexact) and yields the nearer end of the range; a NaN yields the maximum
    /// (Unpriv "Single-Precision Floating-Point Conversion and Move Instructions", the table of domains).
    /// </summary>
    public static ulong ToInteger(ulong a, ulong minimumMagnitude, ulong maximum, RoundingMode mode, ref uint flags)
    {
        Unpacked x = Unpacked.From<TFormat>(a);
        if (x.Kind == FloatKind.Zero)
        {
            return 0;
        }

        if (x.Kind != FloatKind.Finite || x.Exponent > 63)
        {
            flags |= FloatFlags.Invalid;
            return x.Negative && !x.IsNan ? 0 - minimumMagnitude : maximum;
        }

        ulong whole;
        ulong tail;
        if (x.Exponent >= 0)
        {
            whole = x.Significand >> (63 - x.Exponent);

            // In two shifts, because at exponent 63 all 64 bits are whole.
            tail = x.Significand << x.Exponent << 1;
        }
        else
        {
            whole = 0;
            tail = Rounding.ShiftRightJam(x.Significand, -1 - x.Exponent);
        }

        // No carry out of 64 bits: with a tail, the whole part has at most 53.
        whole += Rounding.Increments(mode, x.Negative, (whole & 1) != 0, tail) ? 1UL : 0;
        ulong limit = x.Negative ? minimumMagnitude : maximum;
        if (whole > limit)
        {
            flags |= FloatFlags.Invalid;
            whole = limit;
        }
        else if (tail != 0)
        {
            flags |= FloatFlags.Inexact;
        }

        return x.Negative ? 0 - whole : whole;
    }

    /// <summary>The integer of this sign and magnitude, rounded. Zero is +0 in every mode.</summary>
    public static ulong FromInteger(bool negative, ulong magnitude, RoundingMode mode, ref uint flags) =>
        magnitude == 0 ? 0 : Rounding.Pack<TFormat>(negative, 63, magnitude, mode, ref flags);

    /// <inheritdoc cref="FromInteger"/>
    public static ulong FromSigned(long value, RoundingMode mode, ref uint flags) =>
        FromInteger(value < 0, value < 0 ? 0 - (ulong)value : (ulong)value, mode, ref flags);

    /// <summary>The same number in another format, rounded if that is the narrower one; a NaN becomes canonical.</summary>
    public static ulong To<TOther>(ulong a, RoundingMode mode, ref uint flags)
        where TOther : struct, IFloatFormat
    {
        Unpacked x = Unpacked.From<TFormat>(a);
        ulong sign = x.Negative ? TOther.SignBit : 0;
        switch (x.Kind)
        {
            case FloatKind.Finite:
                return Rounding.Pack<TOther>(x.Negative, x.Exponent, x.Significand, mode, ref flags);
            case FloatKind.Zero:
                return sign;
            case FloatKind.Infinity:
                return sign | TOther.Infinity;
            case FloatKind.SignalingNan:
                flags |= FloatFlags.Invalid;
                return TOther.CanonicalNan;
            default:
                return TOther.CanonicalNan;
        }
    }
}
