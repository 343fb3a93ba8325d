using System.Buffers.Binary;
using RiscvXv6.Devices.Memory;
using RiscvXv6.Devices.State;

namespace RiscvXv6.Devices.Virtio;

/// <summary>
/// The device's side of a split virtqueue (Virtio "Split Virtqueues"). Everything in guest memory is untrusted: each
/// method checks what it reads, does a bounded amount of work, and says so when the rules are broken.
/// </summary>
public sealed class Virtqueue : IStateful<VirtqueueState>
{
    /// <summary>Largest size a driver may choose, as QEMU's QueueNumMax says.</summary>
    public const ushort SizeMax = 1024;

    /// <summary>Alignment of the legacy layout unless the driver writes QueueAlign; xv6 never does.</summary>
    public const uint DefaultAlignBytes = 4096;

    private const int DescriptorBytes = 16;
    private const ushort FlagNext = 1;
    private const ushort FlagWrite = 2;
    private const ushort FlagIndirect = 4;
    private const ushort AvailableFlagNoInterrupt = 1;

    private readonly IDmaMemory _memory;
    private readonly ushort _defaultSize;
    private ushort _nextAvailable;
    private ushort _nextUsed;
    private bool _hasSignalled;
    private ushort _signalledUsed;

    internal Virtqueue(IDmaMemory memory, ushort defaultSize)
    {
        _memory = memory;
        _defaultSize = defaultSize;
        Reset();
    }

    /// <summary>Entries, 1 to <see cref="SizeMax"/>.</summary>
    public ushort Size { get; internal set; }

    /// <summary>True while the device may use the rings.</summary>
    public bool IsReady { get; private set; }

    public ulong DescriptorArea { get; internal set; }

    /// <summary>The available ring.</summary>
    public ulong DriverArea { get; internal set; }

    /// <summary>The used ring.</summary>
    public ulong DeviceArea { get; internal set; }

    internal uint AlignBytes { get; set; }

    /// <summary>Takes the next available entry.</summary>
    /// <param name="features">The negotiated features.</param>
    /// <param name="head">Index of the chain's first descriptor, below <see cref="Size"/>.</param>
    public RingStatus TryTake(ulong features, out ushort head)
    {
        head = 0;
        if (!IsReady)
        {
            return RingStatus.Empty;
        }

        if (!_memory.TryReadUInt16(DriverArea + 2, out ushort available))
        {
            return RingStatus.Malformed;
        }

        if (available == _nextAvailable)
        {
            return RingStatus.Empty;
        }

        ulong entry = DriverArea + 4 + 2 * (ulong)(_nextAvailable % Size);
        if ((ushort)(available - _nextAvailable) > Size
            || !_memory.TryReadUInt16(entry, out head)
            || head >= Size)
        {
            return RingStatus.Malformed;
        }

        _nextAvailable++;

        // Virtio "Driver To Device Notification Suppression": with EVENT_IDX the driver notifies for the entry named here.
        ulong availableEvent = DeviceArea + 4 + 8 * (ulong)Size;
        if ((features & VirtioFeatures.EventIdx) != 0 && !_memory.TryWriteUInt16(availableEvent, _nextAvailable))
        {
            return RingStatus.Malformed;
        }

        return RingStatus.Available;
    }

