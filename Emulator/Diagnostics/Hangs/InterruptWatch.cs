using RiscvXv6.Devices.Plic;
using RiscvXv6.Emulator.Cpu;
using RiscvXv6.Emulator.Cpu.Csr;
using RiscvXv6.Emulator.Cpu.Isa;
using RiscvXv6.Emulator.Diagnostics.Stacks;
using RiscvXv6.Emulator.Diagnostics.Views;

namespace RiscvXv6.Emulator.Diagnostics.Hangs;

/// <summary>Interrupts that ought to have come and did not: at the PLIC, at the timer, or held off at the hart.</summary>
internal sealed unsafe class InterruptWatch
{
    private const ulong ClaimMilliseconds = 1000;
    private const ulong LineMilliseconds = 1000;
    private const ulong PendingMilliseconds = 2000;
    private const ulong MaskedMilliseconds = 1000;
    private const ulong TimerMilliseconds = 100;

    /// <summary>Rounds that must have seen a state: an idle machine's clock leaps.</summary>
    private const int FewestRounds = 5;

    private readonly HangFindings _findings;
    private readonly Plic _plic;
    private readonly ulong _millisecond;
    private readonly Spell[] _claimed = new Spell[PlicRegisters.SourceCount];
    private readonly Spell[] _lines = new Spell[PlicRegisters.SourceCount];
    private readonly Spell[] _pending = new Spell[PlicRegisters.SourceCount];
    private readonly Spell[] _masked;
    private readonly Spell[] _timers;

    public InterruptWatch(HangFindings findings)
    {
        _findings = findings;
        _plic = InterruptSources.Controller(findings.Machine);
        _millisecond = findings.Machine.Clock.CyclesPerSecond / 1000;
        _masked = new Spell[findings.Machine.Harts.Count];
        _timers = new Spell[findings.Machine.Harts.Count];
    }

    /// <summary>How long something has been so.</summary>
    private struct Spell
    {
        public ulong SinceCycle;
        public int Rounds;

        /// <summary>Takes another look.</summary>
        /// <returns>True if it has been so for long.</returns>
        public bool Note(bool isSo, ulong now, ulong longCycles)
        {
            if (!isSo)
            {
                Rounds = 0;
                return false;
            }

            if (Rounds++ == 0)
            {
                SinceCycle = now;
            }

            return Rounds >= FewestRounds && now - SinceCycle >= longCycles;
        }
    }

    public void Look(ulong now)
    {
        if (_findings.IsOver)
        {
            return;
        }

        foreach (var hart in _findings.Machine.Harts)
        {
            LookAtTimer(hart, now);
            LookAtMask(hart, now);
        }

        if (!_findings.IsBareKernel)
        {
            return;
        }

        foreach (int source in InterruptSources.All)
        {
            LookAtSource(source, now);
        }
    }

    /// <summary>Every hart waits, and nothing is scheduled: what is wrong now stays so.</summary>
    public void LookWhileStopped()
    {
        foreach (var hart in _findings.Machine.Harts)
        {
            if (TimerIsDead(hart))
            {
                TellTimer(hart);
            }
        }

        if (_findings.IsOver || !_findings.IsBareKernel)
        {
            return;
        }

        foreach (int source in InterruptSources.All)
        {
            if (IsStuckUp(source))
            {
                TellLine(source);
            }
            else if (_plic.IsClaimed(source) && _plic.IsPending(source))
            {
                TellClaim(source);
            }
            else if (WhyNotTaken(source) is { } why)
            {
                TellPending(source, why);
            }
        }

    }

    private void LookAtSource(int source, ulong now)
    {
        if (_claimed[source].Note(_plic.IsClaimed(source), now, ClaimMilliseconds * _millisecond))
        {
            TellClaim(source);
        }

        if (_lines[source].Note(IsStuckUp(source), now, LineMilliseconds * _millisecond))
        {
            TellLine(source);
        }

        string? why = WhyNotTaken(source);
        if (_pending[source].Note(why is not null, now, PendingMilliseconds * _millisecond))
        {
            TellPending(source, why!);
        }
    }

    /// <summary>The line is up, but the request that it made has been served: the PLIC looks for no other.</summary>
    private bool IsStuckUp(int source) =>
        !InterruptSources.AssertsAnew(source)
        && _plic.IsAsserted(source) && !_plic.IsPending(source) && !_plic.IsClaimed(source)
        && Contexts().Any(context => _plic.IsEnabled(context, source));

