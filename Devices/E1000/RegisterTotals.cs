namespace RiscvXv6.Devices.E1000;

/// <summary>The harts' accesses to the card's registers since power-on.</summary>
public readonly record struct RegisterTotals(ulong Reads, ulong Writes);
