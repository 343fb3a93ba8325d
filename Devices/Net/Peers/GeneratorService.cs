using System.Buffers.Text;

namespace RiscvXv6.Devices.Net.Peers;

/// <summary>
/// RFC 864 "Character Generator Protocol": sends without being asked much. Over TCP characters without end; over UDP a datagram for
/// each that comes, or, where that is text of up to four numbers <c>COUNT SIZE MICROSECONDS PORT</c>, so many of that size, one every so often,
/// to that port of the asker's host. Each of several ends with a blank and its number, from 0.
/// </summary>
public sealed class GeneratorService : IPeerService
{
    /// <summary>The most that one datagram may ask for.</summary>
    public const int MaxCount = 1_000_000;

    /// <summary>RFC 864 "UDP Based Character Generator Service" has 0 to 512 characters.</summary>
    private const int UsualSizeBytes = 512;

    private const int UsualManySizeBytes = 1024;

    private const int MaxIntervalMicroseconds = 1_000_000_000;

    public bool SpeaksUdp => true;

    public bool SpeaksTcp => true;

    public DatagramAnswer Answer(ReadOnlySpan<byte> request)
    {
        Span<int> numbers = [0, UsualManySizeBytes, 0, 0];
        if (!TryReadNumbers(request, numbers) || numbers[0] is 0 or > MaxCount || numbers[1] > DatagramAnswer.MaxSizeBytes
            || numbers[2] > MaxIntervalMicroseconds || numbers[3] > ushort.MaxValue)
        {
            return new DatagramAnswer(1, UsualSizeBytes);
        }

        return new DatagramAnswer(numbers[0], numbers[1], (ulong)numbers[2] * 1000, (ushort)numbers[3]);
    }

    public void Write(in DatagramAnswer answer, int index, ReadOnlySpan<byte> request, Span<byte> datagram)
    {
        Characters.Fill(datagram, 0);
        if (answer.Count > 1)
        {
            Span<byte> number = stackalloc byte[12];
            number[0] = (byte)' ';
            Utf8Formatter.TryFormat(index, number[1..], out int digits);
            number = number[..(digits + 1)];
            number[Math.Max(0, number.Length - datagram.Length)..].CopyTo(datagram[Math.Max(0, datagram.Length - number.Length)..]);
        }
    }

    public IPeerConversation Accept() => new Conversation();

    /// <summary>Numbers with blanks between them, at least one and no more than there is room for.</summary>
    private static bool TryReadNumbers(ReadOnlySpan<byte> text, Span<int> numbers)
    {
        int count = 0;
        text = text.Trim(" \r\n\0"u8);
        while (!text.IsEmpty)
        {
            if (count == numbers.Length || !Utf8Parser.TryParse(text, out uint value, out int used) || value > int.MaxValue)
            {
                return false;
            }

            numbers[count++] = (int)value;
            var rest = text[used..];
            text = rest.TrimStart((byte)' ');
            if (text.Length == rest.Length && !text.IsEmpty)
            {
                return false;
            }
        }

        return count > 0;
    }

    private sealed class Conversation : IPeerConversation
    {
        private ulong _position;

        public int ReceiveRoomBytes => int.MaxValue;

        public bool HasEnded { get; private set; }

        public void Receive(ReadOnlySpan<byte> data)
        {
        }

        public void EndReceive() => HasEnded = true;

        public int Read(Span<byte> room)
        {
            if (HasEnded)
            {
                return 0;
            }

            Characters.Fill(room, _position);
            _position += (ulong)room.Length;
            return room.Length;
        }
    }

    /// <summary>RFC 864 "Data Syntax": lines of 72 of the 95 printing characters, each line one character further on.</summary>
    private static class Characters
    {
        private const int PrintingCount = 95;
        private const int LineCharacters = 72;
        private const int LineBytes = LineCharacters + 2;

        public static void Fill(Span<byte> room, ulong position)
        {
            for (int i = 0; i < room.Length; i++)
            {
                ulong line = (position + (ulong)i) / LineBytes;
                int column = (int)((position + (ulong)i) % LineBytes);
                room[i] = column switch
                {
                    LineCharacters => (byte)'\r',
                    LineCharacters + 1 => (byte)'\n',
                    _ => (byte)(' ' + (line + (ulong)column) % PrintingCount),
                };
            }
        }
    }
}
