namespace RiscvXv6.Devices.E1000;

/// <summary>How far the account of the oldest frame in the receive FIFO is.</summary>
/// <param name="StallCycle">Since when it waits for a fetch; all ones if it does not.</param>
/// <param name="StalledCycles">For how long it did.</param>
/// <param name="WantedCycle">
/// When its first payload transfer was wanted, later by the stalls since; all ones if none was.
/// </param>
/// <param name="HasFaulted">A part of it went to an address that is not RAM.</param>
public sealed record ReceiveAccountState(ulong StallCycle, ulong StalledCycles, ulong WantedCycle, bool HasFaulted);
