namespace RiscvXv6.Devices.E1000;

/// <summary>What was transferred for one <see cref="DmaPurpose"/> since power-on.</summary>
/// <param name="Transfers">Transfers that moved their bytes.</param>
/// <param name="Failures">Transfers that nobody answered.</param>
/// <param name="Bytes">Bytes moved.</param>
/// <param name="BusCycles">
/// Cycles for which they had the bus; on a link, those of requests and completions together.
/// </param>
/// <param name="WaitCycles">Cycles from being wanted to having the bus.</param>
public readonly record struct DmaTotals(
    ulong Transfers, ulong Failures, ulong Bytes, ulong BusCycles, ulong WaitCycles);