    /// <summary>Why no hart will be told of a pending request, while others of the PLIC's are in use; null if one will.</summary>
    private string? WhyNotTaken(int source)
    {
        if (!_plic.IsPending(source) || _plic.IsClaimed(source)
            || !Contexts().Any(context => InterruptSources.All.Any(other => _plic.IsEnabled(context, other))))
        {
            return null;
        }

        var enabled = Contexts().Where(context => _plic.IsEnabled(context, source)).ToList();
        if (enabled.Count == 0)
        {
            return $"no hart has enabled it: set bit {source % 32} of its enable word {source / 32} (PLIC \"Interrupt Enables\")";
        }

        int priority = _plic.PriorityOf(source);
        if (priority == 0)
        {
            return $"its priority is 0, which never interrupts: store 1 to 0x{Machine.MemoryMap.Plic.Base + 4 * (ulong)source:x} "
                + "(PLIC \"Interrupt Priorities\")";
        }

        return enabled.TrueForAll(context => _plic.ThresholdOf(context) >= priority)
            ? $"its priority {priority} does not exceed the threshold {_plic.ThresholdOf(enabled[0])} of who has enabled it (PLIC \"Priority Thresholds\")"
            : null;
    }

    private IEnumerable<int> Contexts() => Enumerable.Range(0, _plic.ContextCount);

    private void TellClaim(int source) => _findings.Add(HangCodes.NotCompleted, (ulong)source, () =>
        $"the interrupt of {Name(source)} was claimed and never completed: no other one comes from it. Store {source} to the claim register when it is "
        + "served (PLIC \"Interrupt Completion\")");

    private void TellLine(int source) => _findings.Add(HangCodes.NotAcknowledged, (ulong)source, () =>
        $"the interrupt line of {Name(source)} stays up although its interrupt was claimed and completed, so that no other one comes: "
        + $"the handler has to {InterruptSources.Acknowledgement(source)}");

    private void TellPending(int source, string why) => _findings.Add(HangCodes.NotEnabled, (ulong)source, () =>
        $"the interrupt of {Name(source)} is pending at the PLIC and nobody is told of it: {why}");

    private string Name(int source) => $"{InterruptSources.Name(_findings.Machine, source)} (PLIC source {source})";

    private void LookAtTimer(Hart hart, ulong now)
    {
        if (_timers[hart.HartId].Note(TimerIsDead(hart), now, TimerMilliseconds * _millisecond))
        {
            TellTimer(hart);
        }
    }

    /// <summary>stimecmp was set and its time has come, a supervisor timer interrupt is wanted, and none will come.</summary>
    private static bool TimerIsDead(Hart hart)
    {
        var state = hart.State;
        return state->Stimecmp != ulong.MaxValue
            && (state->Menvcfg & EnvironmentBits.Stce) == 0
            && (state->Mie & InterruptBits.SupervisorTimer) != 0
            && (state->Mip & InterruptBits.SupervisorTimer) == 0;
    }

    private void TellTimer(Hart hart) => _findings.Add(HangCodes.TimerWithoutStce, 0, () =>
        $"hart {hart.HartId} has set stimecmp, but menvcfg.STCE (bit 63) is 0, so that no supervisor timer interrupt ever comes: "
        + "w_menvcfg(r_menvcfg() | (1L << 63)) in machine mode (Sstc \"Supervisor Timer (stimecmp) Register\")", isFatal: true);

    /// <summary>A hart in a loop around wfi, which ends at once since an interrupt is pending that is never let in.</summary>
    private void LookAtMask(Hart hart, ulong now)
    {
        var state = hart.State;
        bool isMasked = !state->Waiting && state->Privilege == PrivilegeMode.Supervisor && !HartText.TakesInterrupts(hart)
            && (state->Mip & state->Mie & state->Mideleg) != 0;
        if (_masked[hart.HartId].Note(isMasked, now, MaskedMilliseconds * _millisecond) && IsNearWait(hart))
        {
            _findings.Add(HangCodes.WaitMasked, (ulong)hart.HartId, () =>
            {
                var kernel = _findings.Look();
                return $"hart {hart.HartId} waits (wfi) in a loop with interrupts off while {HartText.Interrupts(state->Mip & state->Mie)} is pending, "
                    + $"in {BackTraceText.Short(kernel.Stacks.OfHart(hart), kernel)}: set sstatus.SIE to let it in (Priv \"Wait for Interrupt\")";
            });
        }
    }

    private static bool IsNearWait(Hart hart)
    {
        const ulong reach = 64;
        var space = AddressSpace.Of(hart);
        for (ulong address = hart.State->Pc - reach; address != hart.State->Pc + reach; address += 2)
        {
            if (space.TryReadInstruction(address, out uint encoding) && Decoder.Decode(encoding).Operation == Operation.Wfi)
            {
                return true;
            }
        }

        return false;
    }
}
