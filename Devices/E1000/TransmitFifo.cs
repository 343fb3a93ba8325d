using RiscvXv6.Devices.State;

namespace RiscvXv6.Devices.E1000;

/// <summary>The packet buffer's part for frames that wait for the wire.</summary>
internal sealed class TransmitFifo : IStateful<TransmitFifoState>
{
    /// <summary>
    /// Frames at most. Deviation: the chip has no such limit; it would take frames of less than 64 bytes to notice.
    /// </summary>
    public const int FramesMax = 1024;

    /// <summary>
    /// What a frame takes besides its bytes, and the grain of both (Linux "E1000_FIFO_HDR", in its e1000 driver).
    /// </summary>
    private const int HeaderBytes = 16;

    /// <summary>The whole packet buffer, in case that PBA gives all of it to transmission.</summary>
    private const int BytesMax = (int)Pba.TotalKib * 1024;

    private readonly byte[] _bytes = new byte[BytesMax];
    private readonly FifoFrame[] _frames = new FifoFrame[FramesMax];
    private int _firstByte;
    private int _byteCount;
    private int _firstFrame;

    /// <summary>Frames in it.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes in use, as the chip counts them.</summary>
    public int OccupiedBytes { get; private set; }

    /// <summary>The oldest frame; there must be one.</summary>
    public ref readonly FifoFrame First => ref _frames[_firstFrame];

    public bool HasRoom(int lengthBytes, int capacityBytes) =>
        Count < FramesMax && OccupiedBytes + Occupation(lengthBytes) <= capacityBytes;

    /// <summary>Takes a frame, for which there must be room.</summary>
    public void Add(ReadOnlySpan<byte> bytes, in FifoFrame frame)
    {
        int at = (_firstByte + _byteCount) % BytesMax;
        int before = Math.Min(bytes.Length, BytesMax - at);
        bytes[..before].CopyTo(_bytes.AsSpan(at));
        bytes[before..].CopyTo(_bytes);
        _byteCount += bytes.Length;
        OccupiedBytes += Occupation(bytes.Length);
        _frames[(_firstFrame + Count++) % FramesMax] = frame;
    }

    /// <summary>Copies the oldest frame out.</summary>
    public void CopyFirst(Span<byte> destination)
    {
        int length = First.LengthBytes;
        int before = Math.Min(length, BytesMax - _firstByte);
        _bytes.AsSpan(_firstByte, before).CopyTo(destination);
        _bytes.AsSpan(0, length - before).CopyTo(destination[before..]);
    }

    public void RemoveFirst()
    {
        int length = First.LengthBytes;
        _firstByte = (_firstByte + length) % BytesMax;
        _byteCount -= length;
        OccupiedBytes -= Occupation(length);
        _firstFrame = (_firstFrame + 1) % FramesMax;
        Count--;
        if (Count == 0)
        {
            Clear();
        }
    }

    public void Clear()
    {
        _firstByte = 0;
        _byteCount = 0;
        _firstFrame = 0;
        Count = 0;
        OccupiedBytes = 0;
    }

    public TransmitFifoState Save()
    {
        byte[] bytes = new byte[_byteCount];
        int before = Math.Min(_byteCount, BytesMax - _firstByte);
        _bytes.AsSpan(_firstByte, before).CopyTo(bytes);
        _bytes.AsSpan(0, _byteCount - before).CopyTo(bytes.AsSpan(before));
        var frames = new FifoFrame[Count];
        for (int index = 0; index < frames.Length; index++)
        {
            frames[index] = _frames[(_firstFrame + index) % FramesMax];
        }

        return new TransmitFifoState(new ValueArray<byte>(bytes), new ValueArray<FifoFrame>(frames));
    }

    public void Restore(TransmitFifoState state)
    {
        (var bytes, var frames) = state;
        Clear();
        bytes.AsSpan().CopyTo(_bytes);
        frames.AsSpan().CopyTo(_frames);
        _byteCount = bytes.Length;
        Count = frames.Length;
        foreach (var frame in frames.AsSpan())
        {
            OccupiedBytes += Occupation(frame.LengthBytes);
        }
    }

    private static int Occupation(int lengthBytes) =>
        (lengthBytes + HeaderBytes + (HeaderBytes - 1)) / HeaderBytes * HeaderBytes;
}
