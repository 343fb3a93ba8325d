namespace RiscvXv6.Emulator.Machine;

/// <summary>A host event with the place at which it took effect: with the image and the options, all of a run's input.</summary>
/// <param name="Cycle">The clock.</param>
/// <param name="Retired">Instructions retired by all harts together.</param>
/// <param name="Event">What happened.</param>
internal readonly record struct HostEventRecord(ulong Cycle, ulong Retired, HostEvent Event);
