namespace RiscvXv6.Emulator.Cpu.Isa;

/// <summary>
/// Where an encoding keeps its operands. Names from "Base Instruction Formats" and "Compressed Instruction Formats".
/// </summary>
internal enum InstructionFormat : byte
{
    /// <summary>No operands, or none that count.</summary>
    None,

    R,

    /// <summary>R with a fixed rs2 field, which is no operand.</summary>
    RUnary,

    /// <summary>R with a rounding mode in place of funct3.</summary>
    RRounded,

    /// <summary><see cref="RUnary"/> with a rounding mode in place of funct3.</summary>
    RUnaryRounded,

    /// <summary>Four registers and a rounding mode.</summary>
    R4,

    /// <summary>R with aq and rl in bits 26 and 25.</summary>
    Atomic,
    I,

    /// <summary>I with a shift amount of five or six bits; the row's pattern fixes the rest.</summary>
    Shift,

    /// <summary>I with an unsigned CSR number.</summary>
    Zicsr,

    /// <summary>I with fm, pred and succ for an immediate, and register fields that do not count.</summary>
    Ordering,
    S,
    B,
    U,
    J,

    /// <summary>Destination is the first source (CR, and CI without immediate).</summary>
    CompressedR,

    /// <summary>Destination and second source: <c>c.mv</c>.</summary>
    CompressedMove,

    /// <summary>Jump to a register: no destination.</summary>
    CompressedJumpRegister,

    /// <summary>Jump to a register and link in x1.</summary>
    CompressedJumpLinkRegister,

    /// <summary>Destination is the first source, with a six-bit signed immediate.</summary>
    CompressedI,

    /// <summary>Like <see cref="CompressedI"/> with x0 for the source: <c>c.li</c>.</summary>
    CompressedLoadImmediate,

    /// <summary>Immediate in bits 17 to 12: <c>c.lui</c>.</summary>
    CompressedLoadUpper,

    /// <summary>Destination is the first source, with a six-bit unsigned shift amount.</summary>
    CompressedShift,

    /// <summary><c>c.addi16sp</c>.</summary>
    CompressedAddStack,

    /// <summary>CIW: <c>c.addi4spn</c>.</summary>
    CompressedStackAddress,

    /// <summary>CI, four bytes from the stack.</summary>
    CompressedLoadStack4,

    /// <summary>CI, eight bytes from the stack.</summary>
    CompressedLoadStack8,

    /// <summary>CSS, four bytes to the stack.</summary>
    CompressedStoreStack4,

    /// <summary>CSS, eight bytes to the stack.</summary>
    CompressedStoreStack8,

    /// <summary>CL, four bytes.</summary>
    CompressedLoad4,

    /// <summary>CL, eight bytes.</summary>
    CompressedLoad8,

    /// <summary>CS, four bytes.</summary>
    CompressedStore4,

    /// <summary>CS, eight bytes.</summary>
    CompressedStore8,

    /// <summary>CA: both registers of x8 to x15, the first being the destination too.</summary>
    CompressedArithmetic,

    /// <summary>CB: shift of one of x8 to x15.</summary>
    CompressedShiftPrime,

    /// <summary>CB: <c>c.andi</c>.</summary>
    CompressedAndImmediate,

    /// <summary>CB: a branch on one of x8 to x15.</summary>
    CompressedBranch,

    /// <summary>CJ.</summary>
    CompressedJump,
}
