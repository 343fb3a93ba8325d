namespace RiscvXv6.Emulator.Cpu.Float;

/// <summary>
/// The numbers that tell one binary interchange format from another (IEEE 754-2019, table 3.5). A struct type parameter:
/// the JIT compiles each operation once per format, with these as constants.
/// </summary>
internal interface IFloatFormat
{
    /// <summary>Bits stored after the binary point; the precision is one more.</summary>
    static abstract int FractionBits { get; }

    /// <summary>The stored exponent is the exponent plus this.</summary>
    static abstract int ExponentBias { get; }

    /// <summary>The stored exponent, all ones, of infinities and NaNs.</summary>
    static abstract int MaxBiasedExponent { get; }

    static abstract ulong SignBit { get; }

    /// <summary>Plus infinity; its set bits are also the mask of the exponent field.</summary>
    static abstract ulong Infinity { get; }

    /// <summary>What every operation that yields a NaN yields (Unpriv "NaN Generation and Propagation").</summary>
    static abstract ulong CanonicalNan { get; }
}

/// <summary>binary32: single precision, the F extension.</summary>
internal readonly struct Binary32 : IFloatFormat
{
    public static int FractionBits => 23;
    public static int ExponentBias => 127;
    public static int MaxBiasedExponent => 0xff;
    public static ulong SignBit => 0x8000_0000;
    public static ulong Infinity => 0x7f80_0000;
    public static ulong CanonicalNan => 0x7fc0_0000;
}

/// <summary>binary64: double precision, the D extension.</summary>
internal readonly struct Binary64 : IFloatFormat
{
    public static int FractionBits => 52;
    public static int ExponentBias => 1023;
    public static int MaxBiasedExponent => 0x7ff;
    public static ulong SignBit => 0x8000_0000_0000_0000;
    public static ulong Infinity => 0x7ff0_0000_0000_0000;
    public static ulong CanonicalNan => 0x7ff8_0000_0000_0000;
}
