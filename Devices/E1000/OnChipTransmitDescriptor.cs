namespace RiscvXv6.Devices.E1000;

/// <summary>A transmit descriptor on the chip, not begun yet.</summary>
/// <param name="Descriptor">Its bytes.</param>
/// <param name="Index">Its entry of the ring.</param>
/// <param name="TailCycle">When the store to TDT gave it to the hardware.</param>
/// <param name="FetchCycle">When its fetch got the bus.</param>
/// <param name="FetchedCycle">When the fetch ended.</param>
public readonly record struct OnChipTransmitDescriptor(
    TransmitDescriptor Descriptor, int Index, ulong TailCycle, ulong FetchCycle, ulong FetchedCycle);
