namespace RiscvXv6.Devices.Timing;

/// <summary>Durations of the outside world, such as a byte on a wire, in cycles of the one clock.</summary>
public static class CycleArithmetic
{
    private const ulong PicosecondsPerSecond = 1_000_000_000_000;

    /// <summary>
    /// The cycles in a duration, rounded down. What is cut off is kept in <paramref name="remainder"/>, so that a sum of many
    /// durations is exact at any clock: a byte at 1 Gb/s is 8 cycles at 1 GHz, but 0.8 at 100 MHz.
    /// </summary>
    /// <param name="clock">The clock.</param>
    /// <param name="picoseconds">At most some hours.</param>
    /// <param name="remainder">Zero at the start of a sequence; not to be looked at.</param>
    public static ulong CyclesOf(this IGuestClock clock, ulong picoseconds, ref ulong remainder)
    {
        ulong high = Math.BigMul(picoseconds, clock.CyclesPerSecond, out ulong low);
        if (high == 0 && low <= ulong.MaxValue - PicosecondsPerSecond)
        {
            // What fits into 64 bits, at 1 GHz 18 ms, does not cost a division of 128.
            low += remainder;
            remainder = low % PicosecondsPerSecond;
            return low / PicosecondsPerSecond;
        }

        UInt128 total = new UInt128(high, low) + remainder;
        remainder = (ulong)(total % PicosecondsPerSecond);
        return (ulong)(total / PicosecondsPerSecond);
    }

    /// <summary>The cycles in a single duration, rounded up: nothing is ever early.</summary>
    public static ulong CyclesOf(this IGuestClock clock, ulong picoseconds)
    {
        UInt128 total = (UInt128)picoseconds * clock.CyclesPerSecond + (PicosecondsPerSecond - 1);
        return (ulong)(total / PicosecondsPerSecond);
    }
}
