using RiscvXv6.Devices.State;

namespace RiscvXv6.Devices.E1000;

/// <summary>The saved form of a <see cref="DmaChannel"/>.</summary>
/// <param name="Buffer">All of the buffer.</param>
/// <param name="Phase">How far the transfer is.</param>
/// <param name="IsWrite">It goes to memory.</param>
/// <param name="Address">Where in memory.</param>
/// <param name="BufferOffset">Where in the buffer.</param>
/// <param name="Length">How many bytes.</param>
/// <param name="Ticket">Whose turn it is.</param>
/// <param name="IsAbort">Nobody claims the address.</param>
/// <param name="BusCycles">Cycles for which it has the bus.</param>
/// <param name="RequestedCycle">When it was asked for.</param>
/// <param name="StartedCycle">When it got the bus.</param>
/// <param name="EndCycle">When it ends; all ones if that is not known.</param>
public sealed record DmaChannelState(
    ValueArray<byte> Buffer,
    DmaPhase Phase,
    bool IsWrite,
    ulong Address,
    int BufferOffset,
    int Length,
    ulong Ticket,
    bool IsAbort,
    ulong BusCycles,
    ulong RequestedCycle,
    ulong StartedCycle,
    ulong EndCycle);
