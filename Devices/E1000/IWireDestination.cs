using RiscvXv6.Devices.Net;

namespace RiscvXv6.Devices.E1000;

/// <summary>Where the transmitter's wire leads.</summary>
internal interface IWireDestination
{
    /// <summary>A frame's last bit has left.</summary>
    /// <param name="frame">
    /// Without frame check sequence, unless the flags say otherwise; valid during the call only.
    /// </param>
    /// <param name="info">What is wrong with it, and which descriptor it ended in.</param>
    void FrameLeft(ReadOnlySpan<byte> frame, in FrameInfo info);
}
