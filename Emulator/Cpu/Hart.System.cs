using RiscvXv6.Emulator.Cpu.Csr;
using RiscvXv6.Emulator.Cpu.Execution;
using RiscvXv6.Emulator.Cpu.Isa;
using RiscvXv6.Emulator.Cpu.Translation;
using RiscvXv6.Emulator.Cpu.Traps;

namespace RiscvXv6.Emulator.Cpu;

/// <content>CSR accesses and privileged instructions.</content>
internal sealed unsafe partial class Hart
{
    /// <summary>Executes an instruction of the group; pc and cycle are those of the instruction.</summary>
    private StepResult System(Op* op)
    {
        var operation = op->Operation;
        switch (operation)
        {
            case Operation.Csrrw or Operation.Csrrs or Operation.Csrrc:
                return AccessCsr(op, operation, State->X[op->Rs1]);
            case Operation.Csrrwi or Operation.Csrrsi or Operation.Csrrci:
                return AccessCsr(op, operation, op->Rs1);
            case Operation.Ecall:
                return TakeTrap(TrapCause.EnvironmentCallFromUser + (ulong)State->Privilege, 0);
            case Operation.Ebreak:
                return TakeTrap(TrapCause.Breakpoint, 0);
            case Operation.Mret:
                return TrapUnit.Mret(ref *State) ? ReturnFromTrap() : Illegal(op);
            case Operation.Sret:
                return TrapUnit.Sret(ref *State) ? ReturnFromTrap() : Illegal(op);
            case Operation.Wfi:
                return WaitForInterrupt(op);
            case Operation.SfenceVma or Operation.SinvalVma:
                return FenceTranslations(op);
            case Operation.SfenceWInval or Operation.SfenceInvalIr:
                // Priv "Svinval": sinval.vma alone has forgotten at once, so these only check the privilege.
                return TrapUnit.MayOrderInvalidation(in *State) ? RetireAndLeave(op) : Illegal(op);
            case Operation.FenceI:
                // Stores to code are noticed as they happen; nothing is left to do.
                return RetireAndLeave(op);
            default:
                return Illegal(op);
        }
    }

    private StepResult Illegal(Op* op) => TakeTrap(TrapCause.IllegalInstruction, op->Raw);

    private StepResult AccessCsr(Op* op, Operation operation, ulong operand)
    {
        int number = (int)(op->Raw >> 20);
        bool replaces = operation is Operation.Csrrw or Operation.Csrrwi;

        // Unpriv "Zicsr": set and clear with x0 (or 0) do not write; a swap into x0 does not read.
        bool writes = replaces || op->Rs1 != 0;
        if (CsrFile.Read(ref *State, number, writes, _environment.TimeTicks(State->Cycle), out ulong old)
            != CsrStatus.Ok)
        {
            return Illegal(op);
        }

        var effects = CsrEffects.None;
        if (writes)
        {
            ulong basis = CsrFile.ModifyBase(ref *State, number, old);
            ulong value = operation switch
            {
                Operation.Csrrs or Operation.Csrrsi => basis | operand,
                Operation.Csrrc or Operation.Csrrci => basis & ~operand,
                _ => operand,
            };
            effects = CsrFile.Write(ref *State, number, value);
        }

        if (op->Rd != 0)
        {
            State->X[op->Rd] = old;
        }

        return (effects & ~CsrEffects.FloatState) == CsrEffects.None ? StepResult.Continue : ApplyEffects(op, effects);
    }

    private StepResult ApplyEffects(Op* op, CsrEffects effects)
    {
        ApplyEffects(effects);
        return RetireAndLeave(op);
    }

    private void ApplyEffects(CsrEffects effects)
    {
        if ((effects & CsrEffects.TranslationFlush) != 0)
        {
            FlushTranslations();
        }

        if ((effects & CsrEffects.TranslationContext) != 0)
        {
            SelectContexts();
        }

        if ((effects & CsrEffects.Timer) != 0)
        {
            Clock.AdvanceTo(State->Cycle);
            _environment.SupervisorTimerChanged(this);
        }
    }

    /// <summary>The pc is already that of the handler's caller.</summary>
    private StepResult ReturnFromTrap()
    {
        State->Cycle++;
        DropReservation();
        SelectContexts();
        return StepResult.Leave;
    }

    /// <summary>Priv "Wait for Interrupt": TW makes it illegal below M (at once: our bound is zero), and U-mode may not.</summary>
    private StepResult WaitForInterrupt(Op* op)
    {
        if (!TrapUnit.MayWait(in *State))
        {
            return Illegal(op);
        }

        State->Waiting = !State->WakePending;
        return RetireAndLeave(op);
    }

    /// <summary>Priv "Supervisor Memory-Management Fence Instruction". ASIDs are not told apart: more is forgotten than asked.</summary>
    private StepResult FenceTranslations(Op* op)
    {
        if (!TrapUnit.MayFenceTranslation(in *State))
        {
            return Illegal(op);
        }

        if (op->Rs1 == 0)
        {
            FlushTranslations();
        }
        else
        {
            FlushTranslation(State->X[op->Rs1]);
        }

        return RetireAndLeave(op);
    }
}
