using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RiscvXv6.Devices.Net;

/// <summary>Frames that wait, in order, each with a header, in a ring of memory that is there from the beginning.</summary>
/// <typeparam name="THeader">What is kept beside a frame.</typeparam>
internal sealed class FrameQueue<THeader>
    where THeader : unmanaged
{
    private const int Alignment = 8;

    /// <summary>Stands for a length where the ring goes on at its beginning, for no frame lies across the end.</summary>
    private const int Wrapped = -1;

    private readonly byte[] _ring;
    private int _head;
    private int _tail;

    /// <param name="capacityBytes">For frames, headers and lengths together.</param>
    public FrameQueue(int capacityBytes) => _ring = new byte[capacityBytes];

    public int Count { get; private set; }

    /// <summary>Frames' bytes that wait.</summary>
    public int Bytes { get; private set; }

    /// <summary>Appends a frame; false if there is no room.</summary>
    public bool TryEnqueue(in THeader header, ReadOnlySpan<byte> frame)
    {
        int size = SizeOf(frame.Length);
        if (!TryClaim(size, out int at))
        {
            return false;
        }

        MemoryMarshal.Write(_ring.AsSpan(at), frame.Length);
        MemoryMarshal.Write(_ring.AsSpan(at + Alignment), header);
        frame.CopyTo(_ring.AsSpan(at + Alignment + Unsafe.SizeOf<THeader>()));
        _tail = at + size;
        Count++;
        Bytes += frame.Length;
        return true;
    }

    /// <summary>The oldest frame; valid until it is removed. There must be one.</summary>
    public ReadOnlySpan<byte> Peek(out THeader header)
    {
        int at = Head(out int length);
        header = MemoryMarshal.Read<THeader>(_ring.AsSpan(at + Alignment));
        return _ring.AsSpan(at + Alignment + Unsafe.SizeOf<THeader>(), length);
    }

    /// <summary>Removes the oldest frame. There must be one.</summary>
    public void Remove()
    {
        int at = Head(out int length);
        Bytes -= length;
        if (--Count == 0)
        {
            Clear();
        }
        else
        {
            _head = at + SizeOf(length);
        }
    }

    /// <summary>Where the oldest frame lies, for <see cref="HeaderAt"/>. There must be one.</summary>
    public int First => Head(out _);

    /// <summary>Where the frame after another one lies; meaningful only if there is one.</summary>
    public int After(int place)
    {
        int next = place + SizeOf(MemoryMarshal.Read<int>(_ring.AsSpan(place)));
        return PlaceAt(next, out _);
    }

    /// <summary>The header of a frame that waits, to read or to change.</summary>
    public ref THeader HeaderAt(int place) =>
        ref MemoryMarshal.AsRef<THeader>(_ring.AsSpan(place + Alignment, Unsafe.SizeOf<THeader>()));

    public void Clear() => (_head, _tail, Count, Bytes) = (0, 0, 0, 0);

    /// <summary>Finds room for so many bytes in one piece, and marks the end of the ring if the piece begins anew.</summary>
    private bool TryClaim(int size, out int at)
    {
        at = _tail;
        if (Count == 0 || _tail > _head)
        {
            // What is free lies behind the tail, and before the head.
            if (_ring.Length - _tail >= size)
            {
                return true;
            }

            at = 0;
            if (Count == 0 || _head < size)
            {
                return false;
            }

            if (_ring.Length - _tail >= Alignment)
            {
                MemoryMarshal.Write(_ring.AsSpan(_tail), Wrapped);
            }

            return true;
        }

        return _head - _tail >= size;
    }

    private int Head(out int length) => PlaceAt(_head, out length);

    private int PlaceAt(int place, out int length)
    {
        if (_ring.Length - place >= Alignment)
        {
            length = MemoryMarshal.Read<int>(_ring.AsSpan(place));
            if (length != Wrapped)
            {
                return place;
            }
        }

        length = MemoryMarshal.Read<int>(_ring);
        return 0;
    }

    private static int SizeOf(int length) =>
        (Alignment + Unsafe.SizeOf<THeader>() + length + Alignment - 1) & ~(Alignment - 1);
}
