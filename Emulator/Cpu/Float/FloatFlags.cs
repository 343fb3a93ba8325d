namespace RiscvXv6.Emulator.Cpu.Float;

/// <summary>The accrued exception flags as <c>fflags</c> holds them (Unpriv "Floating-Point Control and Status Register").</summary>
internal static class FloatFlags
{
    /// <summary>NX.</summary>
    public const uint Inexact = 1;

    /// <summary>UF: the result is inexact and tiny, tininess being judged after rounding.</summary>
    public const uint Underflow = 2;

    /// <summary>OF.</summary>
    public const uint Overflow = 4;

    /// <summary>DZ.</summary>
    public const uint DivideByZero = 8;

    /// <summary>NV.</summary>
    public const uint Invalid = 16;
}
