namespace RiscvXv6.Devices.Net.Middleware;

/// <summary>Where a <see cref="FaultLane"/> sends what comes out of it.</summary>
internal interface IFaultDelivery
{
    /// <summary>Says what befalls the frame that was just taken (to the network) or comes next (to the card).</summary>
    void Note(FrameDirection direction, in FrameNotes notes);

    void Lost(FrameDirection direction, ReadOnlySpan<byte> frame, in FrameInfo info, in FrameNotes notes);

    void Deliver(FrameDirection direction, ReadOnlySpan<byte> frame, in FrameInfo info);

    /// <summary>Nothing waits any more.</summary>
    void Drained(FrameDirection direction);
}
