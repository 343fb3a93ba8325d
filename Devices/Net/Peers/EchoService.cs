namespace RiscvXv6.Devices.Net.Peers;

/// <summary>RFC 862 "Echo Protocol": what comes goes back.</summary>
public sealed class EchoService : IPeerService
{
    public bool SpeaksUdp => true;

    public bool SpeaksTcp => true;

    public DatagramAnswer Answer(ReadOnlySpan<byte> request) => new(1, request.Length);

    public void Write(in DatagramAnswer answer, int index, ReadOnlySpan<byte> request, Span<byte> datagram) => request.CopyTo(datagram);

    public IPeerConversation Accept() => new Conversation();

    private sealed class Conversation : IPeerConversation
    {
        private const int BufferBytes = 64 * 1024;

        private readonly ByteQueue _bytes = new(BufferBytes);
        private bool _isLast;

        public int ReceiveRoomBytes => _bytes.Room;

        public bool HasEnded => _isLast && _bytes.Count == 0;

        public void Receive(ReadOnlySpan<byte> data) => _bytes.Write(data);

        public void EndReceive() => _isLast = true;

        public int Read(Span<byte> room) => _bytes.Read(room);
    }
}
