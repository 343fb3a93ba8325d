namespace RiscvXv6.Devices.E1000;

/// <summary>The cycles at which a frame on its way to the card got somewhere.</summary>
/// <param name="QueuedCycle">It was put into the cable's queue.</param>
/// <param name="WireCycle">Its preamble began.</param>
/// <param name="LastBitCycle">It had arrived.</param>
public readonly record struct ArrivalTimes(ulong QueuedCycle, ulong WireCycle, ulong LastBitCycle);
