namespace RiscvXv6.Devices.E1000;

/// <summary>What a card moved over its bus for one purpose.</summary>
/// <param name="Purpose">The name of a <see cref="DmaPurpose"/>.</param>
/// <param name="Transfers">Transfers that moved their bytes.</param>
/// <param name="Failures">Transfers that nobody answered.</param>
/// <param name="Bytes">Bytes moved.</param>
/// <param name="BusCycles">Cycles for which they had the bus.</param>
/// <param name="WaitCycles">Cycles for which they waited for it.</param>
public sealed record TransferReport(
    string Purpose, ulong Transfers, ulong Failures, ulong Bytes, ulong BusCycles, ulong WaitCycles)
{
    internal static TransferReport Of(DmaPurpose purpose, in DmaTotals totals) => new(
        purpose.ToString(), totals.Transfers, totals.Failures, totals.Bytes, totals.BusCycles, totals.WaitCycles);
}
