using RiscvXv6.Emulator.Cpu;
using RiscvXv6.Emulator.Cpu.Traps;

namespace RiscvXv6.Emulator.Diagnostics.Hangs;

/// <summary>
/// Interrupts that come again before the interrupted code gets anywhere, since the handler does not end their cause: at every look
/// the interrupt is pending, it is taken many times in between, always at the same instruction and one close upon the other. The last
/// tells it from an idle guest, which takes each tick of its clock at the instruction after its wfi.
/// </summary>
internal sealed unsafe class StormWatch
{
    private const int Causes = 16;
    private const int FewestTraps = 1000;
    private const int FewestLooks = 100;

    /// <summary>Parts of a second: what lies further apart are ticks.</summary>
    private const ulong ClosePerSecond = 5000;

    private readonly HangFindings _findings;
    private readonly Run[] _runs;
    private readonly ulong _closeCycles;

    public StormWatch(HangFindings findings)
    {
        _findings = findings;
        _closeCycles = findings.Machine.Clock.CyclesPerSecond / ClosePerSecond;
        _runs = new Run[findings.Machine.Harts.Count * Causes];
    }

    private struct Run
    {
        public ulong Pc;
        public ulong LastCycle;
        public int Traps;
        public int TrapsAtLook;
        public int Looks;
    }

    public void TrapTaken(Hart hart, ulong cause)
    {
        if ((cause & TrapCause.InterruptFlag) == 0)
        {
            return;
        }

        ref var run = ref _runs[hart.HartId * Causes + (int)(cause & (Causes - 1))];
        if (run.Pc != hart.State->Pc || hart.State->Cycle - run.LastCycle > _closeCycles)
        {
            run = new Run { Pc = hart.State->Pc };
        }

        run.LastCycle = hart.State->Cycle;
        run.Traps++;
    }

    public void Look()
    {
        foreach (var hart in _findings.Machine.Harts)
        {
            ulong pending = hart.State->Mip & hart.State->Mie;
            for (int cause = 1; cause < Causes; cause += 2)
            {
                ref var run = ref _runs[hart.HartId * Causes + cause];
                bool goesOn = run.Traps > run.TrapsAtLook && (pending >> cause & 1) != 0;
                run.TrapsAtLook = run.Traps;
                if (!goesOn)
                {
                    run.Looks = 0;
                    run.Pc = 1;
                }
                else if (++run.Looks >= FewestLooks && run.Traps >= FewestTraps && !_findings.IsOver)
                {
                    Tell(hart, cause, run);
                }
            }
        }
    }

    private void Tell(Hart hart, int cause, Run run)
    {
        var kernel = _findings.Look();
        _findings.Add(HangCodes.InterruptStorm, (ulong)cause, () =>
            $"hart {hart.HartId} has taken {run.Traps} {Name(cause)} interrupts in a row at one instruction, "
            + $"{kernel.Program?.Describe(kernel.Normalise(run.Pc)) ?? $"0x{run.Pc:x}"}: its handler does not end the cause. {Advice(hart, cause)}", isFatal: true);
    }

    private static string Name(int cause) => cause switch
    {
        TrapCause.SupervisorSoftware => "supervisor software",
        TrapCause.MachineSoftware => "machine software",
        TrapCause.SupervisorTimer => "supervisor timer",
        TrapCause.MachineTimer => "machine timer",
        TrapCause.SupervisorExternal => "supervisor external",
        _ => "machine external",
    };

    private string Advice(Hart hart, int cause) => cause switch
    {
        TrapCause.SupervisorSoftware => "Clear sip.SSIP: w_sip(r_sip() & ~2) (Priv \"Supervisor Interrupt (sip and sie) Registers\")",
        TrapCause.MachineSoftware => "Store 0 to the hart's msip in the CLINT (ACLINT \"Machine-level Software Interrupt Device (MSWI)\")",
        TrapCause.SupervisorTimer =>
            "Set stimecmp to a later time: w_stimecmp(r_time() + 1000000) (Sstc \"Supervisor Timer (stimecmp) Register\")",
        TrapCause.MachineTimer => "Set the hart's mtimecmp to a later time (ACLINT \"Machine-level Timer Device (MTIMER)\")",
        _ => InterruptSources.Advice(_findings.Machine, hart.HartId, cause == TrapCause.SupervisorExternal),
    };
}
