using RiscvXv6.Devices.Net.Wire;

namespace RiscvXv6.Devices.E1000;

/// <summary>The descriptors on the chip, and the DMA that fetches, uses and returns them.</summary>
internal sealed partial class ReceiveUnit
{
    /// <summary>SDM "Receive Descriptor Fetching": the chip holds 64 receive descriptors.</summary>
    private const int OnChipMax = 64;
    private const int OnChipBytes = OnChipMax * ReceiveDescriptor.SizeBytes;

    private const ulong Never = ulong.MaxValue;

    private readonly DmaChannel _fetch;
    private readonly DmaChannel _payload;
    private readonly DmaChannel _writeBack;
    private readonly OnChipDescriptor[] _chip = new OnChipDescriptor[OnChipMax];

    /// <summary>The ring that is in use: the registers when it was taken up.</summary>
    private ulong _ringBase;
    private int _ringCount;

    /// <summary>
    /// RCTL's buffer size while it was last enabled: who stops the receiver with a zero has not made the buffers
    /// larger.
    /// </summary>
    private int _bufferBytes;

    /// <summary>
    /// Place of the descriptor at RDH, then how many from it on are used, and how many follow unused.
    /// </summary>
    private int _first;
    private int _used;
    private int _unused;

    /// <summary>
    /// Of those used: how many are on their way back, are to go back whatever the threshold, and are flushed for an
    /// interrupt.
    /// </summary>
    private int _returning;
    private int _due;
    private int _flushing;

    /// <summary>Descriptors that a fetch will bring, and bytes that a payload transfer moves.</summary>
    private int _fetching;
    private int _storing;

    /// <summary>Transfers whose end means nothing any more, for the ring was changed or the receiver stopped.</summary>
    private bool _isFetchStale;
    private bool _isPayloadStale;
    private bool _isReturnStale;

    /// <summary>A fetch found no memory; it is not tried again before something changes.</summary>
    private bool _isRingBroken;

    /// <summary>RCTL.EN is off, and the frame that was on its way to memory goes on.</summary>
    private bool _isDraining;

    /// <summary>
    /// The oldest frame's account: since when it waits for a fetch, for how long it did, when its payload was first
    /// wanted.
    /// </summary>
    private ulong _stallCycle = Never;
    private ulong _stalledCycles;
    private ulong _wantedCycle = Never;
    private bool _hasFaulted;

    private bool IsHeadInProgress => _fifo.Count > 0 && (_storing > 0 || _fifo.HeadReleasedBytes > 0);

    private int HeadIndex => (int)_registers[E1000Register.Rdh];

    /// <summary>RDT was written.</summary>
    public void TailWritten()
    {
        _isRingBroken = false;
        Pump();
    }

    /// <summary>
    /// RDBAL, RDBAH, RDLEN or RDH was written. While they are in use, all that is on the chip is forgotten.
    /// </summary>
    public void RingWritten()
    {
        bool isInUse = IsEnabled || _isDraining || _used > 0 || _fetch.IsBusy || _payload.IsBusy || _writeBack.IsBusy;
        if (!isInUse)
        {
            return;
        }

        Forget();
        Pump();
    }

    /// <summary>
    /// RCTL.EN was set: only now the ring registers mean something, in whatever order they were written.
    /// </summary>
    private void Start()
    {
        if (!_isDraining && _used == 0)
        {
            TakeUpRing();
        }

        _isDraining = false;
        _isRingBroken = false;
        Pump();
    }

    /// <summary>
    /// SDM "Receive Control Register": clearing EN stops reception after the packet in progress. What waits in the
    /// FIFO is dropped.
    /// </summary>
    private void Stop()
    {
        _isFetchStale |= _fetching > 0;
        _fetching = 0;
        _stallCycle = Never;
        _isDraining = _storing > 0;
        if (_isDraining)
        {
            _fifo.KeepHeadOnly();
        }
        else
        {
            EndFrame();
            _fifo.Clear();
            _unused = 0;
        }

        FlowControl.OccupancyChanged(_fifo.OccupiedBytes);
        _due = _used;
        Pump();
    }

