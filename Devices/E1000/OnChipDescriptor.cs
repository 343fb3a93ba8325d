namespace RiscvXv6.Devices.E1000;

/// <summary>A receive descriptor on the chip: fetched, and filled in when it is used.</summary>
/// <param name="Descriptor">As fetched, or as it will be written back.</param>
/// <param name="FrameBytes">The length of the frame that ends in it; -1 if none does.</param>
/// <param name="IsReported">The interrupt unit knows of that frame already, for its descriptor is held back.</param>
/// <param name="UsedCycle">When its buffer was filled.</param>
/// <param name="Record">That frame's account.</param>
public readonly record struct OnChipDescriptor(
    ReceiveDescriptor Descriptor,
    int FrameBytes,
    bool IsReported,
    ulong UsedCycle,
    PacketRecord Record);
