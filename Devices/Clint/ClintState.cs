using RiscvXv6.Devices.State;

namespace RiscvXv6.Devices.Clint;

/// <summary>The saved form of a <see cref="Clint"/>.</summary>
/// <param name="Registers">msip and mtimecmp of all harts.</param>
/// <param name="TimeOffsetTicks">What stores to mtime added to the clock's ticks.</param>
public sealed record ClintState(ValueArray<ulong> Registers, ulong TimeOffsetTicks);
