using System.Buffers.Binary;

namespace RiscvXv6.Devices.Net.Backends;

/// <summary>
/// Frames on their way from the machine thread, which never waits, to one sending thread: a ring of bytes in the form of QEMU's streams, each
/// frame behind its length in four bytes, most significant first. One thread adds and one takes, without a lock.
/// </summary>
/// <remarks>Adding stays harmless after the sender has gone, so nothing here is disposed.</remarks>
internal sealed class OutgoingFrames
{
    public const int LengthBytes = 4;

    private const int CapacityBytes = 1 << 20;

    private readonly byte[] _ring = new byte[CapacityBytes];
    private readonly AutoResetEvent _arrival = new(false);
    private long _added;
    private long _taken;
    private int _isWaiting;
    private volatile bool _isClosed;

    /// <summary>Adds a frame; false if the sender does not keep up, or has gone.</summary>
    public bool TryAdd(ReadOnlySpan<byte> frame)
    {
        long size = LengthBytes + frame.Length;
        if (_isClosed || CapacityBytes - (_added - Volatile.Read(ref _taken)) < size)
        {
            return false;
        }

        Span<byte> length = stackalloc byte[LengthBytes];
        BinaryPrimitives.WriteInt32BigEndian(length, frame.Length);
        Put(_added, length);
        Put(_added + LengthBytes, frame);
        Volatile.Write(ref _added, _added + size);

        // The sender says that it waits before it looks a last time, so one of the two sees the other.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _isWaiting) != 0)
        {
            Volatile.Write(ref _isWaiting, 0);
            _arrival.Set();
        }

        return true;
    }

    /// <summary>Waits for bytes and gives those that lie in one piece; empty once it is closed.</summary>
    public ReadOnlySpan<byte> Wait()
    {
        while (!_isClosed)
        {
            if (Available > 0)
            {
                int at = (int)(_taken % CapacityBytes);
                return _ring.AsSpan(at, (int)Math.Min(Available, CapacityBytes - at));
            }

            Volatile.Write(ref _isWaiting, 1);
            Interlocked.MemoryBarrier();
            if (Available == 0 && !_isClosed)
            {
                _arrival.WaitOne();
            }
        }

        return [];
    }

    /// <summary>Says that so many bytes have been used.</summary>
    public void Take(int count) => Volatile.Write(ref _taken, _taken + count);

    /// <summary>Waits for a frame and copies it out; 0 once it is closed.</summary>
    /// <param name="buffer">Room for the longest frame.</param>
    public int WaitFrame(byte[] buffer)
    {
        if (Wait().IsEmpty)
        {
            return 0;
        }

        Span<byte> prefix = stackalloc byte[LengthBytes];
        Get(_taken, prefix);
        int length = BinaryPrimitives.ReadInt32BigEndian(prefix);
        Get(_taken + LengthBytes, buffer.AsSpan(0, length));
        Take(LengthBytes + length);
        return length;
    }

    /// <summary>Ends all waiting.</summary>
    public void Close()
    {
        _isClosed = true;
        _arrival.Set();
    }

    private long Available => Volatile.Read(ref _added) - _taken;

    private void Put(long position, ReadOnlySpan<byte> bytes)
    {
        int at = (int)(position % CapacityBytes);
        int first = Math.Min(bytes.Length, CapacityBytes - at);
        bytes[..first].CopyTo(_ring.AsSpan(at));
        bytes[first..].CopyTo(_ring);
    }

    private void Get(long position, Span<byte> bytes)
    {
        int at = (int)(position % CapacityBytes);
        int first = Math.Min(bytes.Length, CapacityBytes - at);
        _ring.AsSpan(at, first).CopyTo(bytes);
        _ring.AsSpan(0, bytes.Length - first).CopyTo(bytes[first..]);
    }
}
