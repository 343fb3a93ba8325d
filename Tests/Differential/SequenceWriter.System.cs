using RiscvXv6.Emulator.Cpu;
using RiscvXv6.Emulator.Cpu.Csr;

namespace RiscvXv6.Tests.Differential;

/// <content>Pieces that touch CSRs, privilege and translation.</content>
internal sealed partial class SequenceWriter
{
    private static readonly int[] KnownCsrs = [.. CsrTable.Rows.Select(static row => row.Number).Where(Exclusions.IsTouched)];

    private static readonly string[] CsrInstructions = ["csrrw", "csrrs", "csrrc", "csrrwi", "csrrsi", "csrrci"];

    private static readonly ulong[] PmpKinds = [0, 1 << 3, 2 << 3, 3 << 3];
    private static readonly ulong[] PmpPermissions = [0, 1, 3, 4, 5, 7];

    /// <summary>Any CSR by any instruction.</summary>
    public void Csr() => Csr(_draw.Pick(KnownCsrs));

    /// <summary>A PMP register: a change in M, illegal below.</summary>
    public void PmpCsr()
    {
        int number = _draw.Chance(30) ? _draw.Pick<int>([CsrNumber.Pmpcfg0, CsrNumber.Pmpcfg2]) : CsrNumber.Pmpaddr0 + _draw.Below(16);
        _code.Emit("csrrs", Register(), 0, immediate: number);
    }

    /// <summary>Only those that decide about floating point.</summary>
    public void FloatCsr() => Csr(_draw.Below(8) switch
    {
        0 => CsrNumber.Sstatus,
        1 or 2 => CsrNumber.Frm,
        3 or 4 => CsrNumber.Fflags,
        _ => CsrNumber.Fcsr,
    });

    /// <summary>A number that no CSR has.</summary>
    public void AbsentCsr()
    {
        int number = _draw.Below(0x1000);
        if (CsrFile.Find(number) is null && Exclusions.IsTouched(number))
        {
            _code.Emit(_draw.Pick(CsrInstructions[..3]), Register(), _draw.Below(32), immediate: number);
        }
    }

    /// <summary>SUM, MXR, FS and SIE by way of sstatus.</summary>
    public void SupervisorStatus() => Csr(CsrNumber.Sstatus);

    public void TranslationFence()
    {
        // See Exclusions: Svinval is written only where it is legal for sure.
        bool machine = _program.Mode == PrivilegeMode.Machine;
        bool virtualised = (_program.Csrs[CsrNumber.Mstatus] & MstatusBits.Tvm) != 0;
        bool legal = !ChangesMode && (machine || (_program.Mode == PrivilegeMode.Supervisor && !virtualised));
        switch (_draw.Below(legal ? 5 : 2))
        {
            case 0: _code.Emit("sfence.vma"); break;
            case 1: _code.Emit("sfence.vma", rs1: _draw.Below(32), rs2: _draw.Below(32)); break;
            case 2: _code.Emit("sinval.vma", rs1: _draw.Below(32), rs2: _draw.Below(32)); break;
            case 3: _code.Emit("sfence.w.inval"); break;
            default: _code.Emit("sfence.inval.ir"); break;
        }
    }

    /// <summary>WFI with a delegated software interrupt pending, enabled and held back. Illegal in U-mode.</summary>
    public void Wait()
    {
        bool delegated = (_program.Csrs.GetValueOrDefault(CsrNumber.Mideleg) & InterruptBits.SupervisorSoftware) != 0;
        bool enabled = (_program.EnabledInterrupts & InterruptBits.SupervisorSoftware) != 0;
        if (delegated && enabled)
        {
            _code.Emit("csrrci", 0, (int)MstatusBits.Sie, immediate: CsrNumber.Sstatus);
            _code.Emit("csrrsi", 0, (int)InterruptBits.SupervisorSoftware, immediate: CsrNumber.Sie);
            _code.Emit("csrrsi", 0, (int)InterruptBits.SupervisorSoftware, immediate: CsrNumber.Sip);
            _code.Emit("wfi");
        }
    }

