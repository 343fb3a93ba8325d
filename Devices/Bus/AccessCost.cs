namespace RiscvXv6.Devices.Bus;

/// <summary>What a hart waits for an access to a device, in cycles on top of the instruction's own.</summary>
/// <param name="ReadCycles">A load stalls for the round trip.</param>
/// <param name="WriteCycles">A store is posted: it stalls only for its slot on the bus.</param>
public readonly record struct AccessCost(int ReadCycles, int WriteCycles)
{
    /// <summary>
    /// Devices on the SoC's own bus (CLINT, PLIC, UART, virtio): 20 ns there and back, 4 ns to post, at 1 GHz.
    /// Deviation: no manual gives these; they are an assumption recorded in docs/adr/0003.
    /// </summary>
    public static AccessCost OnChip { get; } = new(20, 4);
}
