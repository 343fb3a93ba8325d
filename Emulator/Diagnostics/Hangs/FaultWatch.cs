using RiscvXv6.Devices.Bus;
using RiscvXv6.Emulator.Cpu;
using RiscvXv6.Emulator.Cpu.Csr;
using RiscvXv6.Emulator.Cpu.Traps;

namespace RiscvXv6.Emulator.Diagnostics.Hangs;

/// <summary>Exceptions: those that can't be meant, and those that come again for ever.</summary>
internal sealed unsafe class FaultWatch
{
    /// <summary>The same fault so many times in a row, with nothing in between but interrupts, makes it suspect.</summary>
    private const int Suspicious = 1000;

    /// <summary>And so many more with all registers the same settle it: a handler that emulates changes one.</summary>
    private const int Settled = 1100;

    private const int SystemOpcode = 0x73;

    private readonly HangFindings _findings;
    private readonly Fault[] _last;

    public FaultWatch(HangFindings findings)
    {
        _findings = findings;
        _last = new Fault[findings.Machine.Harts.Count];
    }

    /// <summary>The last exception of a hart, system calls apart, and how many like it came in a row.</summary>
    private struct Fault
    {
        public ulong Pc;
        public ulong Cause;
        public ulong Value;
        public ulong Satp;
        public ulong Cycle;
        public ulong Registers;
        public int Count;
        public bool IsAny;
    }

    public string? LastException(int hart)
    {
        var fault = _last[hart];
        if (!fault.IsAny)
        {
            return null;
        }

        var kernel = _findings.Look();
        return $"{HartText.Exception(fault.Cause)} at {Place(kernel, fault.Pc)}, value 0x{fault.Value:x}, cycle {fault.Cycle}";
    }

    public void TrapTaken(Hart hart, ulong cause, ulong trapValue)
    {
        if ((cause & TrapCause.InterruptFlag) != 0)
        {
            return;
        }

        ref var last = ref _last[hart.HartId];
        if (cause is TrapCause.EnvironmentCallFromUser or TrapCause.EnvironmentCallFromSupervisor
            or TrapCause.EnvironmentCallFromMachine)
        {
            last.Count = 0;
            return;
        }

        var state = hart.State;
        bool isSame = last.IsAny && last.Pc == state->Pc && last.Cause == cause && last.Value == trapValue && last.Satp == state->Satp;
        last = new Fault
        {
            Pc = state->Pc,
            Cause = cause,
            Value = trapValue,
            Satp = state->Satp,
            Cycle = state->Cycle,
            Registers = last.Registers,
            Count = isSame ? last.Count + 1 : 1,
            IsAny = true,
        };
        if (last.Count == Suspicious)
        {
            last.Registers = Digest(state);
        }
        else if (last.Count == Settled && last.Registers == Digest(state))
        {
            var fault = last;
            _findings.Add(HangCodes.FaultLoop, state->Pc, () => LoopSentence(hart, fault), isFatal: true);
        }

        LookForMistakes(hart, cause, trapValue);
    }

    public void BusFault(Hart hart, ulong physicalAddress, int sizeBytes, bool isStore)
    {
        ulong pc = hart.State->Pc;
        if (hart.Bus.FindDevice(physicalAddress) is { } mapped && mapped.Range.Contains(physicalAddress, 1))
        {
            _findings.Add(HangCodes.BusWidth, pc, () => WidthSentence(hart, mapped, physicalAddress, sizeBytes, isStore));
        }
        else
        {
            _findings.Add(HangCodes.BusNothing, pc, () => NothingSentence(
                hart, $"{(isStore ? "stored" : "loaded")} {sizeBytes} bytes {(isStore ? "to" : "from")}", physicalAddress));
        }
    }

    private static ulong Digest(HartState* state)
    {
        ulong digest = 14695981039346656037;
        for (int number = 1; number < 32; number++)
        {
            digest = (digest ^ state->X[number]) * 1099511628211;
        }

        return digest;
    }

    private void LookForMistakes(Hart hart, ulong cause, ulong trapValue)
    {
        var state = hart.State;
        if (cause == TrapCause.IllegalInstruction && state->Privilege == PrivilegeMode.Supervisor
            && (trapValue & 0x7f) == SystemOpcode && ((trapValue >> 12) & 3) != 0 && trapValue >> 20 == CsrNumber.Stimecmp)
        {
            string why = (state->Menvcfg & EnvironmentBits.Stce) == 0
                ? "menvcfg.STCE (bit 63) is 0: set it in machine mode (w_menvcfg(r_menvcfg() | (1L << 63)))"
                : "mcounteren.TM (bit 1) is 0: set it in machine mode";
            _findings.Add(HangCodes.TimerTrapped, 0, () =>
                $"hart {hart.HartId} may not access stimecmp in supervisor mode at {Where(hart)}, an illegal instruction: {why}"
                + " (Sstc \"Supervisor Timer (stimecmp) Register\")");
        }

        if (cause is TrapCause.InstructionAccessFault or TrapCause.LoadAccessFault or TrapCause.StoreAccessFault
            && state->Privilege != PrivilegeMode.Machine && !state->PmpCourtesy && state->PmpActiveCount == 0)
        {
            _findings.Add(HangCodes.NoPmp, 0, () =>
                $"hart {hart.HartId} entered {HartText.Mode(hart)} at {Where(hart)} and may access nothing: no PMP entry was programmed. In machine"
                + " mode, before mret: w_pmpaddr0(0x3fffffffffffffull); w_pmpcfg0(0xf) (Priv \"Physical Memory Protection\")", isFatal: true);
        }
        else if (cause == TrapCause.InstructionAccessFault && state->Pc == trapValue && state->Pc != VectorOf(hart, cause)
            && AddressSpaceOf(hart).TryTranslate(state->Pc, out ulong physical) && hart.Bus.FindMemory(physical) is null)
        {
            _findings.Add(HangCodes.BusNothing, state->Pc, () => NothingSentence(
                hart, "went to execute at", physical));
        }
    }