    /// <summary>Loads and stores as another mode sees memory. Illegal below M.</summary>
    public void ModifiedPrivilege()
    {
        int temporary = Register(zeroToo: false);
        ulong mode = (ulong)_draw.Below(2) << MstatusBits.MppShift;
        _code.LoadImmediate(temporary, MstatusBits.Mpp);
        _code.Emit("csrrc", 0, temporary, immediate: CsrNumber.Mstatus);
        _code.LoadImmediate(temporary, MstatusBits.Mprv | mode);
        _code.Emit("csrrs", 0, temporary, immediate: CsrNumber.Mstatus);
        Access();
        _code.LoadImmediate(temporary, MstatusBits.Mprv);
        _code.Emit("csrrc", 0, temporary, immediate: CsrNumber.Mstatus);
    }

    /// <summary>To another mode, or the same, by way of MRET; the next piece is executed there.</summary>
    public void MachineReturn()
    {
        int temporary = Register(zeroToo: false);
        ulong mode = _draw.Pick<ulong>([0, 1, 3]) << MstatusBits.MppShift;
        _code.LoadImmediate(temporary, MstatusBits.Mpp);
        _code.Emit("csrrc", 0, temporary, immediate: CsrNumber.Mstatus);
        _code.LoadImmediate(temporary, mode | ((ulong)_draw.Below(2) * MstatusBits.Mpie));
        _code.Emit("csrrs", 0, temporary, immediate: CsrNumber.Mstatus);
        ReturnTo(CsrNumber.Mepc, temporary, "mret");
    }

    /// <summary>To S or U by way of SRET.</summary>
    public void SupervisorReturn()
    {
        int temporary = Register(zeroToo: false);
        _code.LoadImmediate(temporary, MstatusBits.Spp | MstatusBits.Spie);
        _code.Emit("csrrc", 0, temporary, immediate: CsrNumber.Sstatus);
        _code.LoadImmediate(temporary, ((ulong)_draw.Below(2) * MstatusBits.Spp) | ((ulong)_draw.Below(2) * MstatusBits.Spie));
        _code.Emit("csrrs", 0, temporary, immediate: CsrNumber.Sstatus);
        ReturnTo(CsrNumber.Sepc, temporary, "sret");
    }

    /// <summary>A trap vector is replaced, read and put back, with nothing between that could trap.</summary>
    public void TrapVector()
    {
        int number = _draw.Chance(50) ? CsrNumber.Mtvec : CsrNumber.Stvec;
        if (_program.Mode != PrivilegeMode.Machine)
        {
            return;
        }

        int old = Register(zeroToo: false);
        int wanted = RegisterOtherThan(old);
        int seen = RegisterOtherThan(old);
        _code.LoadImmediate(wanted, _draw.Integer());
        _code.Emit("csrrw", old, wanted, immediate: number);
        _code.Emit("csrrs", seen, 0, immediate: number);
        _code.Emit("csrrw", 0, old, immediate: number);
    }

    /// <summary>Raises or drops supervisor interrupts and their enables, from M or S.</summary>
    public void Interrupt() => Csr(_draw.Pick<int>(
        [CsrNumber.Mip, CsrNumber.Mie, CsrNumber.Sip, CsrNumber.Sie, CsrNumber.Mstatus, CsrNumber.Sstatus]));

    private void ReturnTo(int epc, int temporary, string instruction)
    {
        _code.Emit("auipc", temporary, immediate: 0);
        _code.Emit("addi", temporary, temporary, immediate: 16);
        _code.Emit("csrrw", 0, temporary, immediate: epc);
        _code.Emit(instruction);
    }

