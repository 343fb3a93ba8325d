namespace RiscvXv6.Devices.Net.Peers;

/// <summary>
/// A small HTTP server (RFC 9110, RFC 9112): <c>/</c> is a page, <c>/bytes/N</c> N bytes of which the one at place i is i modulo 251 (a
/// prime, so that what is out of place shows), <c>/sum</c> answers a POST or PUT with the count and the SHA-256 of what was sent.
/// </summary>
public sealed class WebService : IPeerService
{
    /// <summary>What the bytes of <c>/bytes/N</c> are taken modulo.</summary>
    public const int Modulus = 251;

    public bool SpeaksUdp => false;

    public bool SpeaksTcp => true;

    public DatagramAnswer Answer(ReadOnlySpan<byte> request) => DatagramAnswer.None;

    public void Write(in DatagramAnswer answer, int index, ReadOnlySpan<byte> request, Span<byte> datagram)
    {
    }

    public IPeerConversation Accept() => new WebConversation();
}
