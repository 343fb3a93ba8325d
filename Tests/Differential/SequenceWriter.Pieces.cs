using RiscvXv6.Emulator.Cpu.Csr;
using RiscvXv6.Emulator.Cpu.Isa;

namespace RiscvXv6.Tests.Differential;

/// <content>Pieces of unprivileged code.</content>
internal sealed partial class SequenceWriter
{
    private static readonly InstructionRow LoadReservedW = Encoder.Row("lr.w");
    private static readonly InstructionRow LoadReservedD = Encoder.Row("lr.d");

    public void Integer()
    {
        var row = _draw.Pick(InstructionClasses.Integer);
        if (Randomise(row) is not { } encoding)
        {
            return;
        }

        if (row.Operation == Operation.Ctzw)
        {
            // See Exclusions: its word must not be zero.
            int source = Decoder.Decode(encoding).Rs1;
            if (!MayWrite(source))
            {
                return;
            }

            _code.Emit("ori", source, source, immediate: _draw.Between(1, 2047));
        }

        _code.Emit(encoding);
    }

    public void Constant() => _code.LoadImmediate(Register(), _draw.Integer());

    public void Float()
    {
        var row = _draw.Pick(InstructionClasses.Float);
        if (Randomise(row) is not { } encoding)
        {
            return;
        }

        if (!InstructionClasses.WritesFloat(row))
        {
            // See Exclusions: FS is dirty before flags are raised.
            _code.Emit("fsgnj.d");
        }

        // Reserved rounding modes are drawn too, but not two times in eight.
        var decoded = Decoder.Decode(encoding);
        if (decoded.RoundingMode is 5 or 6 && _draw.Chance(85))
        {
            encoding = WithField(encoding, 12, 3, (uint)_draw.Below(5));
        }

        _code.Emit(encoding);
        if (Witness != 0)
        {
            Witnessed(row, decoded.Rd);
        }
    }

    /// <summary>A floating-point register from the first data page, which holds values worth computing with.</summary>
    public void FloatOperand()
    {
        int pointer = Register(zeroToo: false);
        Point(pointer, Layout.Data(_program.Index) + (ulong)(8 * _draw.Below((int)Layout.PageBytes / 8)));
        _code.Emit("fld", _draw.Below(32), pointer);
    }

    public void FloatConstant()
    {
        int temporary = Register(zeroToo: false);
        _code.LoadImmediate(temporary, _draw.Floating());
        _code.Emit(_draw.Chance(80) ? "fmv.d.x" : "fmv.w.x", _draw.Below(32), temporary);
    }

    /// <summary>An encoding that no row has, or one that must do nothing but what the table says.</summary>
    public void Odd()
    {
        for (int attempt = 0; attempt < 50; attempt++)
        {
            uint encoding = _draw.Word();
            encoding = (encoding & 3) == 3 ? encoding : (ushort)encoding;
            if (_draw.Chance(50))
            {
                // Close to something legal: one bit of a row's pattern is wrong.
                var row = _draw.Pick(InstructionTable.Rows);
                encoding = (row.Match ^ (1u << _draw.Below(8 * row.LengthBytes))) | (_draw.Word() & ~row.Mask);
                encoding = (encoding & 3) == 3 ? encoding : (ushort)encoding;
            }

            if (Decoder.Decode(encoding).Operation == Operation.Illegal)
            {
                _code.Emit(encoding);
                return;
            }
        }
    }

    public void Call() => _code.Emit(_draw.Below(3) switch { 0 => "ecall", 1 => "ebreak", _ => "c.ebreak" });

    public void FenceInstructions() => _code.Emit("fence.i");

    /// <summary>A branch or jump over the next few pieces.</summary>
    public void Branch()
    {
        var row = _draw.Pick(InstructionClasses.Branch);
        if (Randomise(row) is { } encoding)
        {
            _branches.Add((_code.Length, _draw.Below(4), row, encoding));
            _code.Emit(encoding);
        }
    }

    /// <summary>An indirect jump to the next piece, through any register and with any displacement.</summary>
    public void IndirectJump()
    {
        int kind = _draw.Below(3);
        if (kind == 2 && !MayWrite(1))
        {
            return;
        }

        int target = Register(zeroToo: false);
        long displacement = kind == 0 ? _draw.Between(-2048, 2047) : 0;
        long distance = 12 + (kind == 0 ? 4 : 2) - displacement;
        long first = Math.Clamp(distance, -2048, 2047);
        _code.Emit("auipc", target, immediate: 0);
        _code.Emit("addi", target, target, immediate: first);
        _code.Emit("addi", target, target, immediate: distance - first + _draw.Below(2));
        switch (kind)
        {
            case 0:
                _code.Emit("jalr", Register(), target, immediate: displacement);
                break;
            case 1:
                _code.Emit("c.jr", rs1: target);
                break;
            default:
                _code.Emit("c.jalr", rd: 1, rs1: target);
                break;
        }
    }

    /// <summary>A jump to where nothing can be fetched; the handler goes on by the low bits of the address.</summary>
    public void LostJump()
    {
        int target = Register(zeroToo: false);
        ulong bad = _draw.Pick(BadAddresses) & ~(Layout.PageBytes - 1);

        // The address ends in the offset behind the jump, which depends on how long it takes to load the address.
        for (uint length = 8; length <= 40; length += 4)
        {
            ulong address = bad | ((uint)_code.Length + length);
            var probe = new Assembler(0);
            probe.LoadImmediate(target, address);
            if ((uint)probe.Length + 4 == length)
            {
                _code.LoadImmediate(target, address);
                _code.Emit("jalr", Register(), target);
                return;
            }
        }
    }

