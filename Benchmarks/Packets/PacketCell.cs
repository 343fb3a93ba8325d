namespace RiscvXv6.Benchmarks.Packets;

/// <summary>One measurement, all of it in guest time.</summary>
/// <param name="FrameBytes">From the destination address through the frame check sequence: 64 to 1518.</param>
/// <param name="Ring">Descriptors in each ring.</param>
/// <param name="Bus">Between the card and memory.</param>
/// <param name="Packets">How many were measured.</param>
/// <param name="Cycles">From the first of them to the last, or the time of all of them.</param>
/// <param name="Intervals">Packets that passed within those cycles: the first may only have started the clock.</param>
/// <param name="Stages">Mean cycles of each stage of a packet's way, in the order in which it passes them.</param>
internal sealed record PacketCell(
    PacketDriver Driver,
    PacketMode Mode,
    int FrameBytes,
    int Ring,
    string Bus,
    ulong Packets,
    ulong Cycles,
    ulong Intervals,
    IReadOnlyList<PacketStageShare> Stages)
{
    /// <summary>The clock of all measurements, in Hz.</summary>
    public const double CyclesPerSecond = 1e9;

    public double CyclesPerPacket => (double)Cycles / Intervals;

    public double PacketsPerSecond => CyclesPerSecond / CyclesPerPacket;

    /// <summary>Of frames with their frame check sequence, without preamble and gap.</summary>
    public double MegabitsPerSecond => PacketsPerSecond * FrameBytes * 8 / 1e6;
}

/// <summary>How long a packet is in one stage of its way.</summary>
internal sealed record PacketStageShare(string Name, double Cycles);
