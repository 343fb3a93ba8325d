using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Devices.E1000;

/// <summary>Something that one transfer has at a time: a parallel bus, or one direction of a link.</summary>
internal sealed class DmaLane(IGuestClock clock)
{
    /// <summary>When the last of those that have been given it is through.</summary>
    public ulong FreeCycle { get; set; }

    /// <summary>Fraction of a cycle, as CycleArithmetic keeps it.</summary>
    public ulong Remainder { get; set; }

    /// <summary>Cycles for which anyone had it, since power-on.</summary>
    public ulong BusyCycles { get; set; }

    /// <summary>Gives it to a transfer, from a cycle on at which it is there, or as soon as it is free.</summary>
    /// <returns>The cycles for which the transfer has it.</returns>
    public ulong Occupy(ulong fromCycle, ulong picoseconds)
    {
        ulong remainder = Remainder;
        ulong cycles = clock.CyclesOf(picoseconds, ref remainder);
        Remainder = remainder;
        FreeCycle = Math.Max(fromCycle, FreeCycle) + cycles;
        BusyCycles += cycles;
        return cycles;
    }
}