    public void Access() => Access(_draw.Pick(InstructionClasses.Access));

    public void FloatAccess() => Access(_draw.Pick(InstructionClasses.FloatAccess));

    public void Amo()
    {
        var row = _draw.Pick(InstructionClasses.Amo);
        if (Randomise(row) is not { } encoding)
        {
            return;
        }

        var decoded = Decoder.Decode(encoding);
        if (MayWrite(decoded.Rs1))
        {
            Prepare();
            Point(decoded.Rs1, Address(row.Mnemonic.EndsWith(".d", StringComparison.Ordinal) ? 8 : 4, alignedPercent: 85, atomic: true));
            _code.Emit(encoding);
        }
    }

    /// <summary>LR, perhaps something that touches neither memory nor traps, and SC to the same address.</summary>
    public void Reservation()
    {
        bool wide = _draw.Chance(50);
        int pointer = Register(zeroToo: false);
        int loaded = RegisterOtherThan(pointer);
        int outcome = RegisterOtherThan(pointer);
        int stored = Register();
        Prepare();
        ulong address = Address(wide ? 8 : 4, alignedPercent: 100, atomic: true);
        Point(pointer, address);
        uint ordering = (uint)_draw.Below(4) << 25;
        var row = wide ? LoadReservedD : LoadReservedW;
        _code.Emit(row.Match | ordering | ((uint)loaded << 7) | ((uint)pointer << 15));
        if (_draw.Chance(30))
        {
            _code.Emit("add", RegisterOtherThan(pointer), Register(), Register());
        }

        if (ConditionalsMayFail && _draw.Chance(20))
        {
            // The reservation is elsewhere: SC must fail.
            _code.Emit("addi", pointer, pointer, immediate: _draw.Chance(50) ? 8 : -8);
        }

        _code.Emit(wide ? "sc.d" : "sc.w", outcome, pointer, stored);
        if (ConditionalsMayFail && _draw.Chance(30))
        {
            // The reservation is used up.
            _code.Emit(wide ? "sc.d" : "sc.w", outcome, pointer, stored);
        }
    }

    private void Access(InstructionRow row)
    {
        if (Randomise(row) is not { } encoding)
        {
            return;
        }

        var decoded = Decoder.Decode(encoding);
        if (!MayWrite(decoded.Rs1))
        {
            return;
        }

        Prepare();
        ulong address = Address(8, alignedPercent: 60);
        Point(decoded.Rs1, address - (ulong)decoded.Immediate);
        _code.Emit(encoding);
    }

    /// <summary>Adds the result, and the flags that it raised, to the witness.</summary>
    private void Witnessed(InstructionRow row, int result)
    {
        int temporary = Register(zeroToo: false);
        if (InstructionClasses.WritesFloat(row))
        {
            _code.Emit("fmv.x.d", temporary, result);
            result = temporary;
        }

        _code.Emit("rori", Witness, Witness, immediate: 7);
        _code.Emit("xor", Witness, Witness, result);
        _code.Emit("csrrwi", temporary, 0, immediate: CsrNumber.Fflags);
        _code.Emit("add", Witness, Witness, temporary);
    }

    private bool MayWrite(int register) => register != 0 && register != Context && register != Witness;

    private void Prepare()
    {
        if (FenceBeforeAccess)
        {
            _code.Emit("sfence.vma");
        }
    }

    /// <summary>Puts an address into a register: relative to pc where it is in reach, else as a constant.</summary>
    private void Point(int register, ulong address)
    {
        long distance = unchecked((long)(address - _code.Here));
        long low = distance << 52 >> 52;
        long upper = distance - low;
        if (upper == (int)upper)
        {
            _code.Emit("auipc", register, immediate: upper);
            _code.Emit("addi", register, register, immediate: low);
        }
        else
        {
            _code.LoadImmediate(register, address);
        }
    }

    private ulong Address(int size, int alignedPercent, bool atomic = false)
    {
        if (_draw.Chance(4))
        {
            ulong bad = _draw.Pick(BadAddresses) + (ulong)(_draw.Below(4096) & ~7);
            if (!atomic || !MayBeMapped(bad))
            {
                return bad;
            }
        }

        var (first, length) = _draw.Pick(atomic && AtomicWindows.Count > 0 ? AtomicWindows : Windows);
        ulong offset = (ulong)_draw.Below((int)length);
        if (IsAligned || _draw.Chance(alignedPercent))
        {
            return first + (offset & ~(ulong)(size - 1));
        }

        if (StaysInPage)
        {
            return first + (offset & 0xFF7F);
        }

        return _draw.Chance(50) ? first + offset : first + (offset | 0xFF8) + (ulong)_draw.Below(8);
    }

    /// <summary>
    /// An address beside those that were mapped may lie in the same superpage, readable but not writable, which atomics have to
    /// avoid; see <see cref="Exclusions"/>.
    /// </summary>
    private bool MayBeMapped(ulong address) =>
        AtomicWindows.Count > 0 && Windows.Any(window => window.First >> 39 == address >> 39);
}
