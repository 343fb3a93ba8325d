namespace RiscvXv6.Emulator.Cpu.Isa;

/// <summary>One instruction: how it is encoded, written and what it does.</summary>
internal sealed class InstructionRow
{
    /// <param name="mnemonic">As the assembler spells it.</param>
    /// <param name="pattern">
    /// The encoding, most significant bit first: 0, 1, or . for an operand's bit; blanks separate fields.
    /// </param>
    /// <param name="format">Where the operands are.</param>
    /// <param name="operation">What it does.</param>
    /// <param name="operands">
    /// The operands as assembly has them; the words are those that the disassembler knows.
    /// </param>
    /// <param name="extension">The part of the ISA that has it.</param>
    public InstructionRow(
        string mnemonic,
        string pattern,
        InstructionFormat format,
        Operation operation,
        string operands,
        Extension extension)
    {
        Mnemonic = mnemonic;
        Pattern = pattern;
        Format = format;
        Operation = operation;
        Operands = operands;
        Extension = extension;
        uint mask = 0;
        uint match = 0;
        var bits = 0;
        foreach (var c in pattern)
        {
            if (c == ' ')
            {
                continue;
            }

            mask = (mask << 1) | (c == '.' ? 0u : 1u);
            match = (match << 1) | (c == '1' ? 1u : 0u);
            bits++;
        }

        Mask = mask;
        Match = match;
        LengthBytes = (byte)(bits / 8);
    }

    public string Mnemonic { get; }

    public string Pattern { get; }

    public InstructionFormat Format { get; }

    public Operation Operation { get; }

    public string Operands { get; }

    public Extension Extension { get; }

    /// <summary>The bits that the pattern fixes.</summary>
    public uint Mask { get; }

    /// <summary>What the bits in <see cref="Mask"/> must be.</summary>
    public uint Match { get; }

    /// <summary>2 or 4.</summary>
    public byte LengthBytes { get; }

    /// <summary>
    /// True if <paramref name="encoding"/> has this row's fixed bits. Another row may match more specifically.
    /// </summary>
    public bool Matches(uint encoding) => (encoding & Mask) == Match;
}
