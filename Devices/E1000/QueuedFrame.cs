using RiscvXv6.Devices.Net;

namespace RiscvXv6.Devices.E1000;

/// <summary>A frame in the cable's queue toward the card.</summary>
/// <param name="LengthBytes">As the backend gave it, before padding.</param>
/// <param name="Flags">What is wrong with it.</param>
/// <param name="QueuedCycle">When the backend gave it.</param>
public readonly record struct QueuedFrame(int LengthBytes, FrameFlags Flags, ulong QueuedCycle);
