using System.Numerics;
using RiscvXv6.Emulator.Cpu.Float;

namespace RiscvXv6.Tests.Cpu.Float;

/// <summary>An exact ratio of two integers, the lower one positive; not reduced.</summary>
internal readonly record struct Ratio(BigInteger Upper, BigInteger Lower)
{
    public bool IsZero => Upper.IsZero;

    public int Sign => Upper.Sign;

    /// <summary><c>value * 2^exponent</c>.</summary>
    public static Ratio Scaled(BigInteger value, int exponent) =>
        exponent >= 0 ? new Ratio(value << exponent, BigInteger.One) : new Ratio(value, BigInteger.One << -exponent);

    public static Ratio operator *(Ratio x, Ratio y) => new(x.Upper * y.Upper, x.Lower * y.Lower);

    public static Ratio operator /(Ratio x, Ratio y) =>
        y.Sign < 0 ? new(-x.Upper * y.Lower, x.Lower * -y.Upper) : new(x.Upper * y.Lower, x.Lower * y.Upper);

    public static Ratio operator +(Ratio x, Ratio y) => new((x.Upper * y.Lower) + (y.Upper * x.Lower), x.Lower * y.Lower);

    public static Ratio operator -(Ratio x, Ratio y) => x + new Ratio(-y.Upper, y.Lower);

    /// <summary>The greatest e such that <c>2^e</c> is no more than the magnitude, which is not zero.</summary>
    public int FloorLog2()
    {
        BigInteger magnitude = BigInteger.Abs(Upper);
        int guess = (int)(magnitude.GetBitLength() - Lower.GetBitLength());
        bool tooGreat = guess >= 0 ? magnitude < Lower << guess : magnitude << -guess < Lower;
        return tooGreat ? guess - 1 : guess;
    }

    /// <summary>The n for which <c>n * 2^quantumExponent</c> is what the mode chooses of the two multiples around this value.</summary>
    public BigInteger RoundToMultipleOfPowerOfTwo(int quantumExponent, RoundingMode mode, out bool exact)
    {
        Ratio units = this * Scaled(BigInteger.One, -quantumExponent);
        BigInteger below = BigInteger.DivRem(units.Upper, units.Lower, out BigInteger remainder);
        if (remainder.Sign < 0)
        {
            below -= 1;
            remainder += units.Lower;
        }

        exact = remainder.IsZero;
        if (exact)
        {
            return below;
        }

        BigInteger above = below + 1;
        int nearerToAbove = (2 * remainder).CompareTo(units.Lower);
        bool negative = units.Sign < 0;
        return mode switch
        {
            RoundingMode.Down => below,
            RoundingMode.Up => above,
            RoundingMode.TowardZero => negative ? above : below,
            RoundingMode.NearestEven => nearerToAbove != 0 ? (nearerToAbove > 0 ? above : below) : below.IsEven ? below : above,
            RoundingMode.NearestMaxMagnitude => nearerToAbove != 0 ? (nearerToAbove > 0 ? above : below) : negative ? below : above,
            _ => throw new ArgumentOutOfRangeException(nameof(mode)),
        };
    }

    /// <summary>
    /// A ratio that rounds as the square root of this one does in every mode and at every precision up to the given one: the
    /// root itself if it has few digits, otherwise a number between the same two neighbours and on the same side of their middle.
    /// </summary>
    public Ratio SquareRootForRounding(int precision)
    {
        // Enough digits that Upper/Lower * 4^digits has an integer root of more than the precision, and is an integer
        // (the lower part of a datum is a power of two).
        int digits = precision + 2 + (int)Lower.GetBitLength();
        BigInteger radicand = (Upper << (2 * digits)) / Lower;
        BigInteger root = IntegerRoot(radicand);
        bool exact = root * root == radicand;
        return Scaled((2 * root) + (exact ? 0 : 1), -digits - 1);
    }

    /// <summary>The greatest integer whose square is no more than n: Newton's method from above.</summary>
    private static BigInteger IntegerRoot(BigInteger n)
    {
        BigInteger root = BigInteger.One << (int)((n.GetBitLength() + 1) / 2);
        while (true)
        {
            BigInteger next = (root + (n / root)) >> 1;
            if (next >= root)
            {
                return root;
            }

            root = next;
        }
    }
}
