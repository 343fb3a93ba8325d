using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Devices.Clint;

/// <summary>
/// The 10 MHz counter that <c>mtime</c> and every hart's <c>time</c> show: the clock in ticks, plus what a store to mtime
/// added. One for the machine; CLINT, Sstc comparators and the <c>time</c> CSR share it.
/// </summary>
public sealed class MachineTime(IGuestClock clock)
{
    /// <summary>What stores to mtime have added to the clock's ticks, modulo 2^64; zero unless a guest stores to it.</summary>
    public ulong OffsetTicks { get; private set; }

    /// <summary>The counter now.</summary>
    public ulong NowTicks => clock.NowCycles / clock.CyclesPerTick + OffsetTicks;

    /// <summary>Raised after a store to mtime or a restore: every comparison has to be made anew.</summary>
    public event Action? Changed;

    /// <summary>Sets the counter; it goes on from there.</summary>
    public void SetNowTicks(ulong ticks) => SetOffsetTicks(ticks - clock.NowCycles / clock.CyclesPerTick);

    /// <summary>Priv "Machine Timer (mtime and mtimecmp) Registers": an interrupt is pending while mtime ≥ mtimecmp, unsigned.</summary>
    public bool HasReached(ulong compareTicks) => NowTicks >= compareTicks;

    /// <summary>
    /// The cycle at which <see cref="HasReached"/> will next change, or <see cref="EventScheduler.Never"/> if that is
    /// beyond the clock's range. Once reached, only the counter's own overflow changes it.
    /// </summary>
    public ulong NextChangeCycles(ulong compareTicks)
    {
        ulong target = HasReached(compareTicks) ? 0 : compareTicks;
        ulong waitTicks = target - NowTicks;
        ulong clockTicks = clock.NowCycles / clock.CyclesPerTick;
        bool isBeyond = waitTicks == 0
            || waitTicks > ulong.MaxValue - clockTicks
            || clockTicks + waitTicks > (EventScheduler.Never - 1) / clock.CyclesPerTick;
        return isBeyond ? EventScheduler.Never : (clockTicks + waitTicks) * clock.CyclesPerTick;
    }

    internal void SetOffsetTicks(ulong ticks)
    {
        OffsetTicks = ticks;
        Changed?.Invoke();
    }
}
