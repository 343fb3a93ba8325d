using System.Numerics;

namespace RiscvXv6.Emulator.Cpu.Float;

/// <summary>
/// The one place where a number that may be too long or too large is made to fit a format, and where NX, UF and OF arise
/// (IEEE 754-2019, 4.3 and 7.4 to 7.6).
/// </summary>
/// <remarks>
/// A discarded tail matters only as less than, equal to or more than half a unit, so it may be "jammed": all bits below the
/// last one kept are ORed into it. Two bits below the precision suffice for every mode.
/// </remarks>
internal static class Rounding
{
    private const ulong Half = 1UL << 63;

    /// <summary>Shifts right by any non-negative count; if a set bit falls off, the lowest bit of the result is set.</summary>
    public static ulong ShiftRightJam(ulong value, int count)
    {
        if (count >= 64)
        {
            return value != 0 ? 1UL : 0;
        }

        ulong shifted = value >> count;
        return shifted << count == value ? shifted : shifted | 1;
    }

    /// <inheritdoc cref="ShiftRightJam(ulong, int)"/>
    public static UInt128 ShiftRightJam(UInt128 value, int count)
    {
        if (count >= 128)
        {
            return value != UInt128.Zero ? UInt128.One : UInt128.Zero;
        }

        UInt128 shifted = value >> count;
        return shifted << count == value ? shifted : shifted | UInt128.One;
    }

    /// <summary>Whether the magnitude kept so far goes up by one unit.</summary>
    /// <param name="mode">The rounding mode.</param>
    /// <param name="negative">The sign of the number.</param>
    /// <param name="odd">The last bit kept is 1.</param>
    /// <param name="tail">The discarded part as a 64-bit binary fraction of one unit, jammed.</param>
    public static bool Increments(RoundingMode mode, bool negative, bool odd, ulong tail) => mode switch
    {
        RoundingMode.NearestEven => tail > Half || (tail == Half && odd),
        RoundingMode.TowardZero => false,
        RoundingMode.Down => negative && tail != 0,
        RoundingMode.Up => !negative && tail != 0,
        _ => tail >= Half,
    };

    /// <summary>
    /// Rounds the number of magnitude <c>significand * 2^(exponent - 63)</c> to the format. The significand is not zero, may
    /// have leading zeros, and may be jammed if no more than nine zeros lead.
    /// </summary>
    public static ulong Pack<TFormat>(bool negative, int exponent, ulong significand, RoundingMode mode, ref uint flags)
        where TFormat : struct, IFloatFormat
    {
        int zeros = BitOperations.LeadingZeroCount(significand);
        significand <<= zeros;
        int biased = exponent - zeros + TFormat.ExponentBias;
        ulong sign = negative ? TFormat.SignBit : 0;

        if (biased >= TFormat.MaxBiasedExponent)
        {
            return sign | Overflow<TFormat>(negative, mode, ref flags);
        }

        bool tiny = false;
        if (biased <= 0)
        {
            tiny = !(biased == 0 && RoundsToNextBinade<TFormat>(negative, significand, mode));
            significand = ShiftRightJam(significand, 1 - biased);
            biased = 1;
        }

        int precision = TFormat.FractionBits + 1;
        ulong kept = significand >> (64 - precision);
        ulong tail = significand << precision;
        if (tail != 0)
        {
            // IEEE 7.5: with default handling, underflow is flagged only if the result is also inexact.
            flags |= tiny ? FloatFlags.Inexact | FloatFlags.Underflow : FloatFlags.Inexact;
            kept += Increments(mode, negative, (kept & 1) != 0, tail) ? 1UL : 0;
        }

        // The leading one, if there is one, adds itself to the exponent field; so does a carry out of the significand.
        ulong magnitude = ((ulong)(biased - 1) << TFormat.FractionBits) + kept;
        return sign | (magnitude < TFormat.Infinity ? magnitude : Overflow<TFormat>(negative, mode, ref flags));
    }

    /// <summary>
    /// Unpriv "Floating-Point Control and Status Register": tininess is detected after rounding. A number in the last binade
    /// below the normal ones is not tiny if, with an unbounded exponent range, it would have been rounded up out of there.
    /// </summary>
    private static bool RoundsToNextBinade<TFormat>(bool negative, ulong significand, RoundingMode mode)
        where TFormat : struct, IFloatFormat
    {
        int precision = TFormat.FractionBits + 1;
        bool allOnes = ~significand >> (64 - precision) == 0;
        return allOnes && Increments(mode, negative, odd: true, significand << precision);
    }

    /// <summary>IEEE 7.4: to infinity, or to the largest finite number if the mode rounds that way.</summary>
    private static ulong Overflow<TFormat>(bool negative, RoundingMode mode, ref uint flags)
        where TFormat : struct, IFloatFormat
    {
        flags |= FloatFlags.Overflow | FloatFlags.Inexact;
        bool toInfinity = mode switch
        {
            RoundingMode.TowardZero => false,
            RoundingMode.Down => negative,
            RoundingMode.Up => !negative,
            _ => true,
        };
        return toInfinity ? TFormat.Infinity : TFormat.Infinity - 1;
    }
}
