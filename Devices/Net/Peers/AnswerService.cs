using System.Text;

namespace RiscvXv6.Devices.Net.Peers;

/// <summary>Says the same to everybody: over UDP in answer to each datagram, over TCP once.</summary>
public sealed class AnswerService(string text) : IPeerService
{
    private readonly byte[] _text = Encoding.UTF8.GetBytes(text);

    public bool SpeaksUdp => true;

    public bool SpeaksTcp => true;

    public DatagramAnswer Answer(ReadOnlySpan<byte> request) => new(1, _text.Length);

    public void Write(in DatagramAnswer answer, int index, ReadOnlySpan<byte> request, Span<byte> datagram) => _text.CopyTo(datagram);

    public IPeerConversation Accept() => new Conversation(_text);

    private sealed class Conversation(byte[] text) : IPeerConversation
    {
        private int _said;

        public int ReceiveRoomBytes => int.MaxValue;

        public bool HasEnded => _said == text.Length;

        public void Receive(ReadOnlySpan<byte> data)
        {
        }

        public void EndReceive()
        {
        }

        public int Read(Span<byte> room)
        {
            int length = Math.Min(room.Length, text.Length - _said);
            text.AsSpan(_said, length).CopyTo(room);
            _said += length;
            return length;
        }
    }
}
