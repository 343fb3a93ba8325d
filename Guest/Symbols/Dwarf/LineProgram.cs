namespace RiscvXv6.Guest.Symbols.Dwarf;

/// <summary>
/// Runs the programs of .debug_line (DWARF "The Line Number Program"). A program that makes no sense ends there: the sequences
/// that it had finished count.
/// </summary>
internal ref struct LineProgram
{
    private const byte ExtendedEscape = 0;
    private const byte Copy = 1;
    private const byte AdvanceProgramCounter = 2;
    private const byte AdvanceLine = 3;
    private const byte SetFile = 4;
    private const byte SetColumn = 5;
    private const byte NegateStatement = 6;
    private const byte SetBasicBlock = 7;
    private const byte ConstantAddProgramCounter = 8;
    private const byte FixedAdvanceProgramCounter = 9;
    private const byte SetPrologueEnd = 10;
    private const byte SetEpilogueBegin = 11;
    private const byte SetInstructionSet = 12;
    private const byte LastSpecial = 255;

    private const byte EndSequence = 1;
    private const byte SetAddress = 2;

    private readonly LineHeader _header;
    private readonly List<LineRow> _rows;
    private readonly List<LineSequence> _sequences;
    private readonly ReadOnlySpan<byte> _operandCounts;
    private DwarfCursor _cursor;

    // DWARF "State Machine Registers".
    private ulong _address;
    private int _operation;
    private uint _file;
    private int _line;
    private bool _isStatement;
    private int _firstRow;

    private LineProgram(ReadOnlySpan<byte> section, LineHeader header, List<LineRow> rows, List<LineSequence> sequences)
    {
        _header = header;
        _rows = rows;
        _sequences = sequences;
        _operandCounts = section.Slice(header.LengthsOffset, Math.Max(0, header.OpcodeBase - 1));
        _cursor = new DwarfCursor(section[..header.UnitEnd], (ulong)header.ProgramOffset);
        Restart();
    }

    /// <summary>Appends what the units of a section say, in the section's order.</summary>
    public static void RunAll(ReadOnlySpan<byte> section, List<LineRow> rows, List<LineSequence> sequences)
    {
        for (int offset = 0; offset < section.Length;)
        {
            if (LineHeader.TryRead(section, offset, out var header, out offset))
            {
                new LineProgram(section, header, rows, sequences).Run();
            }
        }
    }

    private void Run()
    {
        while (_cursor.Remaining != 0 && Step() && _cursor.IsGood)
        {
        }

        // What no end_sequence closed covers nobody knows what.
        DropRows();
    }

    private bool Step()
    {
        byte opcode = _cursor.Byte();
        if (opcode >= _header.OpcodeBase && opcode != ExtendedEscape)
        {
            if (_header.LineRange == 0)
            {
                return false;
            }

            Advance((ulong)SpecialAdvance(opcode));
            _line = unchecked(_line + _header.LineBase + (opcode - _header.OpcodeBase) % _header.LineRange);
            AddRow();
            return true;
        }

        switch (opcode)
        {
            case ExtendedEscape:
                return Extended();
            case Copy:
                AddRow();
                return true;
            case AdvanceProgramCounter:
                Advance(_cursor.Unsigned());
                return true;
            case AdvanceLine:
                _line = unchecked((int)(_line + _cursor.Signed()));
                return true;
            case SetFile:
                _file = (uint)Math.Min(_cursor.Unsigned(), int.MaxValue);
                return true;
            case NegateStatement:
                _isStatement = !_isStatement;
                return true;
            case SetBasicBlock or SetPrologueEnd or SetEpilogueBegin:
                return true;
            case ConstantAddProgramCounter:
                Advance(_header.LineRange == 0 ? 0 : (ulong)SpecialAdvance(LastSpecial));
                return true;
            case FixedAdvanceProgramCounter:
                _address += _cursor.Half();
                _operation = 0;
                return true;
            case SetColumn or SetInstructionSet:
                _cursor.Unsigned();
                return true;
            default:
                for (int count = _operandCounts[opcode - 1]; count > 0; count--)
                {
                    _cursor.Unsigned();
                }

                return true;
        }
    }

    private bool Extended()
    {
        ulong length = _cursor.Unsigned();
        if (length == 0)
        {
            return true;
        }

        if (length > (ulong)_cursor.Remaining)
        {
            return false;
        }

        int end = _cursor.Position + (int)length;
        switch (_cursor.Byte())
        {
            case EndSequence:
                CloseSequence();
                Restart();
                break;
            case SetAddress when length is >= 2 and <= 9:
                _address = _cursor.Number((int)length - 1);
                _operation = 0;
                break;
        }

        // Discriminators, and whatever a maker of compilers has added, change no line.
        _cursor.Skip((ulong)Math.Max(0, end - _cursor.Position));
        return true;
    }

    private readonly int SpecialAdvance(byte opcode) => (opcode - _header.OpcodeBase) / _header.LineRange;

    private void Advance(ulong operations)
    {
        if (_header.InstructionOperations == 1)
        {
            _address += (ulong)_header.InstructionBytes * operations;
            return;
        }

        // DWARF "Special Opcodes": an instruction of several operations is counted operation by operation.
        ulong sum = (ulong)_operation + operations;
        _address += (ulong)_header.InstructionBytes * (sum / (ulong)_header.InstructionOperations);
        _operation = (int)(sum % (ulong)_header.InstructionOperations);
    }

    private readonly void AddRow()
    {
        var row = new LineRow(_address, Math.Max(0, _line), (_file << 1) | (_isStatement ? 1u : 0));
        if (_rows.Count > _firstRow)
        {
            ulong last = _rows[^1].Address;
            if (_address < last)
            {
                // Addresses only ascend in a sequence (DWARF "Line Number Information").
                return;
            }

            if (_address == last)
            {
                // The earlier row covers nothing.
                _rows[^1] = row;
                return;
            }
        }

        _rows.Add(row);
    }

    private readonly void CloseSequence()
    {
        if (_rows.Count == _firstRow || _address <= _rows[_firstRow].Address || _address < _rows[^1].Address)
        {
            DropRows();
            return;
        }

        _sequences.Add(new LineSequence(
            _rows[_firstRow].Address, _address, _header.UnitOffset, _firstRow, _rows.Count - _firstRow));
    }

    private readonly void DropRows() => _rows.RemoveRange(_firstRow, _rows.Count - _firstRow);

    private void Restart()
    {
        _address = 0;
        _operation = 0;
        _file = 1;
        _line = 1;
        _isStatement = _header.StartsAsStatement;
        _firstRow = _rows.Count;
    }
}
