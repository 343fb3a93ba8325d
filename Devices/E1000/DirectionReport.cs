using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Devices.E1000;

/// <summary>What happened to the packets of one direction.</summary>
/// <param name="Packets">Those that were not dropped.</param>
/// <param name="Bytes">Their frames' bytes, without frame check sequences.</param>
/// <param name="Cycles">From the first one's beginning to the last one's end.</param>
/// <param name="PacketsPerSecond">Over that time; 0 of fewer than two packets.</param>
/// <param name="MegabitsPerSecond">Of the frames' bytes, over that time; 0 of fewer than two packets.</param>
/// <param name="CyclesPerPacket">Of that time.</param>
/// <param name="Stages">
/// Where their time went; stages overlap, so that shares are of their sum and not of that time.
/// </param>
/// <param name="Drops">Those that were dropped, by reason; reasons that there were not are left out.</param>
public sealed record DirectionReport(
    ulong Packets,
    ulong Bytes,
    ulong Cycles,
    double PacketsPerSecond,
    double MegabitsPerSecond,
    double CyclesPerPacket,
    IReadOnlyList<StageReport> Stages,
    IReadOnlyList<DropReport> Drops)
{
    private const double BitsPerMegabyte = 8e-6;

    internal static DirectionReport Of(PacketJournal journal, PacketDirection direction, IGuestClock clock)
    {
        var totals = journal.Totals(direction);
        ulong cycles = totals.LastCycle - totals.FirstCycle;
        double seconds = (double)cycles / clock.CyclesPerSecond;
        bool isRate = totals.Packets > 1 && cycles > 0;
        return new DirectionReport(
            totals.Packets,
            totals.Bytes,
            cycles,
            isRate ? totals.Packets / seconds : 0,
            isRate ? totals.Bytes * BitsPerMegabyte / seconds : 0,
            totals.Packets == 0 ? 0 : (double)cycles / totals.Packets,
            Enum.GetValues<PacketStage>().Select(stage => StageReport.Of(stage, totals)).ToArray(),
            Enum.GetValues<PacketDrop>()
                .Select(reason => new DropReport(reason.ToString(), journal.Drops(direction, reason)))
                .Where(static drop => drop.Packets > 0)
                .ToArray());
    }
}
