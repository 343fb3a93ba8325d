namespace RiscvXv6.Devices.Net.Peers;

/// <summary>RFC 863 "Discard Protocol": what comes is thrown away.</summary>
public sealed class DiscardService : IPeerService
{
    public bool SpeaksUdp => true;

    public bool SpeaksTcp => true;

    public DatagramAnswer Answer(ReadOnlySpan<byte> request) => DatagramAnswer.None;

    public void Write(in DatagramAnswer answer, int index, ReadOnlySpan<byte> request, Span<byte> datagram)
    {
    }

    public IPeerConversation Accept() => new Conversation();

    private sealed class Conversation : IPeerConversation
    {
        public int ReceiveRoomBytes => int.MaxValue;

        public bool HasEnded { get; private set; }

        public void Receive(ReadOnlySpan<byte> data)
        {
        }

        public void EndReceive() => HasEnded = true;

        public int Read(Span<byte> room) => 0;
    }
}
