using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Devices.E1000;

/// <summary>
/// Where the time of a card's packets went since power-on, as plain data: names, numbers and lists, to be written as
/// JSON or printed as a table.
/// </summary>
/// <param name="Card">The card's name.</param>
/// <param name="Bus">The bus that it sits on.</param>
/// <param name="CyclesPerSecond">What a cycle is.</param>
/// <param name="Cycles">Cycles since power-on.</param>
/// <param name="Transmit">What it sent.</param>
/// <param name="Receive">What it received.</param>
/// <param name="Transfers">What it moved over the bus, and what for.</param>
/// <param name="BusUse">How busy the bus was.</param>
/// <param name="Registers">What harts spent on its registers.</param>
/// <param name="Packets">Each packet, in the order of completion, if they were recorded.</param>
public sealed record NetReport(
    string Card,
    string Bus,
    ulong CyclesPerSecond,
    ulong Cycles,
    DirectionReport Transmit,
    DirectionReport Receive,
    IReadOnlyList<TransferReport> Transfers,
    BusReport BusUse,
    RegisterReport Registers,
    IReadOnlyList<PacketReport> Packets)
{
    /// <summary>
    /// Makes the report of a card as it stands. Packets that wait for an interrupt are closed, so that none is
    /// missing.
    /// </summary>
    /// <param name="card">The card.</param>
    /// <param name="clock">The machine's clock.</param>
    /// <param name="packets">Its journal's observer, if there was one.</param>
    public static NetReport Of(E1000 card, IGuestClock clock, PacketRecorder? packets = null)
    {
        card.Journal.Flush();
        var timing = card.Dma.Timing;
        ulong cycles = clock.NowCycles;
        return new NetReport(
            card.Name,
            timing.Name,
            clock.CyclesPerSecond,
            cycles,
            DirectionReport.Of(card.Journal, PacketDirection.Transmit, clock),
            DirectionReport.Of(card.Journal, PacketDirection.Receive, clock),
            Enum.GetValues<DmaPurpose>()
                .Select(purpose => TransferReport.Of(purpose, card.Dma.Totals(purpose)))
                .ToArray(),
            BusReport.Of(card.Dma, cycles),
            RegisterReport.Of(card.Journal.Registers, timing.ToAccessCost(clock)),
            packets is null ? [] : packets.Records.Select(PacketReport.Of).ToArray());
    }
}
