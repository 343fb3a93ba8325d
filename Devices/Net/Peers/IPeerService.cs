namespace RiscvXv6.Devices.Net.Peers;

/// <summary>
/// What a peer says, apart from how and when it gets there: the same over the host's sockets and inside the process. It knows no time
/// and no randomness, so that the same questions get the same answers. Whatever it is sent, nothing throws.
/// </summary>
public interface IPeerService
{
    bool SpeaksUdp { get; }

    bool SpeaksTcp { get; }

    /// <summary>What a datagram is answered with.</summary>
    DatagramAnswer Answer(ReadOnlySpan<byte> request);

    /// <summary>Writes one datagram of an answer.</summary>
    /// <param name="answer">From <see cref="Answer"/>.</param>
    /// <param name="index">0 up to the answer's count.</param>
    /// <param name="request">What was answered.</param>
    /// <param name="datagram">As long as the answer's datagrams are.</param>
    void Write(in DatagramAnswer answer, int index, ReadOnlySpan<byte> request, Span<byte> datagram);

    /// <summary>Somebody has connected.</summary>
    IPeerConversation Accept();
}
