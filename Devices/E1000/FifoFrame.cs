using RiscvXv6.Devices.Net;

namespace RiscvXv6.Devices.E1000;

/// <summary>A frame in the transmit FIFO.</summary>
/// <param name="LengthBytes">
/// Without frame check sequence, unless it is the frame's own last bytes that stand for it.
/// </param>
/// <param name="Flags">What is wrong with it.</param>
/// <param name="DescriptorIndex">The descriptor that it ended in.</param>
/// <param name="Number">Of its account.</param>
/// <param name="EnteredCycle">When all of it was in the FIFO.</param>
public readonly record struct FifoFrame(
    int LengthBytes, FrameFlags Flags, int DescriptorIndex, ulong Number, ulong EnteredCycle);
