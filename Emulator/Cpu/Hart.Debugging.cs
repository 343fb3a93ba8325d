using RiscvXv6.Devices.Memory;
using RiscvXv6.Emulator.Cpu.Csr;
using RiscvXv6.Emulator.Cpu.Debugging;
using RiscvXv6.Emulator.Cpu.Execution;

namespace RiscvXv6.Emulator.Cpu;

/// <content>What a debugger has of a hart.</content>
internal sealed unsafe partial class Hart
{
    private ulong _passedPc = ulong.MaxValue;
    private ulong _passedInstret;

    /// <summary>Set when the hart left its quantum at a breakpoint or after a watched access; taken by the machine.</summary>
    public HartStop? Stop { get; set; }

    /// <summary>The next instruction is executed even if there is a breakpoint: the debugger has seen the hart here.</summary>
    public void PassBreakpoint()
    {
        _passedPc = State->Pc;
        _passedInstret = State->Instret;
    }

    /// <summary>Forgets which pages are known to have no watched bytes.</summary>
    public void ForgetTranslations()
    {
        FlushTranslations();
        SelectContexts();
    }

    /// <summary>Reads a CSR whatever the privilege and the gates.</summary>
    public bool TryPeekCsr(int number, out ulong value)
    {
        var spec = CsrFile.Find(number);
        value = spec?.Read(ref *State, _environment.TimeTicks(State->Cycle)) ?? 0;
        return spec is not null;
    }

    /// <summary>Writes a CSR whatever the privilege and the gates, between two instructions; WARL rules hold.</summary>
    /// <returns>False if there is no such CSR, or nothing in it can be written.</returns>
    public bool TryPokeCsr(int number, ulong value)
    {
        if (CsrFile.Find(number) is not { Write: not null, IsReadOnly: false })
        {
            return false;
        }

        ApplyEffects(CsrFile.Write(ref *State, number, value));
        SelectContexts();
        return true;
    }

    /// <summary>Puts the hart at another instruction, in another mode or both, between two instructions.</summary>
    public void Redirect(ulong pc, PrivilegeMode privilege)
    {
        State->Pc = pc & ~1UL;
        State->Privilege = privilege;
        State->Waiting = false;
        SelectContexts();
    }

    /// <summary>The op before an instruction whose page offset is that of a breakpoint; pc and cycle are the instruction's.</summary>
    private StepResult CheckBreakpoint()
    {
        ulong pc = State->Pc;
        if (!Blocks.Stops.IsBreakpoint(pc) || (pc == _passedPc && State->Instret == _passedInstret))
        {
            return StepResult.Continue;
        }

        Stop = new HartStop(WatchKind.None, pc);
        State->ExitRequested = true;
        return StepResult.Leave;
    }

    /// <summary>After an access that took the slow path: if its bytes are watched, the hart stops when the instruction ends.</summary>
    private void NoteAccess(ulong address, int size, WatchKind access)
    {
        if (Blocks.Stops.AnyWatchpoints && Blocks.Stops.TryMatch(address, size, access, out var watchpoint))
        {
            Stop = new HartStop(watchpoint.Kind, watchpoint.Address);
            State->ExitRequested = true;
            _leaveAfter = true;
        }
    }

    /// <summary>True if accesses to the page may bypass <see cref="NoteAccess"/>.</summary>
    private bool IsUnwatched(ulong virtualAddress) =>
        !Blocks.Stops.AnyWatchpoints || !Blocks.Stops.WatchesPage(virtualAddress & ~(ulong)(GuestMemory.PageSizeBytes - 1));
}
