using RiscvXv6.Emulator.Cpu.Csr;

namespace RiscvXv6.Emulator.Cpu.Traps;

/// <summary>
/// Entry to and return from traps, the choice among pending interrupts, and what TVM, TW and TSR forbid.
/// </summary>
internal static class TrapUnit
{
    /// <summary>What <see cref="PendingInterrupt"/> says when no interrupt is to be taken.</summary>
    public const int NoInterrupt = -1;

    /// <summary>
    /// Enters the trap handler of M-mode, or of S-mode if the cause is delegated and the hart is not in M-mode.
    /// Leaves the reservation, and everything else that the privileged manual does not name, as it was.
    /// </summary>
    /// <param name="s">The hart.</param>
    /// <param name="cause">As mcause holds it: with <see cref="TrapCause.InterruptFlag"/> for an interrupt.</param>
    /// <param name="epc">The faulting instruction, or for an interrupt the one that would have been next.</param>
    /// <param name="tval">The address that faulted or the raw illegal instruction; zero for any other cause.</param>
    public static void Take(ref HartState s, ulong cause, ulong epc, ulong tval)
    {
        bool interrupt = (cause & TrapCause.InterruptFlag) != 0;
        ulong delegated = interrupt ? s.Mideleg : s.Medeleg;
        if (s.Privilege != PrivilegeMode.Machine && (delegated >> (int)(cause & 63) & 1) != 0)
        {
            EnterSupervisor(ref s, cause, epc, tval);
        }
        else
        {
            EnterMachine(ref s, cause, epc, tval);
        }
    }

    /// <summary>
    /// The interrupt to take before the next instruction: its bit number in mip, or <see cref="NoInterrupt"/>.
    /// Priv "Machine Interrupt (mip and mie) Registers": those for M come before those for S, and within a level the
    /// order is external, software, timer.
    /// </summary>
    public static int PendingInterrupt(in HartState s)
    {
        ulong pending = s.Mip & s.Mie;
        if (pending == 0)
        {
            return NoInterrupt;
        }

        bool machineEnabled = s.Privilege < PrivilegeMode.Machine || (s.Mstatus & MstatusBits.Mie) != 0;
        ulong forMachine = pending & ~s.Mideleg;
        if (machineEnabled && forMachine != 0)
        {
            return Highest(forMachine);
        }

        bool supervisorEnabled = s.Privilege < PrivilegeMode.Supervisor
            || (s.Privilege == PrivilegeMode.Supervisor && (s.Mstatus & MstatusBits.Sie) != 0);
        ulong forSupervisor = pending & s.Mideleg;
        return supervisorEnabled && forSupervisor != 0 ? Highest(forSupervisor) : NoInterrupt;
    }

    /// <summary>MRET. False, with nothing changed, if it is illegal here. Priv "Trap-Return Instructions".</summary>
    public static bool Mret(ref HartState s)
    {
        if (s.Privilege != PrivilegeMode.Machine)
        {
            return false;
        }

        ulong status = s.Mstatus;
        s.Privilege = (PrivilegeMode)((status & MstatusBits.Mpp) >> MstatusBits.MppShift);
        status = Copy(status, MstatusBits.Mpie, MstatusBits.Mie) | MstatusBits.Mpie;
        status &= ~MstatusBits.Mpp;
        if (s.Privilege != PrivilegeMode.Machine)
        {
            status &= ~MstatusBits.Mprv;
        }

        s.Mstatus = status;
        s.Pc = s.Mepc;
        return true;
    }

    /// <summary>SRET. False, with nothing changed, if it is illegal here (U-mode, or S-mode under TSR).</summary>
    public static bool Sret(ref HartState s)
    {
        if (IsClosed(in s, MstatusBits.Tsr))
        {
            return false;
        }

        ulong status = s.Mstatus;
        s.Privilege = (status & MstatusBits.Spp) != 0 ? PrivilegeMode.Supervisor : PrivilegeMode.User;
        status = Copy(status, MstatusBits.Spie, MstatusBits.Sie) | MstatusBits.Spie;

        // Priv "Trap-Return Instructions": whatever returns below M clears MPRV, and SRET always does.
        s.Mstatus = status & ~(MstatusBits.Spp | MstatusBits.Mprv);
        s.Pc = s.Sepc;
        return true;
    }

