namespace RiscvXv6.Devices.Net.Middleware;

/// <summary>What befell a frame on a bad network.</summary>
/// <param name="Faults">Every kind of fault that it met.</param>
/// <param name="DelayNanoseconds">How much later than on a good network it arrives.</param>
/// <param name="IsLost">It does not arrive.</param>
public readonly record struct FrameNotes(FaultSet Faults, ulong DelayNanoseconds, bool IsLost);
