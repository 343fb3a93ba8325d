namespace RiscvXv6.Devices.Net.UserNet;

/// <summary>
/// Bytes on their way to the guest that it has not acknowledged yet: a ring, which grows when the guest's window does.
/// </summary>
internal sealed class TcpSendBuffer(TcpBufferPool pool)
{
    private byte[] _ring = [];
    private bool _isExtra;
    private int _head;

    public int Count { get; private set; }

    public int CapacityBytes => _ring.Length;

    public int FreeBytes => _ring.Length - Count;

    /// <summary>Takes a buffer, empty.</summary>
    public void Open()
    {
        Close();
        (_ring, _isExtra) = (pool.RentLeast(), false);
    }

    /// <summary>Gives the buffer back.</summary>
    public void Close()
    {
        if (_ring.Length > 0)
        {
            pool.Return(_ring, _isExtra);
        }

        (_ring, _head, Count) = ([], 0, 0);
    }

    /// <summary>Appends bytes, for which there must be room.</summary>
    public void Append(ReadOnlySpan<byte> data)
    {
        int tail = (_head + Count) & (_ring.Length - 1);
        int first = Math.Min(data.Length, _ring.Length - tail);
        data[..first].CopyTo(_ring.AsSpan(tail));
        data[first..].CopyTo(_ring);
        Count += data.Length;
    }

    /// <summary>Copies bytes that are there.</summary>
    /// <param name="offset">From the oldest on.</param>
    public void CopyTo(int offset, Span<byte> destination)
    {
        int start = (_head + offset) & (_ring.Length - 1);
        int first = Math.Min(destination.Length, _ring.Length - start);
        _ring.AsSpan(start, first).CopyTo(destination);
        _ring.AsSpan(0, destination.Length - first).CopyTo(destination[first..]);
    }

    /// <summary>Forgets the oldest bytes.</summary>
    public void Discard(int bytes)
    {
        _head = (_head + bytes) & (_ring.Length - 1);
        Count -= bytes;
    }

    /// <summary>Doubles the buffer, if it may.</summary>
    public bool TryGrow()
    {
        if (_ring.Length >= TcpBufferPool.MostBytes || pool.TryRentExtra(2 * _ring.Length) is not { } larger)
        {
            return false;
        }

        CopyTo(0, larger.AsSpan(0, Count));
        pool.Return(_ring, _isExtra);
        (_ring, _isExtra, _head) = (larger, true, 0);
        return true;
    }
}
