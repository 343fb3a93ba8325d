using RiscvXv6.Devices.State;

namespace RiscvXv6.Devices.E1000;

/// <summary>The saved form of a <see cref="WireReceiver"/>.</summary>
/// <param name="Frames">The queue, oldest first; the oldest is on the wire or the next on it.</param>
/// <param name="Data">The frames' bytes.</param>
/// <param name="FreeCycle">When the gap after the last frame ends.</param>
/// <param name="FreeRemainder">That cycle's fraction.</param>
/// <param name="StartCycle">When the oldest frame's preamble begins.</param>
/// <param name="LastBitRemainder">The fraction of the cycle of its last bit.</param>
/// <param name="PausedUntilCycle">When the far end's pause ends.</param>
/// <param name="WasFull">The backend was told that there is no room.</param>
/// <param name="LastBitCycle">When the oldest frame has arrived; all ones if there is none.</param>
public sealed record WireReceiverState(
    ValueArray<QueuedFrame> Frames,
    ValueArray<byte> Data,
    ulong FreeCycle,
    ulong FreeRemainder,
    ulong StartCycle,
    ulong LastBitRemainder,
    ulong PausedUntilCycle,
    bool WasFull,
    ulong LastBitCycle);
