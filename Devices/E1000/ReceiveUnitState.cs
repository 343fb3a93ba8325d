using RiscvXv6.Devices.State;

namespace RiscvXv6.Devices.E1000;

/// <summary>The saved form of a <see cref="ReceiveUnit"/>.</summary>
/// <param name="Fifo">Frames that have arrived.</param>
/// <param name="IsAboveThreshold">XOFF is in force.</param>
/// <param name="OnChip">Descriptors on the chip, that at RDH first.</param>
/// <param name="Used">How many of them are used.</param>
/// <param name="Returning">How many are on their way back.</param>
/// <param name="Due">How many are to go back whatever the threshold.</param>
/// <param name="Flushing">How many an interrupt waits for.</param>
/// <param name="Fetching">How many a fetch will bring.</param>
/// <param name="Storing">Bytes that a payload transfer moves.</param>
/// <param name="IsFetchStale">The fetch under way means nothing any more.</param>
/// <param name="IsPayloadStale">The payload transfer under way means nothing any more.</param>
/// <param name="IsReturnStale">The write-back under way means nothing any more.</param>
/// <param name="IsRingBroken">The ring is not in memory.</param>
/// <param name="IsDraining">The receiver was stopped in the middle of a frame.</param>
/// <param name="RingBase">Where the ring is.</param>
/// <param name="RingCount">Descriptors in the ring.</param>
/// <param name="BufferBytes">Bytes of a buffer.</param>
/// <param name="Account">The account of the oldest frame.</param>
public sealed record ReceiveUnitState(
    PacketBufferState Fifo,
    bool IsAboveThreshold,
    ValueArray<OnChipDescriptor> OnChip,
    int Used,
    int Returning,
    int Due,
    int Flushing,
    int Fetching,
    int Storing,
    bool IsFetchStale,
    bool IsPayloadStale,
    bool IsReturnStale,
    bool IsRingBroken,
    bool IsDraining,
    ulong RingBase,
    int RingCount,
    int BufferBytes,
    ReceiveAccountState Account);
