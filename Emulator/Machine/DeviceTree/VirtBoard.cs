namespace RiscvXv6.Emulator.Machine.DeviceTree;

/// <summary>What the device tree says of one machine beyond the fixed memory map.</summary>
/// <param name="HartCount">1 to 8.</param>
/// <param name="MemorySizeBytes">RAM from 0x80000000.</param>
internal sealed record VirtBoard(int HartCount, ulong MemorySizeBytes)
{
    /// <summary>What goes into <c>/chosen</c>.</summary>
    public ChosenNode Chosen { get; init; } = new();
}
