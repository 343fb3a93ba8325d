namespace RiscvXv6.Guest.Symbols.Dwarf;

/// <summary>Runs the instructions of a frame's entries (DWARF "Call Frame Instructions") up to an address.</summary>
internal ref struct FrameProgram
{
    private const int DeepestStack = 16;

    private readonly ReadOnlySpan<byte> _section;
    private readonly FrameCommon _common;
    private readonly ulong _target;
    private readonly Stack<(int Register, long Offset, bool IsKnown, long?[] Saved)> _stack = new();
    private long?[] _saved = new long?[FrameTable.RegisterCount];
    private long?[] _initial = [];
    private ulong _address;
    private int _baseRegister;
    private long _baseOffset;
    private bool _isBaseKnown;

    private FrameProgram(ReadOnlySpan<byte> section, FrameCommon common, ulong first, ulong target)
    {
        _section = section;
        _common = common;
        _address = first;
        _target = target;
    }

    /// <returns>Null if the entries say something that cannot be followed.</returns>
    public static FrameRow? Run(ReadOnlySpan<byte> section, FrameCommon common, FrameEntry entry, ulong pc)
    {
        var program = new FrameProgram(section, common, entry.First, pc);
        if (!program.Run(common.Start, common.End))
        {
            return null;
        }

        program._initial = [.. program._saved];
        return program.Run(entry.Start, entry.End) && program._isBaseKnown
            && program._baseRegister < FrameTable.RegisterCount && common.ReturnAddressRegister < FrameTable.RegisterCount
            ? new FrameRow(program._baseRegister, program._baseOffset, common.ReturnAddressRegister, program._saved)
            : null;
    }

    private bool Run(int start, int end)
    {
        var cursor = new DwarfCursor(_section[..end], (ulong)start);
        while (cursor.Remaining != 0 && _address <= _target)
        {
            if (!Step(ref cursor) || !cursor.IsGood)
            {
                return false;
            }
        }

        return true;
    }

    private bool Step(ref DwarfCursor cursor)
    {
        byte code = cursor.Byte();
        int low = code & 0x3f;
        switch (code >> 6)
        {
            case 1:
                return Advance((ulong)low);
            case 2:
                return Save((ulong)low, (long)cursor.Unsigned() * _common.DataAlignment);
            case 3:
                return Restore((ulong)low);
        }

        // DWARF "Call Frame Instruction Encodings".
        switch (low)
        {
            case 0x00: // nop
                return true;
            case 0x01: // set_loc
                ulong address = cursor.Number(_common.AddressBytes);
                return Continue(address);
            case 0x02: // advance_loc1, 2, 4
                return Advance(cursor.Byte());
            case 0x03:
                return Advance(cursor.Half());
            case 0x04:
                return Advance(cursor.Word());
            case 0x05: // offset_extended
                return Save(cursor.Unsigned(), (long)cursor.Unsigned() * _common.DataAlignment);
            case 0x06: // restore_extended
                return Restore(cursor.Unsigned());
            case 0x07: // undefined, same_value: the caller's value is not in the frame
            case 0x08:
                return Save(cursor.Unsigned(), null);
            case 0x0a: // remember_state
                _stack.Push((_baseRegister, _baseOffset, _isBaseKnown, [.. _saved]));
                return _stack.Count <= DeepestStack;
            case 0x0b: // restore_state
                if (!_stack.TryPop(out var state))
                {
                    return false;
                }

                (_baseRegister, _baseOffset, _isBaseKnown, _saved) = state;
                return true;
            case 0x0c: // def_cfa
                return Base(cursor.Unsigned(), (long)cursor.Unsigned());
            case 0x0d: // def_cfa_register
                return Base(cursor.Unsigned(), _baseOffset);
            case 0x0e: // def_cfa_offset
                return Base((ulong)_baseRegister, (long)cursor.Unsigned());
            case 0x11: // offset_extended_sf
                return Save(cursor.Unsigned(), cursor.Signed() * _common.DataAlignment);
            case 0x12: // def_cfa_sf
                return Base(cursor.Unsigned(), cursor.Signed() * _common.DataAlignment);
            case 0x13: // def_cfa_offset_sf
                return Base((ulong)_baseRegister, cursor.Signed() * _common.DataAlignment);
            case 0x2e: // GNU_args_size
                cursor.Unsigned();
                return true;
            default:
                // A register in a register, a value instead of a place, an expression: no compiler writes them for C here.
                return false;
        }
    }

    private bool Advance(ulong units) => Continue(_address + units * _common.CodeAlignment);

    /// <summary>What follows is for addresses from this one on.</summary>
    private bool Continue(ulong address)
    {
        bool isForward = address >= _address;
        _address = address;
        return isForward;
    }

    private readonly bool Save(ulong register, long? offset)
    {
        if (register < FrameTable.RegisterCount)
        {
            _saved[register] = offset;
        }

        return true;
    }

    private readonly bool Restore(ulong register) =>
        Save(register, register < (ulong)_initial.Length ? _initial[(int)register] : null);

    private bool Base(ulong register, long offset)
    {
        _baseRegister = (int)Math.Min(register, int.MaxValue);
        _baseOffset = offset;
        _isBaseKnown = true;
        return true;
    }
}