    /// <summary>Does whatever can be done now: each stream of DMA goes on by itself.</summary>
    private void Pump()
    {
        StoreHead();
        Fetch();
        ReturnUsed();
    }

    /// <summary>
    /// The descriptors that the guest has handed over and that are neither on the chip nor on their way.
    /// </summary>
    private int Available()
    {
        int head = HeadIndex;
        int tail = (int)_registers[E1000Register.Rdt];
        if (head >= _ringCount || tail >= _ringCount)
        {
            return 0;
        }

        return Math.Max(0, OwnedFrom(head, tail) - _used - _unused - _fetching);
    }

    private int OwnedFrom(int head, int tail) => tail >= head ? tail - head : tail - head + _ringCount;

    /// <summary>Descriptors for frames that have not begun to go to memory.</summary>
    private int UnusedDescriptors() => _unused - (_storing > 0 ? 1 : 0) + _fetching + Available();

    /// <summary>SDM "Receive Descriptor Fetching": at once if the chip has none, or ahead, as RXDCTL says.</summary>
    private void Fetch()
    {
        if (!IsEnabled || _fetch.IsBusy || _isRingBroken)
        {
            return;
        }

        int available = Available();
        int room = OnChipMax - _used - _unused;
        uint rxdctl = (uint)_registers[E1000Register.Rxdctl];
        bool isWanted = _unused == 0
            || (_unused < Rxdctl.Descriptors(rxdctl, Rxdctl.PrefetchShift)
                && available >= Rxdctl.Descriptors(rxdctl, Rxdctl.HostShift));
        if (available == 0 || room == 0 || !isWanted)
        {
            return;
        }

        int next = (HeadIndex + _used + _unused) % _ringCount;
        _fetching = Math.Min(Math.Min(available, room), _ringCount - next);
        _fetch.Read(AddressOf(next), 0, _fetching * ReceiveDescriptor.SizeBytes);
        if (_unused == 0 && _fifo.Count > 0)
        {
            BeginStall();
        }
    }

    private void OnFetched(bool moved)
    {
        int fetched = _fetching;
        _fetching = 0;
        if (_isFetchStale)
        {
            _isFetchStale = false;
            Pump();
            return;
        }

        EndStall();

        if (!moved)
        {
            _isRingBroken = true;
            _advice.Tell(DriverMistake.ReceiveRingNotMemory, _ringBase);
            return;
        }

        int firstIndex = HeadIndex + _used + _unused;
        for (int index = 0; index < fetched; index++)
        {
            var descriptor = ReceiveDescriptor.Read(_fetch.Buffer[(index * ReceiveDescriptor.SizeBytes)..]);
            Chip(_used + _unused) = new OnChipDescriptor(descriptor, -1, false, 0, default);
            _unused++;
            if ((descriptor.Status & ReceiveStatus.DescriptorDone) != 0)
            {
                _advice.Tell(
                    DriverMistake.ReceiveDescriptorStatusNotCleared,
                    (ulong)((firstIndex + index) % _ringCount),
                    descriptor.Status);
            }
        }

        Pump();
    }

    /// <summary>Begins to move the oldest frame, or its next part, into the next descriptor's buffer.</summary>
    private void StoreHead()
    {
        if (_payload.IsBusy || _fifo.Count == 0)
        {
            return;
        }

        while (_unused > 0 && Chip(_used).Descriptor.IsNull)
        {
            _advice.Tell(DriverMistake.ReceiveBufferNull, (ulong)IndexOf(_used));
            ref var slot = ref Chip(_used);
            slot = slot with { Descriptor = slot.Descriptor.SkippedAsNull(), UsedCycle = _clock.NowCycles };
            Use();
        }

        if (_unused == 0)
        {
            AwaitDescriptor();
            return;
        }

        int bytes = Math.Min(_bufferBytes, _fifo.Head.LengthBytes - _fifo.HeadReleasedBytes);
        _fifo.CopyHead(_payload.Buffer[..bytes]);
        _storing = bytes;
        _payload.Write(Chip(_used).Descriptor.Address, 0, bytes);
        if (_wantedCycle == Never)
        {
            _wantedCycle = _clock.NowCycles;
        }
    }

