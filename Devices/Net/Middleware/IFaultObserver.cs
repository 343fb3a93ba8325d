namespace RiscvXv6.Devices.Net.Middleware;

/// <summary>Who is told of faults: a capture, which stands between them and the card.</summary>
public interface IFaultObserver
{
    /// <summary>
    /// Says what befalls a frame: the one that the card is sending in this moment, or the one that it is about to be handed.
    /// </summary>
    void Noted(FrameDirection direction, in FrameNotes notes);

    /// <summary>A frame toward the card is lost; it will not be handed over.</summary>
    void LostToCard(ReadOnlySpan<byte> frame, in FrameInfo info, in FrameNotes notes);
}
