namespace RiscvXv6.Guest.Symbols.Dwarf;

/// <summary>The head of a unit of .debug_line (DWARF "The Line Number Program Header"), up to its tables of names.</summary>
/// <param name="UnitOffset">Where the unit starts.</param>
/// <param name="UnitEnd">Where it ends.</param>
/// <param name="Encoding">How it writes numbers.</param>
/// <param name="TablesOffset">Where its tables of folders and files start.</param>
/// <param name="ProgramOffset">Where its program starts.</param>
/// <param name="InstructionBytes">What an advance of 1 means.</param>
/// <param name="InstructionOperations">Operations in an instruction, at least 1.</param>
/// <param name="StartsAsStatement">The register is_stmt at the start of a sequence.</param>
/// <param name="LineBase">Least advance of the line by a special opcode.</param>
/// <param name="LineRange">Number of line advances that a special opcode can say; 0 if it can say none.</param>
/// <param name="OpcodeBase">The first special opcode.</param>
/// <param name="LengthsOffset">Where the numbers of operands of the standard opcodes are, of opcode 1 first.</param>
internal readonly record struct LineHeader(
    int UnitOffset,
    int UnitEnd,
    DwarfEncoding Encoding,
    int TablesOffset,
    int ProgramOffset,
    int InstructionBytes,
    int InstructionOperations,
    bool StartsAsStatement,
    int LineBase,
    int LineRange,
    int OpcodeBase,
    int LengthsOffset)
{
    /// <summary>Reads the head of the unit at an offset.</summary>
    /// <param name="section">.debug_line.</param>
    /// <param name="offset">Within it.</param>
    /// <param name="header">The head.</param>
    /// <param name="next">Where the next unit starts; the section's end if nobody can tell.</param>
    /// <returns>False if this unit can't be read.</returns>
    public static bool TryRead(ReadOnlySpan<byte> section, int offset, out LineHeader header, out int next)
    {
        header = default;
        next = section.Length;
        var cursor = new DwarfCursor(section, (ulong)offset);
        if (!DwarfEncoding.TryReadLength(ref cursor, out int offsetBytes, out int end))
        {
            return false;
        }

        next = end;
        cursor = new DwarfCursor(section[..end], (ulong)cursor.Position);
        int version = cursor.Half();
        if (!DwarfEncoding.IsKnownVersion(version))
        {
            return false;
        }

        int addressBytes = sizeof(ulong);
        if (version >= 5)
        {
            addressBytes = cursor.Byte();
            cursor.Skip(1);
        }

        ulong headerBytes = cursor.Number(offsetBytes);
        if (!cursor.IsGood || headerBytes > (ulong)cursor.Remaining)
        {
            return false;
        }

        int program = cursor.Position + (int)headerBytes;
        cursor = new DwarfCursor(section[..program], (ulong)cursor.Position);
        int instructionBytes = cursor.Byte();
        int operations = version >= 4 ? cursor.Byte() : 1;
        bool startsAsStatement = cursor.Byte() != 0;
        int lineBase = (sbyte)cursor.Byte();
        int lineRange = cursor.Byte();
        int opcodeBase = cursor.Byte();
        int lengths = cursor.Position;
        cursor.Skip((ulong)Math.Max(0, opcodeBase - 1));
        header = new LineHeader(
            offset,
            end,
            new DwarfEncoding(version, offsetBytes, addressBytes),
            cursor.Position,
            program,
            instructionBytes,
            Math.Max(1, operations),
            startsAsStatement,
            lineBase,
            lineRange,
            opcodeBase,
            lengths);
        return cursor.IsGood;
    }
}
