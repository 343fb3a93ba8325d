namespace RiscvXv6.Devices.Net;

/// <summary>What is known of a frame besides its bytes.</summary>
/// <param name="Flags">What is wrong with it, and what happened to it on its way.</param>
/// <param name="DescriptorIndex">The descriptor that it came from, for captures and reports; -1 if from none.</param>
public readonly record struct FrameInfo(FrameFlags Flags = FrameFlags.None, int DescriptorIndex = -1)
{
    public static FrameInfo None { get; } = new(FrameFlags.None, -1);
}
