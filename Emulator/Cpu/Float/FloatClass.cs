namespace RiscvXv6.Emulator.Cpu.Float;

/// <summary>The one-hot results of FCLASS (Unpriv "Single-Precision Floating-Point Classify Instruction").</summary>
internal static class FloatClass
{
    public const uint NegativeInfinity = 1 << 0;
    public const uint NegativeNormal = 1 << 1;
    public const uint NegativeSubnormal = 1 << 2;
    public const uint NegativeZero = 1 << 3;
    public const uint PositiveZero = 1 << 4;
    public const uint PositiveSubnormal = 1 << 5;
    public const uint PositiveNormal = 1 << 6;
    public const uint PositiveInfinity = 1 << 7;
    public const uint SignalingNan = 1 << 8;
    public const uint QuietNan = 1 << 9;
}
