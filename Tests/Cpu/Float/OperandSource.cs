namespace RiscvXv6.Tests.Cpu.Float;

/// <summary>
/// A repeatable stream of operands that favours what goes wrong: special values, edges of the exponent range, sparse and
/// all-ones significands (ties, carries), and partners that nearly cancel.
/// </summary>
internal sealed class OperandSource(FormatSpec format, int seed)
{
    private readonly Random _random = new(seed);

    private readonly ulong[] _specials =
    [
        0,
        1,
        format.FractionMask,
        format.FractionMask + 1,
        format.FractionMask + 2,
        format.Infinity - 1,
        format.Infinity,
        format.Infinity + 1,
        format.CanonicalNan,
        format.CanonicalNan + 1,
        One(format),
        One(format) + 1,
        One(format) - 1,
        One(format) + (1UL << format.FractionBits),
        One(format) - (1UL << format.FractionBits),
        One(format) + (3UL << (format.FractionBits - 1)),
    ];

    public ulong Next()
    {
        ulong sign = _random.Next(2) == 0 ? 0 : format.SignBit;
        return sign | _random.Next(16) switch
        {
            0 or 1 => _specials[_random.Next(_specials.Length)],
            2 or 3 => RandomBits() & (format.SignBit - 1),
            4 => SubnormalOfRandomLength(),
            5 => Build((ulong)_random.Next(1, 4), Fraction()),
            6 => Build(format.MaxBiasedExponent - (ulong)_random.Next(1, 4), Fraction()),
            7 or 8 => Build((ulong)_random.NextInt64(1, (long)format.MaxBiasedExponent), Fraction()),
            9 or 10 => Build(AroundBias(70), Fraction()),
            _ => Build(AroundBias(4), Fraction()),
        };
    }

    /// <summary>A second operand; often close to the first in size, and often a few units from it.</summary>
    public ulong NextPartnerOf(ulong a) => _random.Next(4) switch
    {
        0 => a ^ (_random.Next(2) == 0 ? 0 : format.SignBit) ^ (ulong)_random.Next(4),
        1 => (a & ~format.FractionMask & ~format.SignBit) | (Next() & (format.FractionMask | format.SignBit)),
        _ => Next(),
    };

    /// <summary>A third operand; often within some units of the negated product of the other two.</summary>
    public ulong NextAddendOf(ulong a, ulong b)
    {
        if (_random.Next(3) != 0)
        {
            return NextPartnerOf(_random.Next(2) == 0 ? a : b);
        }

        ulong product = format.Width == 32
            ? BitConverter.SingleToUInt32Bits(
                -(BitConverter.UInt32BitsToSingle((uint)a) * BitConverter.UInt32BitsToSingle((uint)b)))
            : BitConverter.DoubleToUInt64Bits(
                -(BitConverter.UInt64BitsToDouble(a) * BitConverter.UInt64BitsToDouble(b)));
        return product ^ (ulong)_random.Next(4) ^ (_random.Next(4) == 0 ? format.SignBit : 0);
    }

    /// <summary>An X register: small, near a power of two, or random.</summary>
    public ulong NextInteger()
    {
        ulong power = 1UL << _random.Next(64);
        ulong magnitude = _random.Next(4) switch
        {
            0 => (ulong)_random.Next(100),
            1 => power + (ulong)_random.Next(5) - 2,
            2 => power | (RandomBits() & (power - 1)),
            _ => power | (power >> _random.Next(64)) | (power >> _random.Next(64)) | (uint)_random.Next(2),
        };
        return _random.Next(2) == 0 ? magnitude : 0 - magnitude;
    }

    private static ulong One(FormatSpec format) => (ulong)format.MaxExponent << format.FractionBits;

    private static ulong Bits(Random random) => ((ulong)random.NextInt64() << 1) ^ (ulong)random.NextInt64();

    private ulong RandomBits() => Bits(_random);

    private ulong AroundBias(int distance) => (ulong)(format.MaxExponent + _random.Next(-distance, distance + 1));

    private ulong Build(ulong biasedExponent, ulong fraction) => (biasedExponent << format.FractionBits) | fraction;

    private ulong SubnormalOfRandomLength() => (RandomBits() & format.FractionMask) >> _random.Next(format.FractionBits);

    private ulong Fraction()
    {
        ulong bit = 1UL << _random.Next(format.FractionBits);
        return _random.Next(6) switch
        {
            0 => 0,
            1 => bit,
            2 => bit | (1UL << _random.Next(format.FractionBits)),
            3 => format.FractionMask & ~(bit - 1),
            4 => format.FractionMask ^ (bit & (RandomBits() | 1)),
            _ => RandomBits() & format.FractionMask,
        };
    }
}
