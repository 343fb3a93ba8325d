namespace RiscvXv6.Emulator.Machine;

/// <summary>What another thread wants done on the machine's thread.</summary>
/// <param name="Do">Does it.</param>
/// <param name="Refuse">The machine ended first.</param>
internal sealed record MachineRequest(Action Do, Action Refuse);
