using RiscvXv6.Emulator.Cpu;

namespace RiscvXv6.Tests.Cpu.Traps;

/// <summary>What the oracle gets wrong on purpose, so that a test can show that the comparison would notice.</summary>
internal enum TrapMistake
{
    None,
    DelegatesFromMachineMode,
    KeepsInterruptsEnabled,
    ForgetsPreviousPrivilege,
    VectorsExceptions,
    ReturnKeepsMprv,
    TakesTimerBeforeSoftware,
    LetsSupervisorGoFirst,
    IgnoresGlobalEnableOfOwnLevel,
}

/// <summary>
/// Trap entry, return and interrupt choice as the privileged manual tells them, with one named field per bit and no
/// thought of speed: the oracle for <c>TrapUnit</c>.
/// </summary>
internal sealed record PlainTraps
{
    public int Privilege { get; set; }

    public bool Mie { get; set; }

    public bool Mpie { get; set; }

    public int Mpp { get; set; }

    public bool Sie { get; set; }

    public bool Spie { get; set; }

    public int Spp { get; set; }

    public bool Mprv { get; set; }

    public bool Tsr { get; set; }

    public ulong Pc { get; set; }

    public ulong Mepc { get; set; }

    public ulong Mcause { get; set; }

    public ulong Mtval { get; set; }

    public ulong Mtvec { get; set; }

    public ulong Sepc { get; set; }

    public ulong Scause { get; set; }

    public ulong Stval { get; set; }

    public ulong Stvec { get; set; }

    public ulong Medeleg { get; set; }

    public ulong Mideleg { get; set; }

    public TrapMistake Mistake { get; init; }

    /// <summary>
    /// Reads the fields out of a hart by bit position (Priv "Machine Status (mstatus and mstatush) Registers").
    /// </summary>
    public static PlainTraps Of(in HartState s, TrapMistake mistake = TrapMistake.None) => new()
    {
        Privilege = (int)s.Privilege,
        Sie = Bit(s.Mstatus, 1),
        Mie = Bit(s.Mstatus, 3),
        Spie = Bit(s.Mstatus, 5),
        Mpie = Bit(s.Mstatus, 7),
        Spp = Bit(s.Mstatus, 8) ? 1 : 0,
        Mpp = (Bit(s.Mstatus, 12) ? 2 : 0) + (Bit(s.Mstatus, 11) ? 1 : 0),
        Mprv = Bit(s.Mstatus, 17),
        Tsr = Bit(s.Mstatus, 22),
        Pc = s.Pc,
        Mepc = s.Mepc,
        Mcause = s.Mcause,
        Mtval = s.Mtval,
        Mtvec = s.Mtvec,
        Sepc = s.Sepc,
        Scause = s.Scause,
        Stval = s.Stval,
        Stvec = s.Stvec,
        Medeleg = s.Medeleg,
        Mideleg = s.Mideleg,
        Mistake = mistake,
    };

    /// <summary>
    /// Priv "Machine Trap Delegation (medeleg and mideleg) Registers" and "Machine Status Registers".
    /// </summary>
    public void Take(bool interrupt, int code, ulong epc, ulong tval)
    {
        bool delegated = Bit(interrupt ? Mideleg : Medeleg, code);
        bool fromMachine = Privilege == 3 && Mistake != TrapMistake.DelegatesFromMachineMode;
        ulong cause = (ulong)code + (interrupt ? 0x8000_0000_0000_0000 : 0);
        if (delegated && !fromMachine)
        {
            (Sepc, Scause, Stval) = (epc, cause, tval);
            Spie = Sie;
            Sie = Mistake == TrapMistake.KeepsInterruptsEnabled && Sie;
            Spp = Mistake == TrapMistake.ForgetsPreviousPrivilege ? 0 : Privilege;
            Privilege = 1;
            Pc = Target(Stvec, interrupt, code);
        }
        else
        {
            (Mepc, Mcause, Mtval) = (epc, cause, tval);
            Mpie = Mie;
            Mie = Mistake == TrapMistake.KeepsInterruptsEnabled && Mie;
            Mpp = Mistake == TrapMistake.ForgetsPreviousPrivilege ? 0 : Privilege;
            Privilege = 3;
            Pc = Target(Mtvec, interrupt, code);
        }
    }

    /// <summary>Priv "Trap-Return Instructions".</summary>
    public bool Mret()
    {
        if (Privilege != 3)
        {
            return false;
        }

        Mie = Mpie;
        Mpie = true;
        Privilege = Mpp;
        Mprv = Mprv && (Mpp == 3 || Mistake == TrapMistake.ReturnKeepsMprv);
        Mpp = 0;
        Pc = Mepc;
        return true;
    }

    /// <summary>Priv "Trap-Return Instructions" and "Virtualization Support in mstatus Register".</summary>
    public bool Sret()
    {
        if (Privilege == 0 || (Privilege == 1 && Tsr))
        {
            return false;
        }

        Sie = Spie;
        Spie = true;
        Privilege = Spp;
        Mprv = Mprv && Mistake == TrapMistake.ReturnKeepsMprv;
        Spp = 0;
        Pc = Sepc;
        return true;
    }

    /// <summary>
    /// Priv "Machine Interrupt (mip and mie) Registers": an interrupt i traps to M if it is pending, enabled, not
    /// delegated, and the mode is below M or is M with MIE; likewise to S. M's come first; then MEI, MSI, MTI, SEI,
    /// SSI, STI.
    /// </summary>
    public int Choose(ulong mip, ulong mie)
    {
        int[] order = Mistake == TrapMistake.TakesTimerBeforeSoftware ? [11, 7, 3, 9, 5, 1] : [11, 3, 7, 9, 1, 5];
        int[] levels = Mistake == TrapMistake.LetsSupervisorGoFirst ? [1, 3] : [3, 1];
        bool careless = Mistake == TrapMistake.IgnoresGlobalEnableOfOwnLevel;
        foreach (int level in levels)
        {
            bool globallyEnabled = level == 3 ? Mie : Sie;
            bool open = Privilege < level || (Privilege == level && (globallyEnabled || careless));
            foreach (int code in order)
            {
                int destination = Bit(Mideleg, code) ? 1 : 3;
                if (open && destination == level && Bit(mip, code) && Bit(mie, code))
                {
                    return code;
                }
            }
        }

        return -1;
    }

    private static bool Bit(ulong value, int index) => (value >> index) % 2 == 1;

    private ulong Target(ulong vector, bool interrupt, int code)
    {
        ulong mode = vector % 4, start = vector - mode;
        return mode == 1 && (interrupt || Mistake == TrapMistake.VectorsExceptions) ? start + 4 * (ulong)code : start;
    }
}
