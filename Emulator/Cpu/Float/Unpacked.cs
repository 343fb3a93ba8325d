using System.Numerics;

namespace RiscvXv6.Emulator.Cpu.Float;

/// <summary>What sort of datum a bit pattern encodes (IEEE 754-2019, 3.3).</summary>
internal enum FloatKind : byte
{
    Zero,
    Finite,
    Infinity,
    QuietNan,
    SignalingNan,
}

/// <summary>
/// A datum taken apart. If <see cref="FloatKind.Finite"/> (and not zero), its magnitude is <c>Significand * 2^(Exponent - 63)</c>
/// with bit 63 of the significand set, so that subnormals need no care after unpacking: they are numbers of a small exponent.
/// </summary>
/// <remarks>The widest precision is 53 bits, so the low 11 bits of a fresh significand are zero; operations rely on that room.</remarks>
internal readonly struct Unpacked
{
    public readonly FloatKind Kind;
    public readonly bool Negative;
    public readonly int Exponent;
    public readonly ulong Significand;

    private Unpacked(FloatKind kind, bool negative, int exponent = 0, ulong significand = 0)
    {
        Kind = kind;
        Negative = negative;
        Exponent = exponent;
        Significand = significand;
    }

    public bool IsNan => Kind >= FloatKind.QuietNan;

    public static Unpacked From<TFormat>(ulong bits)
        where TFormat : struct, IFloatFormat
    {
        bool negative = (bits & TFormat.SignBit) != 0;
        int biased = (int)(bits >> TFormat.FractionBits) & TFormat.MaxBiasedExponent;
        ulong leftJustified = bits << (64 - TFormat.FractionBits);

        if (biased == TFormat.MaxBiasedExponent)
        {
            // IEEE 6.2.1: the first bit of a NaN's fraction is 1 if it is quiet.
            return leftJustified == 0 ? new Unpacked(FloatKind.Infinity, negative)
                : (long)leftJustified < 0 ? new Unpacked(FloatKind.QuietNan, negative)
                : new Unpacked(FloatKind.SignalingNan, negative);
        }

        if (biased != 0)
        {
            ulong withLeadingOne = (1UL << 63) | (leftJustified >> 1);
            return new Unpacked(FloatKind.Finite, negative, biased - TFormat.ExponentBias, withLeadingOne);
        }

        if (leftJustified == 0)
        {
            return new Unpacked(FloatKind.Zero, negative);
        }

        // A subnormal is 0.fraction * 2^(1 - bias): its first set bit, n places after the point, stands for 2^(1 - bias - n).
        int zeros = BitOperations.LeadingZeroCount(leftJustified);
        return new Unpacked(FloatKind.Finite, negative, -TFormat.ExponentBias - zeros, leftJustified << zeros);
    }
}
