using System.Buffers.Binary;
using System.Text;
using RiscvXv6.Devices.State;
using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Devices.Virtio;

/// <summary>
/// A block device (Virtio "Block Device") over a backend. It serves one request at a time: a request is taken from the
/// ring, completes a modelled latency later, and all its I/O and DMA happen at that instant, before the guest can see it
/// done. Waiting requests stay in the guest's ring, so that the device's whole state is one descriptor index.
/// </summary>
/// <remarks>
/// Deviations: DISCARD, WRITE_ZEROES, CONFIG_WCE, TOPOLOGY and GEOMETRY, which QEMU offers, are not offered. A driver
/// that leaves FLUSH out still gets writes that survive a kill of the process, but not each one a flush to the medium.
/// </remarks>
public sealed class VirtioBlk : IVirtioDevice, IStateful<VirtioBlkState>
{
    public const ulong FeatureSegMax = 1UL << 2;
    public const ulong FeatureRo = 1UL << 5;
    public const ulong FeatureBlkSize = 1UL << 6;
    public const ulong FeatureFlush = 1UL << 9;

    /// <summary>What every request takes, in virtual time: an assumption in the range of a fast disk.</summary>
    public const ulong FixedLatencyMicroseconds = 10;

    /// <summary>Data moves at 1 GB/s, so that a megabyte takes another millisecond.</summary>
    public const ulong BytesPerMicrosecond = 1000;

    /// <summary>A longer request fails with IOERR; it bounds the work that one request can cause. QEMU stops at 2 GiB.</summary>
    public const ulong RequestBytesMax = 1UL << 30;

    /// <summary>Length of the identity that GET_ID returns.</summary>
    public const int IdBytes = 20;

    private const ushort QueueSize = 256;
    private const int HeaderBytes = 16;
    private const int ConfigBytes = 60;
    private const int ConfigCapacity = 0;
    private const int ConfigSegMax = 12;
    private const int ConfigBlkSize = 20;
    private const int ConfigNumQueues = 34;

    private readonly IBlockBackend _backend;
    private readonly IGuestClock _clock;
    private readonly ScheduledEvent _completion;
    private readonly byte[] _config = new byte[ConfigBytes];
    private readonly byte[] _id = new byte[IdBytes];
    private readonly byte[] _transfer = new byte[64 * 1024];
    private readonly DescriptorChain _chain = new();
    private IVirtioTransport? _transport;
    private bool _inFlight;
    private ushort _head;
    private ulong _deadlineCycles;

    /// <param name="backend">Where the sectors live; the caller disposes of it.</param>
    /// <param name="clock">The machine's clock.</param>
    /// <param name="scheduler">Events on that clock.</param>
    /// <param name="serial">What GET_ID says: at most 20 ASCII characters, the rest is cut off.</param>
    public VirtioBlk(IBlockBackend backend, IGuestClock clock, EventScheduler scheduler, string serial = "")
    {
        _backend = backend;
        _clock = clock;
        _completion = scheduler.Create("virtio-blk.complete", Complete);
        Encoding.ASCII.GetBytes(serial.AsSpan(0, Math.Min(serial.Length, IdBytes)), _id);
        BinaryPrimitives.WriteUInt64LittleEndian(_config.AsSpan(ConfigCapacity), backend.CapacitySectors);

        // Two descriptors of a full queue are the header and the status.
        BinaryPrimitives.WriteUInt32LittleEndian(_config.AsSpan(ConfigSegMax), QueueSize - 2);
        BinaryPrimitives.WriteUInt32LittleEndian(_config.AsSpan(ConfigBlkSize), IBlockBackend.SectorSizeBytes);
        BinaryPrimitives.WriteUInt16LittleEndian(_config.AsSpan(ConfigNumQueues), 1);
    }

    /// <summary>How often the medium may have changed since the machine was made, for those who keep what they read of it.</summary>
    public ulong WriteCount { get; private set; }

    public string Name => "virtio-blk";

    public uint DeviceId => 2;

    public ulong Features => FeatureSegMax | FeatureBlkSize | FeatureFlush | (_backend.IsReadOnly ? FeatureRo : 0);

    public int QueueCount => 1;

    public ushort DefaultQueueSize => QueueSize;

    public void Connect(IVirtioTransport transport) => _transport = transport;

    public uint ReadConfig(int offset, int sizeBytes)
    {
        uint value = 0;
        for (int i = 0; i < sizeBytes; i++)
        {
            uint part = offset + i < ConfigBytes ? _config[offset + i] : 0xffu;
            value |= part << (8 * i);
        }

        return value;
    }

    public void WriteConfig(int offset, int sizeBytes, uint value)
    {
        // Nothing here can be written: CONFIG_WCE is not offered.
    }

    public void Notify(int queueIndex)
    {
        if (!_inFlight)
        {
            TakeNext();
        }
    }

    public void QueueStopped(int queueIndex) => Reset();

    public void Reset()
    {
        _inFlight = false;
        _head = 0;
        _deadlineCycles = 0;
        _completion.Cancel();
    }

    public VirtioBlkState Save() => new(_inFlight, _head, _deadlineCycles);

    public void Restore(VirtioBlkState state)
    {
        (_inFlight, _head, _deadlineCycles) = state;
        _completion.Cancel();
        if (_inFlight)
        {
            _completion.ScheduleAt(_deadlineCycles);
        }
    }

