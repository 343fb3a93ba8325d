namespace RiscvXv6.Devices.E1000;

/// <summary>Descriptors that a store to TDT gave to the hardware and that are not fetched yet.</summary>
public readonly record struct TailWrite(int Descriptors, ulong Cycle);
