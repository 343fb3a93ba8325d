namespace RiscvXv6.Devices.E1000;

/// <summary>Something that one transfer has at a time: a parallel bus, or one direction of a link.</summary>
internal sealed class DmaLane(DmaPhase waiting, DmaPhase having)
{
    /// <summary>The phase of a channel that waits for this lane.</summary>
    public DmaPhase Waiting { get; } = waiting;

    /// <summary>The phase of the channel that has it.</summary>
    public DmaPhase Having { get; } = having;

    public bool IsBusy { get; set; }

    /// <summary>Cycles for which anyone had it, since power-on.</summary>
    public ulong BusyCycles { get; set; }

    /// <summary>Fraction of a cycle, as CycleArithmetic keeps it.</summary>
    public ulong Remainder;
}
