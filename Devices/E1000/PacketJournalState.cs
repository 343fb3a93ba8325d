using RiscvXv6.Devices.State;

namespace RiscvXv6.Devices.E1000;

/// <summary>The saved form of a <see cref="PacketJournal"/>.</summary>
/// <param name="Totals">Each direction's.</param>
/// <param name="Drops">Each reason's, of both directions.</param>
/// <param name="Awaiting">Packets that wait for an interrupt, oldest first.</param>
/// <param name="Rises">When INTx last rose.</param>
/// <param name="Falls">When it fell after each of those; all ones if it has not.</param>
/// <param name="RiseCount">How often it rose.</param>
/// <param name="Registers">Register accesses.</param>
public sealed record PacketJournalState(
    ValueArray<PacketTotals> Totals,
    ValueArray<ulong> Drops,
    ValueArray<AwaitingPacket> Awaiting,
    ValueArray<ulong> Rises,
    ValueArray<ulong> Falls,
    ulong RiseCount,
    RegisterTotals Registers);
