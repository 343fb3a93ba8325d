using RiscvXv6.Emulator.Cpu;
using RiscvXv6.Emulator.Diagnostics.Views;

namespace RiscvXv6.Emulator.Diagnostics.Hangs;

/// <summary>
/// Harts that spin on a lock: for how long without leaving the loop, and whether who holds the lock can ever let it go. A lock that
/// is fought over changes hands, and whoever waits for it is soon elsewhere: only what stands still is told of.
/// </summary>
internal sealed unsafe class SpinWatch
{
    /// <summary>Looks that a hart has to be in one place before its code is read.</summary>
    private const int LooksBefore = 20;

    /// <summary>Code bytes that one place may be.</summary>
    private const ulong PlaceBytes = 64;

    /// <summary>Guest milliseconds, from the first look that saw the loop, for what can't end.</summary>
    private const ulong CertainMilliseconds = 50;

    /// <summary>Likewise for a holder that has gone elsewhere.</summary>
    private const ulong LongMilliseconds = 1000;

    /// <summary>
    /// Likewise for a holder that is at work: xv6 itself frees all memory of a process under its lock, which takes over a second.
    /// And where the lock does not tell who holds it: it may have changed hands unseen.
    /// </summary>
    private const ulong BusyMilliseconds = 10_000;

    private readonly HangFindings _findings;
    private readonly Watched[] _harts;
    private readonly ulong _millisecond;

    public SpinWatch(HangFindings findings)
    {
        _findings = findings;
        _harts = new Watched[findings.Machine.Harts.Count];
        _millisecond = findings.Machine.Clock.CyclesPerSecond / 1000;
    }

    private struct Watched
    {
        public ulong Pc;
        public ulong Stack;
        public ulong Satp;
        public int Looks;

        /// <summary>The lock's word, and since when; 0 while the hart is not known to spin.</summary>
        public ulong Lock;
        public ulong Owner;
        public ulong SinceCycle;
        public bool IsCertain;
    }

    public void Look(ulong now)
    {
        if (_findings.IsOver)
        {
            return;
        }

        foreach (var hart in _findings.Machine.Harts)
        {
            LookAt(hart, now);
        }
    }

    private void LookAt(Hart hart, ulong now)
    {
        ref var watched = ref _harts[hart.HartId];
        var state = hart.State;
        bool isThere = !state->Waiting
            && state->Privilege != PrivilegeMode.User
            && state->Pc - watched.Pc + PlaceBytes <= 2 * PlaceBytes
            && state->X[2] == watched.Stack
            && state->Satp == watched.Satp;
        if (!isThere)
        {
            watched = new Watched { Pc = state->Pc, Stack = state->X[2], Satp = state->Satp };
            return;
        }

        if (++watched.Looks < LooksBefore)
        {
            return;
        }

        if (SpinLoop.Find(hart) is not { Value: not 0 } spin)
        {
            watched = new Watched { Pc = state->Pc, Stack = state->X[2], Satp = state->Satp };
            return;
        }

        ulong owner = OwnerWord(spin);
        if (watched.Lock != spin.Address || watched.Owner != owner)
        {
            watched.Lock = spin.Address;
            watched.Owner = owner;
            watched.SinceCycle = now;
            return;
        }

        ulong spunCycles = now - watched.SinceCycle;
        if (spunCycles >= CertainMilliseconds * _millisecond)
        {
            Judge(hart, spin, spunCycles);

            // Judging reads much of memory: a hart that may yet go on is judged ten times a second at most.
            if (!_findings.IsOver && spunCycles > LongMilliseconds * _millisecond)
            {
                watched.Looks = -100;
            }
        }
    }

    /// <summary>The words behind the lock's own: the owner is among them, whatever the kernel's layout.</summary>
    private ulong OwnerWord(SpinLoop spin)
    {
        ulong mixed = 0;
        for (ulong offset = 8; offset <= 24; offset += 8)
        {
            _findings.Machine.Bus.Peek((spin.Physical & ~7UL) + offset, 8, out ulong word);
            mixed = (mixed * 31) + word;
        }

        return mixed;
    }

    private void Judge(Hart hart, SpinLoop spin, ulong spunCycles)
    {
        var kernel = _findings.Look();
        if (PanicWatch.HasPanicked(kernel))
        {
            return;
        }

        var verdict = LockVerdict.Of(kernel, hart, spin);
        ulong patience = verdict.Code != HangCodes.LockHeld ? CertainMilliseconds
            : verdict.HolderIsElsewhere ? LongMilliseconds : BusyMilliseconds;
        if (spunCycles >= patience * _millisecond)
        {
            string seconds = HartText.Seconds(spunCycles, _findings.Machine.Clock.CyclesPerSecond);
            _findings.Add(verdict.Code, spin.Physical, () =>
                $"hart {hart.HartId} has spun for {seconds} on the lock {LockList.Name(kernel, spin.Address)}{Interrupts(hart)}; {verdict.Reason}; "
                + $"it waits in {BackTraceText.Short(kernel.Stacks.OfHart(hart), kernel)}", isFatal: verdict.Code != HangCodes.LockHeld);
        }
    }

    private static string Interrupts(Hart hart) => HartText.TakesInterrupts(hart) ? "" : ", with interrupts off";
}
