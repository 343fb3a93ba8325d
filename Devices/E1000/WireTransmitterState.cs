using RiscvXv6.Devices.State;

namespace RiscvXv6.Devices.E1000;

/// <summary>The saved form of the transmitter's wire.</summary>
/// <param name="Phase">What it carries.</param>
/// <param name="StartCycle">When the frame's preamble began.</param>
/// <param name="Remainder">Fraction of a cycle.</param>
/// <param name="PhaseEndCycles">When the phase ends; all ones if idle.</param>
/// <param name="PausedUntilCycle">Until when the far end wants no frames; 0 if it does.</param>
/// <param name="IsCut">The link went down while the frame was on it.</param>
/// <param name="IsDeferred">The FIFO's first frame has been put off and counted.</param>
/// <param name="Pauses">PAUSE frames to be sent, oldest first.</param>
/// <param name="Leaving">The frame whose gap runs.</param>
public sealed record WireTransmitterState(
    WirePhase Phase,
    ulong StartCycle,
    ulong Remainder,
    ulong PhaseEndCycles,
    ulong PausedUntilCycle,
    bool IsCut,
    bool IsDeferred,
    ValueArray<PendingPause> Pauses,
    FifoFrame Leaving);
