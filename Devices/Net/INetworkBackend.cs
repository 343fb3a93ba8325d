namespace RiscvXv6.Devices.Net;

/// <summary>
/// The far end of a network card's cable: a user-mode network, a socket, a hub. Everything here happens on the machine
/// thread, in virtual time; nothing throws, whatever a guest sends. Middleware (captures, faults) is a backend that
/// passes things on to another one.
/// </summary>
public interface INetworkBackend
{
    /// <summary>As reports print it: <c>user</c>, <c>socket</c>.</summary>
    string Name { get; }

    /// <summary>Plugs the near end in, once, before the machine runs.</summary>
    void Connect(INetworkClient client);

    /// <summary>
    /// Takes a frame whose last bit has just left the card: the present cycle is the end of the frame on the wire.
    /// </summary>
    /// <param name="frame">From the destination address on, without preamble and frame check sequence; valid during the call only.</param>
    /// <param name="info">What is wrong with it, and where it came from.</param>
    void Send(ReadOnlySpan<byte> frame, in FrameInfo info);

    /// <summary>The client has room again after <see cref="INetworkClient.ReceiveRoomFrames"/> had been 0.</summary>
    void ReceiveRoomAvailable();

    /// <summary>The machine was reset: the guest has forgotten all it knew. What the host side holds open may stay.</summary>
    void Reset();
}