    /// <summary>
    /// The oldest frame waits in the FIFO: SDM "Receive No Buffers Count". What the driver could hand over again must
    /// not be held back by then.
    /// </summary>
    private void AwaitDescriptor()
    {
        if (_isDraining)
        {
            EndFrame();
            _fifo.Clear();
            _isDraining = false;
            _due = _used;
            return;
        }

        if (_fetching > 0)
        {
            BeginStall();
            return;
        }

        if (Available() > 0 && !_isRingBroken)
        {
            return;
        }

        _due = _used;
        if (!_fifo.Head.HadNoBuffer)
        {
            _fifo.MarkHeadWithoutBuffer();
            _statistics.Count(E1000Register.Rnbc);
            _watch.ReceiveStarved();
        }
    }

    private void OnPayloadStored(bool moved)
    {
        int bytes = _storing;
        _storing = 0;
        if (_isPayloadStale)
        {
            _isPayloadStale = false;
            Pump();
            return;
        }

        ref var slot = ref Chip(_used);
        if (!moved)
        {
            _hasFaulted = true;
            _advice.Tell(DriverMistake.ReceiveBufferNotMemory, (ulong)IndexOf(_used), slot.Descriptor.Address);
        }

        _fifo.ReleaseHead(bytes);
        ref readonly var packet = ref _fifo.Head;
        bool isEnd = _fifo.HeadReleasedBytes == packet.LengthBytes;
        slot = isEnd
            ? new OnChipDescriptor(
                slot.Descriptor.Ended(bytes, packet), packet.LengthBytes, false, _clock.NowCycles, Account(packet))
            : slot with { Descriptor = slot.Descriptor.Filled(bytes), UsedCycle = _clock.NowCycles };
        if (isEnd)
        {
            _fifo.RemoveHead();
            EndFrame();
        }

        FlowControl.OccupancyChanged(_fifo.OccupiedBytes);
        Use();
        if (isEnd && _isDraining)
        {
            _isDraining = false;
            _unused = 0;
            _due = _used;
        }

        if (isEnd && _due < _used)
        {
            // Held back by the threshold: the timers start now, for nothing else would bring the descriptor back.
            int length = slot.FrameBytes;
            slot = slot with { IsReported = true };
            _interrupts.ReceiveReported(length);
        }

        Pump();
    }

    /// <summary>The account of the oldest frame, whose last byte is in memory.</summary>
    private PacketRecord Account(in ReceivedPacket packet)
    {
        var times = packet.Times;
        ulong stored = _clock.NowCycles - _wantedCycle;
        var stages = new StageCycles(
            Queue: times.WireCycle - times.QueuedCycle,
            DescriptorFetch: _stalledCycles,
            PayloadDma: stored,
            Fifo: _clock.NowCycles - times.LastBitCycle - _stalledCycles - stored,
            Wire: times.LastBitCycle - times.WireCycle,
            WriteBack: 0,
            InterruptDelay: 0);
        return new PacketRecord(
            PacketDirection.Receive,
            -1,
            packet.WireBytes - FrameCheckSequence.SizeBytes,
            times.QueuedCycle,
            0,
            stages,
            _hasFaulted ? PacketDrop.DmaFault : PacketDrop.None);
    }

    /// <summary>The oldest frame waits for a fetch.</summary>
    private void BeginStall() => _stallCycle = Math.Min(_stallCycle, _clock.NowCycles);

    private void EndStall()
    {
        if (_stallCycle != Never)
        {
            ulong cycles = _clock.NowCycles - _stallCycle;
            _stalledCycles += cycles;
            _wantedCycle += _wantedCycle == Never ? 0 : cycles;
            _stallCycle = Never;
        }
    }

    /// <summary>The oldest frame is done with, one way or the other.</summary>
    private void EndFrame()
    {
        _stallCycle = Never;
        _stalledCycles = 0;
        _wantedCycle = Never;
        _hasFaulted = false;
    }

    private ref OnChipDescriptor Chip(int index) => ref _chip[(_first + index) % OnChipMax];

    private int IndexOf(int onChip) => (HeadIndex + onChip) % Math.Max(1, _ringCount);

    private ulong AddressOf(int descriptorIndex) => _ringBase + (ulong)descriptorIndex * ReceiveDescriptor.SizeBytes;
}
