using RiscvXv6.Devices.State;

namespace RiscvXv6.Devices.E1000;

/// <summary>
/// The receive FIFO: frames that have arrived and wait for a buffer in memory. Its size is what PBA gives to receiving.
/// </summary>
/// <remarks>
/// Assumption: a frame takes as many bytes as on the wire, check sequence included, in units of 8 (those of FCRTH), and
/// at least 64. The manual does not say what the chip keeps besides.
/// </remarks>
public sealed class PacketBuffer : IStateful<PacketBufferState>
{
    /// <summary>The chip's whole packet memory.</summary>
    public const int SizeBytesMax = 64 * 1024;

    private const int UnitBytes = 8;
    private const int FrameBytesMin = 64;
    private const int FramesMax = SizeBytesMax / FrameBytesMin;

    private readonly byte[] _data = new byte[SizeBytesMax];
    private readonly ReceivedPacket[] _packets = new ReceivedPacket[FramesMax];
    private int _dataHead;
    private int _dataCount;
    private int _head;

    /// <summary>Bytes that the FIFO holds. Lowering it below what is occupied loses nothing.</summary>
    public int CapacityBytes { get; private set; }

    /// <summary>Bytes that frames, or what is left of them, take.</summary>
    public int OccupiedBytes { get; private set; }

    /// <summary>Frames in the FIFO.</summary>
    public int Count { get; private set; }

    /// <summary>The oldest frame; there must be one.</summary>
    public ref readonly ReceivedPacket Head => ref _packets[_head];

    /// <summary>Bytes of the oldest frame that are released already.</summary>
    public int HeadReleasedBytes { get; private set; }

    /// <summary>SDM "Packet Buffer Allocation": sets the size from PBA.</summary>
    public void Resize(uint pba) => CapacityBytes = (int)Math.Min(pba & Pba.ReceiveKibMask, Pba.TotalKib) * 1024;

    /// <summary>Whether a frame of this length on the wire fits now.</summary>
    public bool HasRoomFor(int wireBytes) => OccupiedBytes + Footprint(wireBytes) <= CapacityBytes;

    /// <summary>Takes a frame; <see cref="HasRoomFor"/> has said yes.</summary>
    /// <param name="packet">What is known of it; its length is that of the three parts.</param>
    /// <param name="start">The first bytes.</param>
    /// <param name="middle">Those that follow.</param>
    /// <param name="end">The last.</param>
    public void Add(
        in ReceivedPacket packet, ReadOnlySpan<byte> start, ReadOnlySpan<byte> middle, ReadOnlySpan<byte> end)
    {
        _packets[(_head + Count) % FramesMax] = packet;
        Count++;
        OccupiedBytes += Footprint(packet.WireBytes);
        Append(start);
        Append(middle);
        Append(end);
    }

    /// <summary>Copies what follows the released bytes of the oldest frame; so many there must be.</summary>
    public void CopyHead(Span<byte> destination)
    {
        int first = Math.Min(destination.Length, SizeBytesMax - _dataHead);
        _data.AsSpan(_dataHead, first).CopyTo(destination);
        _data.AsSpan(0, destination.Length - first).CopyTo(destination[first..]);
    }

    /// <summary>
    /// Releases bytes of the oldest frame that memory has; the frame stays until <see cref="RemoveHead"/>.
    /// </summary>
    public void ReleaseHead(int bytes)
    {
        int before = HeadFootprint();
        Discard(bytes);
        HeadReleasedBytes += bytes;
        OccupiedBytes -= before - HeadFootprint();
    }

    /// <summary>Removes the oldest frame, delivered or not.</summary>
    public void RemoveHead()
    {
        OccupiedBytes -= HeadFootprint();
        Discard(Head.LengthBytes - HeadReleasedBytes);
        HeadReleasedBytes = 0;
        _head = (_head + 1) % FramesMax;
        Count--;
    }

    /// <summary>Removes all frames but the oldest.</summary>
    public void KeepHeadOnly()
    {
        if (Count > 0)
        {
            Count = 1;
            OccupiedBytes = HeadFootprint();
            _dataCount = Head.LengthBytes - HeadReleasedBytes;
        }
    }

    /// <summary>Notes that RNBC has counted the oldest frame.</summary>
    public void MarkHeadWithoutBuffer() => _packets[_head] = _packets[_head] with { HadNoBuffer = true };

    public void Clear()
    {
        _dataHead = 0;
        _dataCount = 0;
        _head = 0;
        HeadReleasedBytes = 0;
        Count = 0;
        OccupiedBytes = 0;
    }

    public PacketBufferState Save()
    {
        var packets = new ReceivedPacket[Count];
        for (int index = 0; index < packets.Length; index++)
        {
            packets[index] = _packets[(_head + index) % FramesMax];
        }

        var data = new byte[_dataCount];
        CopyHead(data);
        return new PacketBufferState(
            CapacityBytes, new ValueArray<ReceivedPacket>(packets), HeadReleasedBytes, new ValueArray<byte>(data));
    }

    public void Restore(PacketBufferState state)
    {
        Clear();
        (CapacityBytes, var packets, HeadReleasedBytes, var data) = state;
        Count = packets.Length;
        packets.AsSpan().CopyTo(_packets);
        Append(data.AsSpan());
        foreach (var packet in packets.AsSpan())
        {
            OccupiedBytes += Footprint(packet.WireBytes);
        }

        OccupiedBytes -= HeadReleasedBytes & -UnitBytes;
    }

    private static int Footprint(int wireBytes) => Math.Max(FrameBytesMin, (wireBytes + UnitBytes - 1) & -UnitBytes);

    private int HeadFootprint() => Footprint(Head.WireBytes) - (HeadReleasedBytes & -UnitBytes);

    private void Append(ReadOnlySpan<byte> bytes)
    {
        int tail = (_dataHead + _dataCount) % SizeBytesMax;
        int first = Math.Min(bytes.Length, SizeBytesMax - tail);
        bytes[..first].CopyTo(_data.AsSpan(tail));
        bytes[first..].CopyTo(_data);
        _dataCount += bytes.Length;
    }

    private void Discard(int bytes)
    {
        _dataHead = (_dataHead + bytes) % SizeBytesMax;
        _dataCount -= bytes;
    }
}
