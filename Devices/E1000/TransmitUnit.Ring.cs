using System.Buffers.Binary;

namespace RiscvXv6.Devices.E1000;

/// <summary>Descriptors on their way to the chip (SDM "Transmit Descriptor Fetching").</summary>
internal sealed partial class TransmitUnit
{
    private const int TailsMax = 64;

    private readonly BoundedQueue<OnChipTransmitDescriptor> _onChip = new(OnChipMax);
    private readonly BoundedQueue<TailWrite> _tails = new(TailsMax);
    private int _knownTail;
    private int _fetchIndex;
    private int _fetchCount;
    private bool _isFetchStale;
    private bool _isHalted;

    private bool IsRingUsable => Head < RingDescriptors && Tail < RingDescriptors;

    /// <summary>
    /// TDT was written: descriptors before it are the hardware's; those that are not any more are forgotten.
    /// </summary>
    public void TailWritten()
    {
        _isHalted = false;
        if (!IsRingUsable)
        {
            if (RingDescriptors != 0 && Tail >= RingDescriptors)
            {
                _advice.Tell(DriverMistake.TransmitTailOutsideRing, (ulong)Tail, (ulong)RingDescriptors);
            }

            return;
        }

        int owned = Distance(Head, Tail);
        int begun = _step == TransmitStep.Idle || _isPresentStale ? 0 : 1;
        int fetched = begun + _onChip.Count + (_isFetchStale ? 0 : _fetchCount);
        if (owned < fetched)
        {
            TakeBack(Math.Max(owned - begun, 0));
            if (owned < begun)
            {
                AbandonPresent();
            }
        }

        NoteTail();
        Pump();
        TellOfOpenPacket();
    }

    /// <summary>TDBAL, TDBAH, TDLEN or TDH was written: what the chip knows of the ring is worth nothing.</summary>
    public void RingWritten()
    {
        _isHalted = false;
        TakeBack(0);
        AbandonPresent();
        ForgetStatuses();
        _fetchIndex = Head;
        _knownTail = Head;
        _tails.Clear();
        if (IsRingUsable)
        {
            NoteTail();
        }

        Pump();
    }

    /// <summary>From one entry of the ring to another, the way the hardware goes.</summary>
    private int Distance(int from, int to) => to >= from ? to - from : to - from + RingDescriptors;

    /// <summary>Forgets all but so many descriptors that the chip has fetched, or is fetching, and not begun.</summary>
    private void TakeBack(int keep)
    {
        int kept = Math.Min(keep, _onChip.Count);
        _onChip.Truncate(kept);
        _fetchCount = _isFetchStale ? 0 : Math.Min(_fetchCount, keep - kept);
        _isFetchStale = _fetch.IsBusy && _fetchCount == 0;
        _tails.Clear();
        if (IsRingUsable)
        {
            int begun = _step == TransmitStep.Idle || _isPresentStale ? 0 : 1;
            int owned = Distance(Head, Tail);
            _fetchIndex = (Head + Math.Min(begun + kept, owned)) % RingDescriptors;
            _knownTail = (Head + Math.Min(begun + kept + _fetchCount, owned)) % RingDescriptors;
        }
    }

    /// <summary>
    /// The present descriptor is the driver's again, and with it the packet: what is being fetched comes to nothing.
    /// </summary>
    private void AbandonPresent()
    {
        _isPresentStale = _step == TransmitStep.Fetching;
        if (!_isPresentStale)
        {
            _step = TransmitStep.Idle;
            _packet = default;
        }
    }

    /// <summary>
    /// Remembers when descriptors were given, for the packets' accounts. If there are too many stores, the last ones
    /// count as one.
    /// </summary>
    private void NoteTail()
    {
        int given = Distance(_knownTail % RingDescriptors, Tail);
        _knownTail = Tail;
        if (given == 0)
        {
            return;
        }

        if (_tails.IsFull)
        {
            ref var last = ref _tails[TailsMax - 1];
            last = last with { Descriptors = last.Descriptors + given };
        }
        else
        {
            _tails.Add(new TailWrite(given, _clock.NowCycles));
        }
    }

    private ulong TakeTailCycle()
    {
        if (_tails.Count == 0)
        {
            return _fetch.RequestedCycle;
        }

        ref var first = ref _tails[0];
        ulong cycle = first.Cycle;
        first = first with { Descriptors = first.Descriptors - 1 };
        if (first.Descriptors == 0)
        {
            _tails.Take();
        }

        return cycle;
    }

    private void Fetch()
    {
        if (_fetch.IsBusy || _isHalted || !IsRunning || !IsRingUsable)
        {
            return;
        }

        int available = Distance(_fetchIndex, Tail);
        int room = OnChipMax - _onChip.Count - _statuses.Count - (_step == TransmitStep.Idle ? 0 : 1);
        if (available == 0 || room <= 0)
        {
            return;
        }

        bool isPrefetch = _onChip.Count > 0;
        if (isPrefetch
            && (_onChip.Count >= Txdctl.PrefetchDescriptors(Thresholds)
                || available < Txdctl.HostDescriptors(Thresholds)))
        {
            return;
        }

        _fetchCount = Math.Min(Math.Min(available, room), RingDescriptors - _fetchIndex);
        _isFetchStale = false;
        ulong address = RingAddress + (ulong)(_fetchIndex * TransmitDescriptor.SizeBytes);
        _fetch.Read(address, 0, _fetchCount * TransmitDescriptor.SizeBytes);
    }

    private void OnFetched(bool ok)
    {
        int count = _fetchCount;
        _fetchCount = 0;
        if (_isFetchStale)
        {
            _isFetchStale = false;
        }
        else if (!ok)
        {
            _isHalted = true;
            _advice.Tell(DriverMistake.TransmitRingNotMemory, RingAddress);
        }
        else
        {
            for (int index = 0; index < count; index++)
            {
                var bytes = _fetch.Buffer.Slice(index * TransmitDescriptor.SizeBytes, TransmitDescriptor.SizeBytes);
                var descriptor = new TransmitDescriptor(
                    BinaryPrimitives.ReadUInt64LittleEndian(bytes),
                    BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]));
                _onChip.Add(new OnChipTransmitDescriptor(
                    descriptor, _fetchIndex, TakeTailCycle(), _fetch.StartedCycle, _clock.NowCycles));
                _fetchIndex = (_fetchIndex + 1) % RingDescriptors;
            }
        }

        Pump();
    }

    /// <summary>Nothing is left to do, and the packet has no end: the driver forgot it.</summary>
    private void TellOfOpenPacket()
    {
        if (_packet.IsOpen && _step == TransmitStep.Idle && Head == Tail)
        {
            _advice.Tell(DriverMistake.EndOfPacketMissing, (ulong)((Tail == 0 ? RingDescriptors : Tail) - 1));
        }
    }
}
