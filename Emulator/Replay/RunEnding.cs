using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Emulator.Replay;

/// <summary>How and where a recorded run ended.</summary>
/// <param name="Cycle">The clock.</param>
/// <param name="Retired">Instructions retired by all harts together.</param>
/// <param name="Kind">Who ended it.</param>
/// <param name="Code">The guest's.</param>
/// <param name="Reason">Where the host asked for it.</param>
internal sealed record RunEnding(ulong Cycle, ulong Retired, MachineExitKind Kind, int Code, StopReason? Reason)
{
    /// <summary>True if a run ended in the same way.</summary>
    public bool Matches(MachineExit exit) => (exit.Kind, exit.Code, exit.Reason) == (Kind, Code, Reason);
}