    private static Stacks.AddressSpace AddressSpaceOf(Hart hart) => Stacks.AddressSpace.Of(hart);

    private string WidthSentence(Hart hart, MappedDevice mapped, ulong address, int sizeBytes, bool isStore)
    {
        var widths = Enum.GetValues<AccessWidths>()
            .Where(width => width != AccessWidths.Any && (mapped.Device.Widths & width) != 0)
            .Select(static width => $"{(int)width}");
        bool isAligned = (address & (ulong)(sizeBytes - 1)) == 0;
        string reason = isAligned || ((int)mapped.Device.Widths & sizeBytes) == 0
            ? $"it takes accesses of {string.Join(" or ", widths)} bytes only"
            : "the address is not aligned";
        string hint = sizeBytes == 8 && ((int)mapped.Device.Widths & 8) == 0
            ? "; use uint32 volatile *: two neighbouring 32-bit stores that are not volatile may also become one of 64 bits"
            : "";
        return $"hart {hart.HartId} {(isStore ? "stored" : "loaded")} {sizeBytes} bytes {(isStore ? "to" : "from")} {mapped.Device.Name} at 0x{address:x}, at "
            + $"{Where(hart)}, an access fault: {reason}{hint}";
    }

    private string NothingSentence(Hart hart, string what, ulong address)
    {
        string text = $"hart {hart.HartId} {what} physical address 0x{address:x}, at {Where(hart)}, an access fault: nothing is there";
        var memory = hart.Ram.Range;
        if (address > memory.Last && address - memory.Last <= 0x1000_0000)
        {
            return $"{text}; memory ends at 0x{memory.Last:x} (-m {memory.SizeBytes >> 20}M)";
        }

        if (address >= 1UL << 37)
        {
            return $"{text}; it looks like a virtual address, or a wild pointer: a physical one was expected";
        }

        var nearest = Nearest(hart.Bus, address);
        string side = address < nearest.Range.Base
            ? $"0x{nearest.Range.Base - address:x} bytes above"
            : $"0x{address - nearest.Range.Last:x} bytes below";
        return $"{text}; the nearest device is {nearest.Device.Name} ({nearest.Range}), {side}";
    }

    private static MappedDevice Nearest(SystemBus bus, ulong address) => bus.Devices.MinBy(mapped =>
        address < mapped.Range.Base ? mapped.Range.Base - address : address - mapped.Range.Last)!;

    private string LoopSentence(Hart hart, Fault fault)
    {
        var kernel = _findings.Look();
        string vector = IsDelegated(hart, fault.Cause) ? "stvec" : "mtvec";
        ulong target = VectorOf(hart, fault.Cause);
        string handler = target == 0
            ? $"{vector} is 0, so that there is no trap handler"
            : target == fault.Pc
                ? $"that is the trap handler itself ({vector})"
                : $"the handler ({vector}) at {Place(kernel, target)} returns to it and changes nothing";
        string process = kernel.ProcessOn(hart.HartId) is { } running && hart.State->Privilege == PrivilegeMode.User
            ? $" in process {running.Label}" : "";
        return $"hart {hart.HartId} takes the same fault for ever{process}: {HartText.Exception(fault.Cause)} at {Place(kernel, fault.Pc, hart)}, "
            + $"value 0x{fault.Value:x}; {handler}";
    }

    private static bool IsDelegated(Hart hart, ulong cause) =>
        hart.State->Privilege != PrivilegeMode.Machine && (hart.State->Medeleg >> (int)cause & 1) != 0;

    /// <summary>Where the exception goes.</summary>
    private static ulong VectorOf(Hart hart, ulong cause) =>
        (IsDelegated(hart, cause) ? hart.State->Stvec : hart.State->Mtvec) & ~3UL;

    private string Where(Hart hart) => Place(_findings.Look(), hart.State->Pc, hart);

    private static string Place(Kernel.KernelView kernel, ulong pc, Hart? hart = null)
    {
        if (hart is not null && hart.State->Privilege == PrivilegeMode.User)
        {
            string? name = kernel.ProcessOn(hart.HartId)?.Name;
            return kernel.Stacks.Describe(new Stacks.StackFrame(pc, false, true, new Stacks.RegisterSet(), 0), name);
        }

        return kernel.Program?.Describe(kernel.Normalise(pc)) ?? $"0x{pc:x}";
    }
}
