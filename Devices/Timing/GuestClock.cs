namespace RiscvXv6.Devices.Timing;

/// <summary>The clock itself. Only the machine's run loop and the hart that is running move it.</summary>
public sealed class GuestClock : IGuestClock
{
    /// <summary>Frequency of <c>time</c>, <c>mtime</c> and the Sstc comparators, as on QEMU's <c>virt</c>, in Hz.</summary>
    public const ulong TimebaseHz = 10_000_000;

    /// <param name="megahertz">Cycles per microsecond, 10 to 100,000 and a multiple of 10, so that a tick is whole cycles.</param>
    public GuestClock(int megahertz = 1000)
    {
        if (megahertz is < 10 or > 100_000 || megahertz % 10 != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(megahertz), "10 to 100000, a multiple of 10");
        }

        CyclesPerSecond = (ulong)megahertz * 1_000_000;
        CyclesPerTick = CyclesPerSecond / TimebaseHz;
    }

    public ulong NowCycles { get; private set; }

    public ulong CyclesPerSecond { get; }

    public ulong CyclesPerTick { get; }

    /// <summary>Moves the clock forward.</summary>
    /// <exception cref="InvalidOperationException">The target lies in the past: a bug of ours.</exception>
    public void AdvanceTo(ulong cycles)
    {
        if (cycles < NowCycles)
        {
            throw new InvalidOperationException($"the clock would go back from {NowCycles} to {cycles}");
        }

        NowCycles = cycles;
    }

    /// <summary>Sets the clock to a saved value, forward or back.</summary>
    public void Restore(ulong cycles) => NowCycles = cycles;
}
