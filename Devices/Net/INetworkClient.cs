namespace RiscvXv6.Devices.Net;

/// <summary>
/// The near end of a cable: a network card, or middleware before one. Everything here happens on the machine thread.
/// </summary>
public interface INetworkClient
{
    /// <summary>
    /// Frames that the cable still takes before it loses some. A backend that can hold data back (TCP, a stream from a peer)
    /// asks first, and goes on at <see cref="INetworkBackend.ReceiveRoomAvailable"/>.
    /// </summary>
    int ReceiveRoomFrames { get; }

    /// <summary>
    /// Puts a frame into the cable's queue toward the card, at the present cycle. It travels at the wire's speed when those before it
    /// have; it is lost, and counted, if there is no room.
    /// </summary>
    /// <param name="frame">From the destination address on, without frame check sequence; valid during the call only.</param>
    /// <param name="info">What is wrong with it.</param>
    void Receive(ReadOnlySpan<byte> frame, in FrameInfo info);

    /// <summary>Plugs or unplugs the cable at the far end.</summary>
    void SetLink(bool isUp);
}
