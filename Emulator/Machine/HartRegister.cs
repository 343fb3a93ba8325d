namespace RiscvXv6.Emulator.Machine;

/// <summary>What a debugger reads and writes of a hart besides its CSRs, by gdb's numbers (but for the last).</summary>
internal enum HartRegister
{
    /// <summary>x0; the others follow up to x31 = 31.</summary>
    X0 = 0,

    /// <summary>x2.</summary>
    StackPointer = 2,

    /// <summary>x8.</summary>
    FramePointer = 8,

    X31 = 31,

    Pc = 32,

    /// <summary>f0; the others follow up to f31 = 64.</summary>
    F0 = 33,

    F31 = 64,

    /// <summary>The privilege mode: 0 user, 1 supervisor, 3 machine.</summary>
    Privilege = 65,
}