    private void Csr(int number)
    {
        if (number is CsrNumber.Mtvec or CsrNumber.Stvec or CsrNumber.Minstret)
        {
            // Reading is harmless; TrapVector writes the first two, and the harness counts by the third.
            int read = number == CsrNumber.Minstret ? 0 : Register();
            _code.Emit("csrrs", read, 0, immediate: number);
            return;
        }

        bool timerIsOff = (_program.Csrs[CsrNumber.Menvcfg] & EnvironmentBits.Stce) == 0;
        if (number == CsrNumber.Stimecmp && timerIsOff && _program.Mode == PrivilegeMode.Machine)
        {
            return;
        }

        string instruction = _draw.Pick(CsrInstructions);
        int destination = Register();
        int source = 0;
        if (instruction.EndsWith('i'))
        {
            source = (int)(CsrValue(number, instruction, (ulong)_draw.Below(32)) & 31);
            if (number == CsrNumber.Stimecmp)
            {
                // Low values may be of the future when a program begins early.
                source = 0;
            }
            else if (number == CsrNumber.Menvcfg && instruction == "csrrwi")
            {
                // STCE and ADUE are out of an immediate's reach.
                instruction = "csrrsi";
            }
        }
        else if (_draw.Chance(80))
        {
            source = Register(zeroToo: false);
            ulong value = CsrValue(number, instruction, _draw.Integer());

            // See Exclusions: QEMU takes zero for "does not write".
            bool zeroMatters = CsrFile.Find(number)!.IsReadOnly || number is CsrNumber.Fflags or CsrNumber.Frm or CsrNumber.Fcsr;
            _code.LoadImmediate(source, zeroMatters && value == 0 ? 1 : value);
        }
        else if (number == CsrNumber.Menvcfg)
        {
            // A swap with x0 would clear STCE and ADUE.
            instruction = "csrrs";
        }

        _code.Emit(instruction, destination, source, immediate: number);
        if (CsrNumber.Pmpcfg0 <= number && number <= CsrNumber.Pmpaddr0 + 15)
        {
            _code.Emit("sfence.vma");
        }

        if (destination != 0 && Exclusions.Compared(number) != ulong.MaxValue)
        {
            int mask = RegisterOtherThan(destination);
            _code.LoadImmediate(mask, Exclusions.Compared(number));
            _code.Emit("and", destination, destination, mask);
        }
    }

    /// <summary>Bends a value so that nothing excluded happens and the harness survives.</summary>
    private ulong CsrValue(int number, string instruction, ulong value)
    {
        bool clears = instruction.StartsWith("csrrc", StringComparison.Ordinal);
        bool replaces = instruction.StartsWith("csrrw", StringComparison.Ordinal);
        value &= Exclusions.MayBeSet(number);
        switch (number)
        {
            case CsrNumber.Mstatus:
                ulong mode = clears ? _draw.Pick<ulong>([0, 3]) : _draw.Pick<ulong>([0, 1, 3]);
                value &= ~(MstatusBits.Mpp | (ChangesMode ? MstatusBits.Mprv : 0));
                return value | (mode << MstatusBits.MppShift);
            case CsrNumber.Mie or CsrNumber.Sie:
                return clears ? value : value & (_program.EnabledInterrupts | ~InterruptBits.All);
            case CsrNumber.Menvcfg:
                ulong kept = _program.Csrs[CsrNumber.Menvcfg];
                value &= ~(EnvironmentBits.Adue | EnvironmentBits.Stce);
                return clears ? value : value | kept;
            case CsrNumber.Stimecmp:
                return clears ? 0 : replaces && _draw.Chance(30) ? 0 : value | (1UL << 62);
            case CsrNumber.Satp:
                return SatpValue(replaces, value);
            case CsrNumber.Pmpcfg0 or CsrNumber.Pmpcfg2:
                return replaces ? PmpConfigs() : 0;
            case >= CsrNumber.Pmpaddr0 and <= CsrNumber.Pmpaddr0 + 15:
                return replaces ? (value & ((1UL << 54) - 1)) | 1 : 0;
            default:
                return value;
        }
    }

    /// <summary>In M any mode will do, for nothing is translated; below M only what changes nothing.</summary>
    private ulong SatpValue(bool replaces, ulong value)
    {
        const ulong EverythingButMode = (1UL << 60) - 1;
        if (!replaces)
        {
            return _program.Mode == PrivilegeMode.Machine ? value & EverythingButMode : 0;
        }

        ulong mode = _program.Mode == PrivilegeMode.Machine
            ? (ulong)_draw.Below(16)
            : _draw.Pick<ulong>([1, 5, 7, 11, 15]);
        return (value & EverythingButMode) | (mode << 60);
    }

    private ulong PmpConfigs()
    {
        ulong value = 0;
        for (int entry = 0; entry < 8; entry++)
        {
            value |= (_draw.Pick(PmpKinds) | _draw.Pick(PmpPermissions)) << (8 * entry);
        }

        return value;
    }
}
