namespace RiscvXv6.Devices.E1000;

/// <summary>A transmit descriptor that is done with and goes back to memory.</summary>
/// <param name="Descriptor">As it is written, with DD if it asked for its status.</param>
/// <param name="Address">Where it came from.</param>
/// <param name="IsReported">RS.</param>
/// <param name="IsDelayed">IDE.</param>
/// <param name="Number">The account of the packet that it ends, if it ends one.</param>
/// <param name="DoneCycle">When it was done with.</param>
public readonly record struct PendingStatus(
    TransmitDescriptor Descriptor, ulong Address, bool IsReported, bool IsDelayed, ulong Number, ulong DoneCycle);
