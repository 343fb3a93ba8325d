namespace RiscvXv6.Devices.E1000;

/// <summary>What packets spent in one stage.</summary>
/// <param name="Stage">The name of a <see cref="PacketStage"/>.</param>
/// <param name="Cycles">Of all packets.</param>
/// <param name="CyclesPerPacket">Of one, on average.</param>
/// <param name="Share">Of the sum over all stages, 0 to 1.</param>
public sealed record StageReport(string Stage, ulong Cycles, double CyclesPerPacket, double Share)
{
    internal static StageReport Of(PacketStage stage, in PacketTotals totals)
    {
        ulong cycles = totals.Stages[stage];
        return new StageReport(
            stage.ToString(),
            cycles,
            totals.Packets == 0 ? 0 : (double)cycles / totals.Packets,
            totals.Stages.Total == 0 ? 0 : (double)cycles / totals.Stages.Total);
    }
}
