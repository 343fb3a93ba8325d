using RiscvXv6.Devices.State;

namespace RiscvXv6.Devices.Plic;

/// <summary>The saved form of a <see cref="Plic"/>.</summary>
/// <param name="Registers">Priorities, pending and enable bits, thresholds.</param>
/// <param name="Claimed">A bit per source: claimed and not yet completed.</param>
/// <param name="Levels">A bit per source: the level of its line.</param>
public sealed record PlicState(ValueArray<ulong> Registers, ValueArray<uint> Claimed, ValueArray<uint> Levels);
