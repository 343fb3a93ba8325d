namespace RiscvXv6.Emulator.Cpu.Isa;

/// <summary>
/// Every instruction of RV64IMAFDC with Zicsr, Zifencei, Zihintpause, Zba, Zbb, Zbc, Zbs, Svinval and the privileged
/// ones. Decoder, encoder, disassembler, their tests and docs/instructions.md are made from these rows.
/// </summary>
/// <remarks>
/// Where two rows match an encoding, one fixes all the bits that the other does and more, and it wins. Encodings that
/// are reserved within another row are rows of <see cref="Operation.Illegal"/>.
/// </remarks>
internal static partial class InstructionTable
{
    /// <summary>The rows, by extension, in the order of the specification's listings.</summary>
    public static IReadOnlyList<InstructionRow> Rows { get; } =
        [.. BaseRows(), .. BitManipulationRows(), .. FloatRows(), .. CompressedRows()];
}
