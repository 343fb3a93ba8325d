namespace RiscvXv6.Devices.E1000;

/// <summary>The saved form of a pair of interrupt timers; all ones is a timer that does not run.</summary>
/// <param name="PacketCycles">When the packet timer ends.</param>
/// <param name="AbsoluteCycles">When the absolute timer ends.</param>
public sealed record InterruptTimersState(ulong PacketCycles, ulong AbsoluteCycles);
