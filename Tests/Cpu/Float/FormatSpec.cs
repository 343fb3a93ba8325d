namespace RiscvXv6.Tests.Cpu.Float;

/// <summary>IEEE 754-2019, table 3.5, in the standard's own parameters: precision p and emax; everything else follows.</summary>
internal sealed record FormatSpec(string Name, int Width, int Precision, int MaxExponent)
{
    public static readonly FormatSpec Binary32 = new("binary32", 32, 24, 127);
    public static readonly FormatSpec Binary64 = new("binary64", 64, 53, 1023);

    public int MinExponent => 1 - MaxExponent;
    public int FractionBits => Precision - 1;
    public ulong SignBit => 1UL << (Width - 1);
    public ulong MaxBiasedExponent => (ulong)((2 * MaxExponent) + 1);
    public ulong Infinity => MaxBiasedExponent << FractionBits;
    public ulong QuietBit => 1UL << (FractionBits - 1);
    public ulong CanonicalNan => Infinity | QuietBit;
    public ulong FractionMask => (1UL << FractionBits) - 1;

    public override string ToString() => Name;
}
