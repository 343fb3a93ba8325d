using RiscvXv6.Devices.Bus;

namespace RiscvXv6.Devices.E1000;

/// <summary>What harts spent on a card's registers since power-on.</summary>
/// <param name="Reads">Loads.</param>
/// <param name="Writes">Stores.</param>
/// <param name="ReadStallCycles">What they waited for loads.</param>
/// <param name="WriteStallCycles">What they waited for stores.</param>
public sealed record RegisterReport(ulong Reads, ulong Writes, ulong ReadStallCycles, ulong WriteStallCycles)
{
    internal static RegisterReport Of(in RegisterTotals totals, in AccessCost cost) => new(
        totals.Reads, totals.Writes, totals.Reads * (ulong)cost.ReadCycles, totals.Writes * (ulong)cost.WriteCycles);
}
