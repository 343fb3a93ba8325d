namespace RiscvXv6.Devices.Net.Backends;

/// <summary>What a transport tells, from threads of its own.</summary>
public interface ITransportEvents
{
    /// <summary>A peer is there.</summary>
    /// <param name="who">For a person: <c>127.0.0.1:4711</c>.</param>
    void Connected(string who);

    /// <summary>The peer is gone.</summary>
    /// <param name="reason">A clause for a person.</param>
    /// <param name="isFinal">None will come any more.</param>
    void Disconnected(string reason, bool isFinal);

    /// <summary>A frame came; it is copied. Never from two threads at once.</summary>
    void FrameReceived(ReadOnlySpan<byte> frame);

    /// <summary>A frame came and could not be handed over. From any thread.</summary>
    void FrameLost();

    /// <summary>Bytes of frames that the guest has not taken yet. A transport that can hold its peer back does so when they are many.</summary>
    int PendingBytes { get; }
}
