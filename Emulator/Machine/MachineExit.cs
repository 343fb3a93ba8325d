namespace RiscvXv6.Emulator.Machine;

/// <summary>How a run ended.</summary>
internal enum MachineExitKind
{
    /// <summary>The guest switched the machine off.</summary>
    PowerOff,

    /// <summary>The guest ended the run with a failure code of its own.</summary>
    GuestFailure,

    /// <summary>The host asked for it.</summary>
    StopRequested,

    /// <summary>The machine itself can't go on.</summary>
    MachineError,
}

/// <summary>How a run ended.</summary>
/// <param name="Kind">Who ended it.</param>
/// <param name="Code">The guest's code; 0 for power-off.</param>
/// <param name="Reason">For <see cref="MachineExitKind.StopRequested"/>: why.</param>
/// <param name="Message">For <see cref="MachineExitKind.MachineError"/>: one line for a person.</param>
internal sealed record MachineExit(MachineExitKind Kind, int Code = 0, StopReason? Reason = null, string? Message = null);
