using System.Numerics;

namespace RiscvXv6.Emulator.Machine;

/// <summary>
/// Buffers for messages, used again and again: host threads take them and the machine's thread, which allocates nothing, gives
/// them back. Few are kept, so that a flood leaves no memory behind.
/// </summary>
internal sealed class MessageBuffers
{
    /// <summary>The smallest buffer: 64 bytes.</summary>
    private const int SmallestShift = 6;

    /// <summary>The largest that is kept: 128 KiB, more than any frame.</summary>
    private const int LargestShift = 17;

    private const int KeptBytesPerSize = 1 << 20;
    private const int KeptPerSize = 256;

    private readonly Shelf[] _shelves = new Shelf[LargestShift - SmallestShift + 1];

    public MessageBuffers()
    {
        for (int index = 0; index < _shelves.Length; index++)
        {
            int kept = Math.Min(KeptPerSize, KeptBytesPerSize >> (index + SmallestShift));
            _shelves[index].Buffers = new byte[kept][];
        }
    }

    /// <summary>A buffer of at least so many bytes, with anything in it.</summary>
    public byte[] Rent(int length)
    {
        int index = IndexOf(length);
        if (index >= _shelves.Length)
        {
            return new byte[length];
        }

        ref var shelf = ref _shelves[index];
        bool isTaken = false;
        shelf.Lock.Enter(ref isTaken);
        byte[]? buffer = shelf.Count > 0 ? shelf.Buffers[--shelf.Count] : null;
        shelf.Lock.Exit();
        return buffer ?? new byte[1 << (index + SmallestShift)];
    }

    /// <summary>Takes back what <see cref="Rent"/> gave.</summary>
    public void Return(byte[] buffer)
    {
        int index = IndexOf(buffer.Length);
        if (index >= _shelves.Length)
        {
            return;
        }

        ref var shelf = ref _shelves[index];
        bool isTaken = false;
        shelf.Lock.Enter(ref isTaken);
        if (shelf.Count < shelf.Buffers.Length)
        {
            shelf.Buffers[shelf.Count++] = buffer;
        }

        shelf.Lock.Exit();
    }

    private static int IndexOf(int length) =>
        Math.Max(0, BitOperations.Log2((uint)Math.Max(length, 1) - 1 | 1) + 1 - SmallestShift);

    /// <summary>Buffers of one size. A spin lock, for a contended monitor may allocate.</summary>
    private struct Shelf
    {
        public SpinLock Lock;
        public byte[][] Buffers;
        public int Count;
    }
}
