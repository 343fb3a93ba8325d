namespace RiscvXv6.Emulator.Cpu.Float;

/// <summary>The rounding modes by their encoding in an instruction's <c>rm</c> field and in <c>frm</c> (Unpriv "Floating-Point Control and Status Register").</summary>
/// <remarks>Encodings 5 and 6 are reserved and 7 in an instruction means "as frm says": the decoder resolves both before it calls here.</remarks>
internal enum RoundingMode : byte
{
    /// <summary>RNE: to the nearest, ties to the even one.</summary>
    NearestEven = 0,

    /// <summary>RTZ.</summary>
    TowardZero = 1,

    /// <summary>RDN: towards minus infinity.</summary>
    Down = 2,

    /// <summary>RUP: towards plus infinity.</summary>
    Up = 3,

    /// <summary>RMM: to the nearest, ties away from zero.</summary>
    NearestMaxMagnitude = 4,
}