    private void TakeNext()
    {
        var transport = _transport!;
        var queue = transport.Queue(0);
        var found = queue.TryTake(transport.NegotiatedFeatures, out ushort head);
        if (found == RingStatus.Empty)
        {
            return;
        }

        if (found == RingStatus.Malformed || !TryReadRequest(head))
        {
            transport.Fail();
            return;
        }

        ulong dataBytes = Math.Min(_chain.ReadableBytes - HeaderBytes + _chain.WritableBytes - 1, RequestBytesMax);
        ulong cyclesPerMicrosecond = _clock.CyclesPerSecond / 1_000_000;
        _inFlight = true;
        _head = head;
        _deadlineCycles = _clock.NowCycles + FixedLatencyMicroseconds * cyclesPerMicrosecond
            + dataBytes * cyclesPerMicrosecond / BytesPerMicrosecond;
        _completion.ScheduleAt(_deadlineCycles);
    }

    private void Complete()
    {
        var transport = _transport!;
        ushort head = _head;
        _inFlight = false;
        _head = 0;
        _deadlineCycles = 0;

        // The chain is read again: between snapshot and restore only its head is kept, and the guest may have changed it.
        if (!TryReadRequest(head)
            || !TryExecute(out uint writtenBytes)
            || !transport.Queue(0).TryReturn(head, writtenBytes))
        {
            transport.Fail();
            return;
        }

        transport.NotifyUsed(0);
        TakeNext();
    }

    /// <summary>Collects the request's buffers; false if it lacks room for the header or the status.</summary>
    private bool TryReadRequest(ushort head)
    {
        var transport = _transport!;
        return transport.Queue(0).TryReadChain(head, transport.NegotiatedFeatures, _chain)
            && _chain.ReadableBytes >= HeaderBytes
            && _chain.WritableBytes >= 1;
    }

    /// <summary>Does the request and writes its status. False if a buffer turns out not to be RAM.</summary>
    private bool TryExecute(out uint writtenBytes)
    {
        writtenBytes = 0;
        var memory = _transport!.Memory;
        Span<byte> header = stackalloc byte[HeaderBytes];
        var readable = _chain.ReadableStart;
        if (!_chain.TryRead(memory, ref readable, header))
        {
            return false;
        }

        var type = (VirtioBlkRequest)BinaryPrimitives.ReadUInt32LittleEndian(header) & ~VirtioBlkRequest.Barrier;
        ulong sector = BinaryPrimitives.ReadUInt64LittleEndian(header[8..]);
        ulong inBytes = _chain.WritableBytes - 1;
        ulong outBytes = _chain.ReadableBytes - HeaderBytes;
        var status = VirtioBlkStatus.Unsupp;
        uint dataBytes = 0;
        bool reachable = true;
        switch (type)
        {
            case VirtioBlkRequest.In:
                reachable = TryReadSectors(sector, inBytes, ref dataBytes, out status);
                break;
            case VirtioBlkRequest.Out:
                reachable = TryWriteSectors(sector, outBytes, readable, out status);
                break;
            case VirtioBlkRequest.Flush:
                status = _backend.Flush() ? VirtioBlkStatus.Ok : VirtioBlkStatus.IoErr;
                break;
            case VirtioBlkRequest.GetId:
                dataBytes = (uint)Math.Min(inBytes, IdBytes);
                var writable = _chain.WritableStart;
                reachable = _chain.TryWrite(memory, ref writable, _id.AsSpan(0, (int)dataBytes));
                status = VirtioBlkStatus.Ok;
                break;
        }

        // Virtio "The Virtqueue Used Ring": the length counts bytes from the start without a gap, so the status byte
        // counts only if the data before it was written.
        writtenBytes = dataBytes == inBytes ? dataBytes + 1 : dataBytes;
        return reachable && _chain.TryWriteLastByte(memory, (byte)status);
    }

    private bool TryReadSectors(ulong sector, ulong lengthBytes, ref uint dataBytes, out VirtioBlkStatus status)
    {
        status = VirtioBlkStatus.IoErr;
        if (!IsTransferInside(sector, lengthBytes))
        {
            return true;
        }

        var cursor = _chain.WritableStart;
        while (dataBytes < lengthBytes)
        {
            var part = _transfer.AsSpan(0, (int)Math.Min(lengthBytes - dataBytes, (ulong)_transfer.Length));
            if (!_backend.Read(sector, part))
            {
                return true;
            }

            if (!_chain.TryWrite(_transport!.Memory, ref cursor, part))
            {
                return false;
            }

            dataBytes += (uint)part.Length;
            sector += (ulong)(part.Length / IBlockBackend.SectorSizeBytes);
        }

        status = VirtioBlkStatus.Ok;
        return true;
    }

    private bool TryWriteSectors(
        ulong sector,
        ulong lengthBytes,
        DescriptorChain.Cursor cursor,
        out VirtioBlkStatus status)
    {
        status = VirtioBlkStatus.IoErr;
        if (_backend.IsReadOnly || !IsTransferInside(sector, lengthBytes))
        {
            return true;
        }

        while (lengthBytes > 0)
        {
            var part = _transfer.AsSpan(0, (int)Math.Min(lengthBytes, (ulong)_transfer.Length));
            if (!_chain.TryRead(_transport!.Memory, ref cursor, part))
            {
                return false;
            }

            WriteCount++;
            if (!_backend.Write(sector, part))
            {
                return true;
            }

            lengthBytes -= (ulong)part.Length;
            sector += (ulong)(part.Length / IBlockBackend.SectorSizeBytes);
        }

        status = VirtioBlkStatus.Ok;
        return true;
    }

    private bool IsTransferInside(ulong sector, ulong lengthBytes) =>
        lengthBytes % IBlockBackend.SectorSizeBytes == 0
        && lengthBytes <= RequestBytesMax
        && sector <= _backend.CapacitySectors
        && lengthBytes / IBlockBackend.SectorSizeBytes <= _backend.CapacitySectors - sector;
}
