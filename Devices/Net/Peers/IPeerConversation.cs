namespace RiscvXv6.Devices.Net.Peers;

/// <summary>One end of a TCP connection: bytes in, bytes out, both as there is room.</summary>
public interface IPeerConversation
{
    /// <summary>Bytes that it takes now; it may take more when some of its own have been read.</summary>
    int ReceiveRoomBytes { get; }

    /// <summary>Takes bytes, no more than there is room for.</summary>
    void Receive(ReadOnlySpan<byte> data);

    /// <summary>The other end sends no more.</summary>
    void EndReceive();

    /// <summary>Reads what it has to say. 0: nothing at present, or never again if <see cref="HasEnded"/>.</summary>
    int Read(Span<byte> room);

    /// <summary>It says no more; all it said has been read.</summary>
    bool HasEnded { get; }
}
