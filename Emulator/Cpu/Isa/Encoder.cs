using static RiscvXv6.Emulator.Cpu.Isa.InstructionFormat;

namespace RiscvXv6.Emulator.Cpu.Isa;

/// <summary>Puts instructions together, for tests and for generators of code.</summary>
internal static class Encoder
{
    private static readonly Dictionary<string, InstructionRow> RowsByMnemonic = InstructionTable.Rows
        .Where(static row => row.Operation != Operation.Illegal)
        .ToDictionary(static row => row.Mnemonic, StringComparer.Ordinal);

    /// <summary>The row of an instruction.</summary>
    /// <exception cref="ArgumentException">No instruction has that mnemonic.</exception>
    public static InstructionRow Row(string mnemonic) => RowsByMnemonic.TryGetValue(mnemonic, out var row)
        ? row
        : throw new ArgumentException($"There is no instruction '{mnemonic}'.", nameof(mnemonic));

    /// <summary>
    /// The encoding of an instruction by its mnemonic; operands mean what they do in <see cref="DecodedInstruction"/>.
    /// </summary>
    /// <inheritdoc cref="Encode(InstructionRow, in DecodedInstruction)" path="/exception"/>
    public static uint Encode(
        string mnemonic,
        int rd = 0,
        int rs1 = 0,
        int rs2 = 0,
        long immediate = 0,
        int rs3 = 0,
        int roundingMode = 0)
    {
        var operands = new DecodedInstruction
        {
            Rd = checked((byte)rd),
            Rs1 = checked((byte)rs1),
            Rs2 = checked((byte)rs2),
            Rs3 = checked((byte)rs3),
            RoundingMode = checked((byte)roundingMode),
            Immediate = immediate,
        };
        return Encode(Row(mnemonic), operands);
    }

    /// <summary>
    /// The encoding of <paramref name="row"/> with the operands of <paramref name="operands"/>, whose operation and
    /// length do not count. Registers that the row implies (x2 of stack instructions, x1 of <c>c.jalr</c>, the source
    /// that is the destination) may be given or left zero.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// An operand does not fit, or the row is reserved with these operands.
    /// </exception>
    public static uint Encode(InstructionRow row, in DecodedInstruction operands)
    {
        var encoding = row.Match | (Place(row.Format, operands) & ~row.Mask);
        if (row.LengthBytes == 2)
        {
            encoding = (ushort)encoding;
        }

        var decoded = Decoder.Decode(encoding);
        if (Decoder.FindRow(encoding) != row
            || !Agrees(decoded.Immediate, operands.Immediate, row.Operands.Length != 0)
            || decoded.RoundingMode != operands.RoundingMode
            || decoded.Rs3 != operands.Rs3
            || !Agrees(decoded.Rd, operands.Rd, row.Operands.Contains("rd", StringComparison.Ordinal))
            || !Agrees(decoded.Rs1, operands.Rs1, HasSource(row))
            || !Agrees(decoded.Rs2, operands.Rs2, row.Operands.Contains("rs2", StringComparison.Ordinal)))
        {
            throw new ArgumentOutOfRangeException(nameof(operands), $"{row.Mnemonic} cannot have these operands.");
        }

        return encoding;
    }

    private static bool Agrees(long decoded, long given, bool isOperand) =>
        decoded == given || (given == 0 && !isOperand);

    private static bool HasSource(InstructionRow row) =>
        row.Operands.Contains("rs1", StringComparison.Ordinal) || row.Operands.Contains("zimm", StringComparison.Ordinal);

