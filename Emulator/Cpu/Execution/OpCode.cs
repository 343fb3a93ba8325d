namespace RiscvXv6.Emulator.Cpu.Execution;

/// <summary>
/// What the interpreter's switch dispatches on: the instructions worth an arm of their own, and a few groups for the rest.
/// Dense from zero, so that the switch is one bounds check and one indirect jump.
/// </summary>
internal enum OpCode : ushort
{
    /// <summary>Not an instruction: the block ends here and execution falls through to the next one.</summary>
    BlockEnd,

    Lb, Lh, Lw, Ld, Lbu, Lhu, Lwu,
    Sb, Sh, Sw, Sd,

    Beq, Bne, Blt, Bge, Bltu, Bgeu,

    /// <summary>Branches that compare with x0; compilers emit little else.</summary>
    Beqz, Bnez,

    /// <summary>jal with rd = x0.</summary>
    J,
    Jal,
    Jalr,

    /// <summary>jalr with rd = x0: returns and indirect jumps.</summary>
    Jr,

    /// <summary>lui, and addi from x0: a constant known to the decoder.</summary>
    LoadImmediate,

    /// <summary>addi with immediate 0.</summary>
    Move,
    Auipc,
    Addi, Slti, Sltiu, Xori, Ori, Andi, Slli, Srli, Srai,
    Add, Sub, Sll, Slt, Sltu, Xor, Srl, Sra, Or, And,
    Addiw, Slliw, Srliw, Sraiw, Addw, Subw, Sllw, Srlw, Sraw,
    Mul, Mulw,
    Nop,

    /// <summary>Division, remainder and the upper halves of products.</summary>
    Division,

    /// <summary>Zba, Zbb, Zbc, Zbs: pure functions of two registers and an immediate.</summary>
    BitManipulation,

    /// <summary>lr, sc and the AMOs.</summary>
    Atomic,

    /// <summary>Floating-point loads and stores.</summary>
    FloatMemory,

    /// <summary>Floating-point arithmetic, moves, conversions and comparisons.</summary>
    Float,

    /// <summary>CSR accesses, returns from traps, fences of translations, wfi, ecall, ebreak, illegal instructions.</summary>
    System,

    /// <summary>Not an instruction: stands before one that may be at a breakpoint, and takes no cycle.</summary>
    BreakpointCheck,
}
