namespace RiscvXv6.Devices.Net.Peers;

/// <summary>Bytes in a ring that grows up to a limit, and so stops allocating.</summary>
internal sealed class ByteQueue(int capacityBytes)
{
    private const int FirstSizeBytes = 4096;

    private byte[] _bytes = [];
    private int _start;

    public int Count { get; private set; }

    public int Room => capacityBytes - Count;

    /// <summary>Appends bytes, for which there must be <see cref="Room"/>.</summary>
    public void Write(ReadOnlySpan<byte> data)
    {
        if (Count + data.Length > _bytes.Length)
        {
            Grow(Count + data.Length);
        }

        int end = _bytes.Length == 0 ? 0 : (_start + Count) % _bytes.Length;
        int first = Math.Min(data.Length, _bytes.Length - end);
        data[..first].CopyTo(_bytes.AsSpan(end));
        data[first..].CopyTo(_bytes);
        Count += data.Length;
    }

    /// <summary>The first bytes that lie together; empty only if there are none.</summary>
    public ReadOnlySpan<byte> Peek() => _bytes.AsSpan(_start, Math.Min(Count, _bytes.Length - _start));

    public void Skip(int bytes)
    {
        Count -= bytes;
        _start = Count == 0 ? 0 : (_start + bytes) % _bytes.Length;
    }

    /// <summary>Takes as many bytes as there are and fit.</summary>
    public int Read(Span<byte> room)
    {
        int total = 0;
        while (Count > 0 && total < room.Length)
        {
            var next = Peek();
            int length = Math.Min(next.Length, room.Length - total);
            next[..length].CopyTo(room[total..]);
            Skip(length);
            total += length;
        }

        return total;
    }

    private void Grow(int neededBytes)
    {
        int size = Math.Max(FirstSizeBytes, _bytes.Length);
        while (size < neededBytes)
        {
            size = Math.Min(capacityBytes, size * 2);
        }

        byte[] bytes = new byte[size];
        int count = Count;
        Read(bytes);
        _bytes = bytes;
        _start = 0;
        Count = count;
    }
}