    private static uint Place(InstructionFormat format, in DecodedInstruction o)
    {
        var rd = (uint)o.Rd << 7;
        var rs1 = (uint)o.Rs1 << 15;
        var rs2 = (uint)o.Rs2 << 20;
        var rounding = (uint)o.RoundingMode << 12;
        var compressedRs2 = (uint)o.Rs2 << 2;
        var jumpRegister = (uint)o.Rs1 << 7;
        var lowPrimeRd = (uint)(o.Rd & 7) << 2;
        var lowPrimeRs2 = (uint)(o.Rs2 & 7) << 2;
        var highPrimeRd = (uint)(o.Rd & 7) << 7;
        var highPrimeRs1 = (uint)(o.Rs1 & 7) << 7;
        var immediate = (uint)o.Immediate;
        return format switch
        {
            None => 0,
            R or RUnary => rd | rs1 | rs2,
            RRounded or RUnaryRounded => rd | rs1 | rs2 | rounding,
            R4 => rd | rs1 | rs2 | rounding | ((uint)o.Rs3 << 27),
            Atomic => rd | rs1 | rs2 | (immediate << 25),
            I or Shift or Zicsr => rd | rs1 | (immediate << 20),
            Ordering => immediate << 20,
            S => rs1 | rs2 | Move(immediate, 0, 5, 7) | Move(immediate, 5, 7, 25),
            B => rs1 | rs2 | Move(immediate, 11, 1, 7) | Move(immediate, 1, 4, 8) | Move(immediate, 5, 6, 25)
                | Move(immediate, 12, 1, 31),
            U => rd | (immediate & 0xffff_f000),
            J => rd | Move(immediate, 12, 8, 12) | Move(immediate, 11, 1, 20) | Move(immediate, 1, 10, 21)
                | Move(immediate, 20, 1, 31),
            CompressedR or CompressedMove => rd | compressedRs2,
            CompressedJumpRegister or CompressedJumpLinkRegister => jumpRegister,
            CompressedI or CompressedLoadImmediate or CompressedShift => rd | Six(immediate),
            CompressedLoadUpper => rd | Six(immediate >> 12),
            CompressedAddStack => Move(immediate, 9, 1, 12) | Move(immediate, 7, 2, 3) | Move(immediate, 6, 1, 5)
                | Move(immediate, 5, 1, 2) | Move(immediate, 4, 1, 6),
            CompressedStackAddress => lowPrimeRd | Move(immediate, 6, 4, 7) | Move(immediate, 4, 2, 11)
                | Move(immediate, 3, 1, 5) | Move(immediate, 2, 1, 6),
            CompressedLoadStack4 => rd | Move(immediate, 6, 2, 2) | Move(immediate, 5, 1, 12) | Move(immediate, 2, 3, 4),
            CompressedLoadStack8 => rd | Move(immediate, 6, 3, 2) | Move(immediate, 5, 1, 12) | Move(immediate, 3, 2, 5),
            CompressedStoreStack4 => compressedRs2 | Move(immediate, 6, 2, 7) | Move(immediate, 2, 4, 9),
            CompressedStoreStack8 => compressedRs2 | Move(immediate, 6, 3, 7) | Move(immediate, 3, 3, 10),
            CompressedLoad4 => lowPrimeRd | highPrimeRs1 | Offset4(immediate),
            CompressedLoad8 => lowPrimeRd | highPrimeRs1 | Offset8(immediate),
            CompressedStore4 => lowPrimeRs2 | highPrimeRs1 | Offset4(immediate),
            CompressedStore8 => lowPrimeRs2 | highPrimeRs1 | Offset8(immediate),
            CompressedArithmetic => highPrimeRd | lowPrimeRs2,
            CompressedShiftPrime or CompressedAndImmediate => highPrimeRd | Six(immediate),
            CompressedBranch => highPrimeRs1 | Move(immediate, 8, 1, 12) | Move(immediate, 6, 2, 5)
                | Move(immediate, 5, 1, 2) | Move(immediate, 3, 2, 10) | Move(immediate, 1, 2, 3),
            CompressedJump => Move(immediate, 11, 1, 12) | Move(immediate, 10, 1, 8) | Move(immediate, 8, 2, 9)
                | Move(immediate, 7, 1, 6) | Move(immediate, 6, 1, 7) | Move(immediate, 5, 1, 2)
                | Move(immediate, 4, 1, 11) | Move(immediate, 1, 3, 3),
            _ => 0,
        };
    }

    /// <summary>
    /// <paramref name="count"/> bits from <paramref name="from"/> upwards, moved to <paramref name="to"/>.
    /// </summary>
    private static uint Move(uint value, int from, int count, int to) => ((value >> from) & ((1u << count) - 1)) << to;

    private static uint Six(uint immediate) => Move(immediate, 5, 1, 12) | Move(immediate, 0, 5, 2);

    private static uint Offset4(uint immediate) =>
        Move(immediate, 6, 1, 5) | Move(immediate, 3, 3, 10) | Move(immediate, 2, 1, 6);

    private static uint Offset8(uint immediate) => Move(immediate, 6, 2, 5) | Move(immediate, 3, 3, 10);
}