    /// <summary>
    /// Collects the buffers of the chain that begins at <paramref name="head"/>. False if the chain loops, leaves its
    /// table or RAM, mixes directions, or holds an empty buffer; QEMU refuses the same.
    /// </summary>
    public bool TryReadChain(ushort head, ulong features, DescriptorChain chain)
    {
        chain.Clear();
        ulong table = DescriptorArea;
        uint tableSize = Size;
        uint index = head;
        bool inIndirect = false;
        Span<byte> bytes = stackalloc byte[DescriptorBytes];
        for (uint visited = 0; visited < tableSize; visited++)
        {
            if (!_memory.TryRead(table + index * (ulong)DescriptorBytes, bytes))
            {
                return false;
            }

            ulong address = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            uint lengthBytes = BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
            ushort flags = BinaryPrimitives.ReadUInt16LittleEndian(bytes[12..]);
            ushort next = BinaryPrimitives.ReadUInt16LittleEndian(bytes[14..]);
            if ((flags & FlagIndirect) != 0)
            {
                // Virtio "Indirect Descriptors": negotiated, not nested, not chained further, a whole table.
                if ((features & VirtioFeatures.IndirectDesc) == 0 || inIndirect || (flags & FlagNext) != 0
                    || lengthBytes == 0 || lengthBytes % DescriptorBytes != 0)
                {
                    return false;
                }

                inIndirect = true;
                table = address;
                tableSize = Math.Min(lengthBytes / DescriptorBytes, DescriptorChain.LengthMax);
                index = 0;
                visited = uint.MaxValue;
                continue;
            }

            if (!chain.TryAdd(_memory, address, lengthBytes, (flags & FlagWrite) != 0))
            {
                return false;
            }

            if ((flags & FlagNext) == 0)
            {
                return true;
            }

            index = next;
            if (index >= tableSize)
            {
                return false;
            }
        }

        // More links than the table has entries: a loop.
        return false;
    }

    /// <summary>Returns a chain to the driver. False if the used ring is not in RAM.</summary>
    /// <param name="head">As <see cref="TryTake"/> gave it.</param>
    /// <param name="writtenBytes">Bytes written from the start of the writable part.</param>
    public bool TryReturn(ushort head, uint writtenBytes)
    {
        Span<byte> element = stackalloc byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(element, head);
        BinaryPrimitives.WriteUInt32LittleEndian(element[4..], writtenBytes);
        if (!_memory.TryWrite(DeviceArea + 4 + 8 * (ulong)(_nextUsed % Size), element))
        {
            return false;
        }

        _nextUsed++;
        return _memory.TryWriteUInt16(DeviceArea + 2, _nextUsed);
    }

    public VirtqueueState Save() => new(
        Size,
        AlignBytes,
        IsReady,
        DescriptorArea,
        DriverArea,
        DeviceArea,
        _nextAvailable,
        _nextUsed,
        _hasSignalled,
        _signalledUsed);

    public void Restore(VirtqueueState state)
    {
        (Size, AlignBytes, IsReady, DescriptorArea, DriverArea, DeviceArea, _nextAvailable, _nextUsed, _hasSignalled,
            _signalledUsed) = state;
    }

    /// <summary>Whether the driver wants an interrupt for what was returned since the last call.</summary>
    internal bool TakeInterruptDecision(ulong features)
    {
        if ((features & VirtioFeatures.EventIdx) == 0)
        {
            return !_memory.TryReadUInt16(DriverArea, out ushort flags) || (flags & AvailableFlagNoInterrupt) == 0;
        }

        bool first = !_hasSignalled;
        ushort before = _signalledUsed;
        _hasSignalled = true;
        _signalledUsed = _nextUsed;

        // Virtio "Device To Driver Notification Suppression": interrupt when the used index passes used_event.
        return !_memory.TryReadUInt16(DriverArea + 4 + 2 * (ulong)Size, out ushort usedEvent)
            || first
            || (ushort)(_nextUsed - usedEvent - 1) < (ushort)(_nextUsed - before);
    }

    internal void Start()
    {
        IsReady = true;
        _nextAvailable = 0;
        _nextUsed = 0;
        _hasSignalled = false;
        _signalledUsed = 0;
    }

    internal void Stop() => IsReady = false;

    /// <summary>Places the rings as the legacy layout does (Virtio "Legacy Interfaces: A Note on Virtqueue Layout").</summary>
    internal void PlaceLegacyRings(ulong address)
    {
        DescriptorArea = address;
        DriverArea = address + DescriptorBytes * (ulong)Size;
        ulong end = DriverArea + 6 + 2 * (ulong)Size;
        DeviceArea = (end + AlignBytes - 1) & ~(ulong)(AlignBytes - 1);
    }

    internal void Reset()
    {
        Stop();
        Size = _defaultSize;
        AlignBytes = DefaultAlignBytes;
        DescriptorArea = 0;
        DriverArea = 0;
        DeviceArea = 0;
        _nextAvailable = 0;
        _nextUsed = 0;
        _hasSignalled = false;
        _signalledUsed = 0;
    }
}
