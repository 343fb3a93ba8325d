using RiscvXv6.Devices.State;

namespace RiscvXv6.Devices.E1000;

/// <summary>The saved form of the transmitter; its transfers are saved with the engine.</summary>
/// <param name="OnChip">Descriptors fetched and not begun.</param>
/// <param name="Tails">Descriptors given and not fetched.</param>
/// <param name="KnownTail">TDT as it was last looked at.</param>
/// <param name="FetchIndex">The ring's entry to be fetched next.</param>
/// <param name="FetchCount">Descriptors being fetched that are still wanted.</param>
/// <param name="IsFetchStale">What is being fetched is not wanted any more.</param>
/// <param name="IsHalted">The ring is not in memory: nothing is fetched until the driver does something.</param>
/// <param name="Step">What is done with the present descriptor.</param>
/// <param name="Present">The present descriptor.</param>
/// <param name="IsPresentStale">The ring has changed under it.</param>
/// <param name="Left">Bytes of its buffer to be fetched.</param>
/// <param name="LeftAddress">Where they are.</param>
/// <param name="Fetching">Bytes being fetched.</param>
/// <param name="Packet">The packet that it is part of.</param>
/// <param name="ChecksumContext">The last context for checksums alone.</param>
/// <param name="SegmentationContext">The last context for segmentation.</param>
/// <param name="Header">The prototype header of the segmentation under way.</param>
/// <param name="Statuses">Descriptors to be written back.</param>
/// <param name="StatusesDue">How many of them wait for nothing but the bus.</param>
/// <param name="StatusesWriting">How many are being written.</param>
/// <param name="FlushLeft">How many of them the interrupt unit waits for.</param>
/// <param name="NextAccount">How many accounts there have been.</param>
/// <param name="FreeAccounts">Slots of accounts that are free.</param>
/// <param name="Accounts">Packets that are not through.</param>
/// <param name="Fifo">The FIFO.</param>
/// <param name="Wire">The wire.</param>
public sealed record TransmitUnitState(
    ValueArray<OnChipTransmitDescriptor> OnChip,
    ValueArray<TailWrite> Tails,
    int KnownTail,
    int FetchIndex,
    int FetchCount,
    bool IsFetchStale,
    bool IsHalted,
    TransmitStep Step,
    OnChipTransmitDescriptor Present,
    bool IsPresentStale,
    int Left,
    ulong LeftAddress,
    int Fetching,
    OpenPacket Packet,
    TransmitContext ChecksumContext,
    TransmitContext SegmentationContext,
    ValueArray<byte> Header,
    ValueArray<PendingStatus> Statuses,
    int StatusesDue,
    int StatusesWriting,
    int FlushLeft,
    ulong NextAccount,
    ValueArray<int> FreeAccounts,
    ValueArray<OpenAccount> Accounts,
    TransmitFifoState Fifo,
    WireTransmitterState Wire);
