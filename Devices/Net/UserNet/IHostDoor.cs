namespace RiscvXv6.Devices.Net.UserNet;

/// <summary>
/// The user network's one door to the host's network. Behind it are real sockets, or peers inside this process, or a fake of a test.
/// Calls come from the machine thread and never wait or throw; results arrive later on the machine thread through <see cref="IHostDoorEvents"/>.
/// A flow is a number that the caller chose, unused until then; it is free again after <see cref="Close"/> or an ending event.
/// </summary>
public interface IHostDoor : IDisposable
{
    /// <summary>Says who is told of what happens; once, before anything else.</summary>
    void Attach(IHostDoorEvents events);

    /// <summary>
    /// Reserves a port of the host before the machine runs, for connections or datagrams that are forwarded to the guest.
    /// </summary>
    /// <exception cref="HostPortException">It can't be had: in use, or forbidden.</exception>
    void Listen(int listener, HostProtocol protocol, HostEndpoint local);

    /// <summary>Opens a datagram flow with a port of its own; datagrams of anybody who answers come back.</summary>
    void OpenUdp(int flow);

    /// <summary>Sends a datagram, from a flow's port or (<paramref name="flow"/> is a listener's number) from a forwarded one.</summary>
    void SendUdp(int flow, HostEndpoint to, ReadOnlySpan<byte> payload);

    /// <summary>Begins a connection; answered by Connected or Failed.</summary>
    void ConnectTcp(int flow, HostEndpoint to);

    /// <summary>
    /// Hands over bytes for a connection; the door keeps them until the host takes them, and says so with Sent. The caller never has more
    /// than <see cref="SendBufferBytes"/> under way.
    /// </summary>
    void SendTcp(int flow, ReadOnlySpan<byte> data);

    /// <summary>Lets the door take so many more bytes of a connection from the host: its flow control. A new connection has none.</summary>
    void GrantTcp(int flow, int bytes);

    /// <summary>No more bytes will be sent; what is under way still is.</summary>
    void EndTcp(int flow);

    /// <summary>Sends an ICMP echo request; answered by EchoReplied, by EchoFailed, or never.</summary>
    void SendEcho(int flow, Wire.IPv4Address to, ushort sequence, ReadOnlySpan<byte> payload);

    /// <summary>Ends a flow of any kind. A connection that has not ended on both sides is reset.</summary>
    void Close(int flow);

    /// <summary>Bytes that may be under way in one connection toward the host.</summary>
    const int SendBufferBytes = 1 << 20;
}
