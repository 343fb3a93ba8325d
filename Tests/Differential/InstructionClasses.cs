using RiscvXv6.Emulator.Cpu.Isa;

namespace RiscvXv6.Tests.Differential;

/// <summary>The instruction table's rows, sorted by what a generator has to prepare for them.</summary>
internal static class InstructionClasses
{
    /// <summary>Nothing but registers and immediates, integer ones.</summary>
    public static readonly InstructionRow[] Integer =
        [.. Computational().Where(static row => !IsFloat(row))];

    /// <summary>Nothing but registers, at least one of them a floating-point one.</summary>
    public static readonly InstructionRow[] Float =
        [.. Computational().Where(IsFloat)];

    /// <summary>Integer loads and stores, compressed ones among them.</summary>
    public static readonly InstructionRow[] Access =
        [.. Accesses().Where(static row => !IsFloat(row))];

    /// <summary>Floating-point loads and stores.</summary>
    public static readonly InstructionRow[] FloatAccess =
        [.. Accesses().Where(IsFloat)];

    /// <summary>AMOs; neither LR nor SC.</summary>
    public static readonly InstructionRow[] Amo =
        [.. Legal().Where(static row => row.Mnemonic.StartsWith("amo", StringComparison.Ordinal))];

    /// <summary>Conditional branches and jumps to a fixed target.</summary>
    public static readonly InstructionRow[] Branch =
        [.. Legal().Where(static row => row.Operands.Contains("target", StringComparison.Ordinal))];

    public static bool WritesFloat(InstructionRow row) => row.Operands.StartsWith("frd", StringComparison.Ordinal);

    public static bool IsStore(InstructionRow row) => row.Operands.Contains("rs2,imm(", StringComparison.Ordinal);

    private static IEnumerable<InstructionRow> Legal() =>
        InstructionTable.Rows.Where(static row => row.Operation != Operation.Illegal);

    private static bool IsFloat(InstructionRow row) => row.Operands.Contains("fr", StringComparison.Ordinal);

    private static IEnumerable<InstructionRow> Accesses() =>
        Legal().Where(static row => row.Operands.Contains("imm(", StringComparison.Ordinal) && row.Operation != Operation.Jalr);

    private static IEnumerable<InstructionRow> Computational() => Legal().Where(static row =>
        !row.Operands.Contains('(', StringComparison.Ordinal)
        && !row.Operands.Contains("target", StringComparison.Ordinal)
        && row.Extension is not (Extension.Zicsr or Extension.Privileged or Extension.Svinval)
        && row.Operation is not (Operation.Jalr or Operation.Ecall or Operation.Ebreak));
}
