using RiscvXv6.Devices.Memory;

namespace RiscvXv6.Devices.Virtio;

/// <summary>
/// The buffers of one request: first those the device reads, then those it writes. Made once and filled again and again
/// by <see cref="Virtqueue.TryReadChain"/>, so that no request allocates.
/// </summary>
public sealed class DescriptorChain
{
    /// <summary>Buffers in one chain, counting an indirect table's, as in QEMU.</summary>
    public const int LengthMax = 1024;

    private readonly Segment[] _segments = new Segment[LengthMax];
    private int _count;
    private int _readableCount;

    private readonly record struct Segment(ulong Address, uint LengthBytes);

    /// <summary>A place in the readable or the writable part, from which a copy goes on.</summary>
    public struct Cursor
    {
        internal int Index;
        internal uint OffsetBytes;
    }

    /// <summary>Total length of what the device may read.</summary>
    public ulong ReadableBytes { get; private set; }

    /// <summary>Total length of what the device may write.</summary>
    public ulong WritableBytes { get; private set; }

    public Cursor ReadableStart => default;

    public Cursor WritableStart => new() { Index = _readableCount };

    /// <summary>Copies out of the readable part and moves the cursor. False if it ends early or is not RAM.</summary>
    public bool TryRead(IDmaMemory memory, ref Cursor cursor, Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            if (cursor.Index >= _readableCount)
            {
                return false;
            }

            ulong address = Next(ref cursor, destination.Length, out int lengthBytes);
            if (!memory.TryRead(address, destination[..lengthBytes]))
            {
                return false;
            }

            destination = destination[lengthBytes..];
        }

        return true;
    }

    /// <summary>Copies into the writable part and moves the cursor. False if it ends early or is not RAM.</summary>
    public bool TryWrite(IDmaMemory memory, ref Cursor cursor, ReadOnlySpan<byte> source)
    {
        while (!source.IsEmpty)
        {
            if (cursor.Index >= _count)
            {
                return false;
            }

            ulong address = Next(ref cursor, source.Length, out int lengthBytes);
            if (!memory.TryWrite(address, source[..lengthBytes]))
            {
                return false;
            }

            source = source[lengthBytes..];
        }

        return true;
    }

    /// <summary>Writes the last byte of the writable part, where a block device's status lives.</summary>
    public bool TryWriteLastByte(IDmaMemory memory, byte value)
    {
        if (WritableBytes == 0)
        {
            return false;
        }

        var last = _segments[_count - 1];
        return memory.TryWrite(last.Address + last.LengthBytes - 1, [value]);
    }

    internal void Clear()
    {
        _count = 0;
        _readableCount = 0;
        ReadableBytes = 0;
        WritableBytes = 0;
    }

    /// <summary>
    /// Adds a buffer. False if it is empty, leaves RAM, is readable behind a writable one, or is one too many.
    /// </summary>
    internal bool TryAdd(IDmaMemory memory, ulong address, uint lengthBytes, bool writable)
    {
        // Virtio "Message Framing": the driver places device-writable elements after device-readable ones.
        if (_count == LengthMax || lengthBytes == 0 || (!writable && _count != _readableCount))
        {
            return false;
        }

        // Both ends are probed before anything is done for the request, so that a buffer that leaves RAM costs no I/O.
        Span<byte> probe = stackalloc byte[1];
        ulong last = address + (lengthBytes - 1);
        if (last < address || !memory.TryRead(address, probe) || !memory.TryRead(last, probe))
        {
            return false;
        }

        _segments[_count++] = new Segment(address, lengthBytes);
        if (writable)
        {
            WritableBytes += lengthBytes;
        }
        else
        {
            _readableCount++;
            ReadableBytes += lengthBytes;
        }

        return true;
    }

    private ulong Next(ref Cursor cursor, int wantedBytes, out int lengthBytes)
    {
        var segment = _segments[cursor.Index];
        ulong address = segment.Address + cursor.OffsetBytes;
        lengthBytes = (int)Math.Min(segment.LengthBytes - cursor.OffsetBytes, (uint)wantedBytes);
        cursor.OffsetBytes += (uint)lengthBytes;
        if (cursor.OffsetBytes == segment.LengthBytes)
        {
            cursor.Index++;
            cursor.OffsetBytes = 0;
        }

        return address;
    }
}