    /// <summary>Whether SFENCE.VMA and SINVAL.VMA are legal: not in U-mode, nor in S-mode under TVM.</summary>
    public static bool MayFenceTranslation(in HartState s) => !IsClosed(in s, MstatusBits.Tvm);

    /// <summary>
    /// Whether SFENCE.W.INVAL and SFENCE.INVAL.IR are legal: not in U-mode; TVM does not matter to them.
    /// </summary>
    public static bool MayOrderInvalidation(in HartState s) => s.Privilege != PrivilegeMode.User;

    /// <summary>
    /// Whether WFI is legal: not in S-mode under TW, and never in U-mode, where QEMU too gives it no time at all
    /// (Priv "Wait for Interrupt": an implementation-specific, bounded time limit, which may be zero).
    /// </summary>
    public static bool MayWait(in HartState s) => !IsClosed(in s, MstatusBits.Tw);

    private static bool IsClosed(in HartState s, ulong supervisorTrap) => s.Privilege switch
    {
        PrivilegeMode.Machine => false,
        PrivilegeMode.Supervisor => (s.Mstatus & supervisorTrap) != 0,
        _ => true,
    };

    private static void EnterMachine(ref HartState s, ulong cause, ulong epc, ulong tval)
    {
        ulong status = Copy(s.Mstatus, MstatusBits.Mie, MstatusBits.Mpie);
        status &= ~(MstatusBits.Mie | MstatusBits.Mpp);
        s.Mstatus = status | ((ulong)s.Privilege << MstatusBits.MppShift);
        s.Mcause = cause;
        s.Mepc = epc;
        s.Mtval = tval;
        s.Privilege = PrivilegeMode.Machine;
        s.Pc = HandlerAddress(s.Mtvec, cause);
    }

    private static void EnterSupervisor(ref HartState s, ulong cause, ulong epc, ulong tval)
    {
        ulong status = Copy(s.Mstatus, MstatusBits.Sie, MstatusBits.Spie);
        status &= ~(MstatusBits.Sie | MstatusBits.Spp);
        s.Mstatus = status | (s.Privilege == PrivilegeMode.Supervisor ? MstatusBits.Spp : 0);
        s.Scause = cause;
        s.Sepc = epc;
        s.Stval = tval;
        s.Privilege = PrivilegeMode.Supervisor;
        s.Pc = HandlerAddress(s.Stvec, cause);
    }

    /// <summary>In vectored mode an interrupt goes to base + 4 × cause; an exception always goes to the base.</summary>
    private static ulong HandlerAddress(ulong vector, ulong cause)
    {
        ulong address = vector & ~3UL;
        bool vectored = (vector & 1) != 0 && (cause & TrapCause.InterruptFlag) != 0;
        return vectored ? address + 4 * (cause & ~TrapCause.InterruptFlag) : address;
    }

    /// <summary>
    /// <paramref name="status"/> with bit <paramref name="to"/> equal to bit <paramref name="from"/>.
    /// </summary>
    private static ulong Copy(ulong status, ulong from, ulong to) =>
        (status & from) != 0 ? status | to : status & ~to;

    private static int Highest(ulong pending) => pending switch
    {
        _ when (pending & InterruptBits.MachineExternal) != 0 => TrapCause.MachineExternal,
        _ when (pending & InterruptBits.MachineSoftware) != 0 => TrapCause.MachineSoftware,
        _ when (pending & InterruptBits.MachineTimer) != 0 => TrapCause.MachineTimer,
        _ when (pending & InterruptBits.SupervisorExternal) != 0 => TrapCause.SupervisorExternal,
        _ when (pending & InterruptBits.SupervisorSoftware) != 0 => TrapCause.SupervisorSoftware,
        _ when (pending & InterruptBits.SupervisorTimer) != 0 => TrapCause.SupervisorTimer,
        _ => NoInterrupt,
    };
}
