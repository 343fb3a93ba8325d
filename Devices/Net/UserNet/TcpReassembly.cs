namespace RiscvXv6.Devices.Net.UserNet;

/// <summary>
/// Bytes of the guest that came before those in front of them. They lie in a ring at their sequence number, as long as
/// the longest window; the ring is there only while there is something in it.
/// </summary>
internal sealed class TcpReassembly(TcpBufferPool pool)
{
    /// <summary>Gaps that are remembered; a segment that would make one more is dropped, and comes again.</summary>
    private const int RangesMax = 64;

    private readonly Range[] _ranges = new Range[RangesMax];
    private byte[] _ring = [];
    private int _count;

    public bool IsEmpty => _count == 0;

    /// <summary>Gives the buffer back.</summary>
    public void Clear()
    {
        _count = 0;
        if (_ring.Length > 0)
        {
            pool.Return(_ring, isExtra: true);
            _ring = [];
        }
    }

    /// <summary>
    /// Keeps bytes that lie within the window. They are lost if there is no memory, or too many gaps.
    /// </summary>
    /// <param name="sequence">The number of the first; after what is expected next.</param>
    public void Insert(uint sequence, ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty || !HasRing() || !TryNote(sequence, sequence + (uint)data.Length))
        {
            return;
        }

        int start = (int)(sequence & (uint)(_ring.Length - 1));
        int first = Math.Min(data.Length, _ring.Length - start);
        data[..first].CopyTo(_ring.AsSpan(start));
        data[first..].CopyTo(_ring);
    }

    /// <summary>
    /// The bytes that follow on what is expected, as far as they lie in a row in memory; empty if none do.
    /// </summary>
    /// <param name="next">The number of the byte expected next.</param>
    public ReadOnlySpan<byte> Peek(uint next)
    {
        DropBefore(next);
        if (_count == 0 || TcpSequence.IsAfter(_ranges[0].Start, next))
        {
            return default;
        }

        int start = (int)(next & (uint)(_ring.Length - 1));
        int length = (int)(_ranges[0].End - next);
        return _ring.AsSpan(start, Math.Min(length, _ring.Length - start));
    }

    private bool HasRing()
    {
        if (_ring.Length == 0)
        {
            _ring = pool.TryRentExtra(TcpBufferPool.MostBytes) ?? [];
        }

        return _ring.Length > 0;
    }

    private void DropBefore(uint next)
    {
        int gone = 0;
        while (gone < _count && !TcpSequence.IsAfter(_ranges[gone].End, next))
        {
            gone++;
        }

        Remove(0, gone);
        if (_count == 0)
        {
            Clear();
        }
    }

    /// <summary>Unites a range with those that it touches, or puts it between them; they stay in order.</summary>
    private bool TryNote(uint start, uint end)
    {
        int at = 0;
        while (at < _count && TcpSequence.IsBefore(_ranges[at].End, start))
        {
            at++;
        }

        int touched = 0;
        while (at + touched < _count && !TcpSequence.IsAfter(_ranges[at + touched].Start, end))
        {
            start = TcpSequence.IsBefore(_ranges[at + touched].Start, start) ? _ranges[at + touched].Start : start;
            end = TcpSequence.Later(end, _ranges[at + touched].End);
            touched++;
        }

        if (touched == 0)
        {
            if (_count == RangesMax)
            {
                return false;
            }

            _ranges.AsSpan(at, _count - at).CopyTo(_ranges.AsSpan(at + 1));
            _count++;
        }
        else
        {
            Remove(at + 1, touched - 1);
        }

        _ranges[at] = new Range(start, end);
        return true;
    }

    private void Remove(int at, int count)
    {
        _ranges.AsSpan(at + count, _count - at - count).CopyTo(_ranges.AsSpan(at));
        _count -= count;
    }

    /// <param name="Start">The first byte's number.</param>
    /// <param name="End">The number after the last byte's.</param>
    private readonly record struct Range(uint Start, uint End);
}
