using RiscvXv6.Devices.Net;

namespace RiscvXv6.Devices.E1000;

/// <summary>From descriptors on the chip to frames in the FIFO.</summary>
internal sealed partial class TransmitUnit
{
    private const int PaddedBytes = 64;

    /// <summary>
    /// HDRLEN has 8 bits; of the chip's buffer for prototype headers (240 bytes) it is not known what a longer one
    /// does.
    /// </summary>
    private const int HeaderBytesMax = 255;

    private readonly byte[] _header = new byte[HeaderBytesMax];
    private TransmitStep _step;
    private OnChipTransmitDescriptor _present;
    private bool _isPresentStale;
    private int _left;
    private ulong _leftAddress;
    private int _fetching;
    private OpenPacket _packet;
    private TransmitContext _checksumContext;
    private TransmitContext _segmentationContext;

    private bool IsVlanMode => (_registers[E1000Register.Ctrl] & Ctrl.VlanMode) != 0;

    private bool IsTagged => IsVlanMode && TagSource.WantsVlanTag;

    /// <summary>
    /// SDM "TCP/IP Data Descriptor Command Field": tag and check sequence are as the packet's last descriptor says, of
    /// a segmentation as the first.
    /// </summary>
    private TransmitDescriptor TagSource => _packet.IsSegmented ? _packet.First : _present.Descriptor;

    /// <summary>
    /// Of a segmentation, the bytes that the present segment will have; at its end it leaves.
    /// </summary>
    private int SegmentEnd =>
        _packet.Context.HeaderBytes
        + Math.Min(_packet.Context.SegmentBytes, _packet.Context.PayloadBytes - _packet.PayloadDone);

    /// <summary>Goes on with the present descriptor, or begins the next one.</summary>
    /// <returns>False if that has to wait.</returns>
    private bool Process()
    {
        if (_step == TransmitStep.Fetching || !IsRunning)
        {
            return false;
        }

        if (_step == TransmitStep.Idle)
        {
            if (_onChip.Count == 0 || _statuses.IsFull)
            {
                return false;
            }

            _present = _onChip.Take();
            Begin();
            return true;
        }

        return FetchPayload();
    }

    private void Begin()
    {
        var descriptor = _present.Descriptor;
        if (descriptor.IsDone && descriptor.WantsStatus)
        {
            _advice.Tell(DriverMistake.TransmitDescriptorAlreadyDone, (ulong)_present.Index);
        }

        if (descriptor.Kind == TransmitDescriptorKind.Context)
        {
            var context = new TransmitContext(descriptor.Low, descriptor.High);
            (context.IsSegmentation ? ref _segmentationContext : ref _checksumContext) = context;
        }
        else if (!_packet.IsOpen && descriptor.Kind != TransmitDescriptorKind.Reserved)
        {
            OpenPacket(descriptor);
        }

        _left = descriptor.LengthBytes;
        _leftAddress = descriptor.Address;
        _step = TransmitStep.Waiting;
    }

    private void OpenPacket(in TransmitDescriptor first)
    {
        ulong waitedForFetch = _present.FetchCycle > _present.TailCycle ? _present.FetchCycle - _present.TailCycle : 0;
        _packet = new OpenPacket
        {
            IsOpen = true,
            First = first,
            IsSegmented = first.IsSegmented,
            Context = _segmentationContext,
            LastSegment = TransmitAccounts.None,
            FirstCycle = Math.Min(_present.TailCycle, _present.FetchCycle),
            QueueCycles = waitedForFetch + (_clock.NowCycles - _present.FetchedCycle),
            FetchCycles = _present.FetchedCycle - _present.FetchCycle,
            BegunCycle = _clock.NowCycles,
        };
        if (first.IsSegmented && !IsSegmentationPossible())
        {
            _packet.Drop = PacketDrop.BadDescriptor;
        }
    }

    /// <summary>
    /// SDM "TCP/IP Context Descriptor Layout": "the sum of MSS + HDRLEN must be at least 80 bytes less than the
    /// allocated size of the transmit FIFO".
    /// </summary>
    private bool IsSegmentationPossible() =>
        _packet.Context is { SegmentBytes: > 0, PayloadBytes: > 0, HeaderBytes: > 0 }
        && _packet.Context.HeaderBytes + _packet.Context.SegmentBytes <= LongestBytes;

    /// <summary>Asks for the next of the present descriptor's bytes, or ends it.</summary>
    /// <returns>False if it has to wait.</returns>
    private bool FetchPayload()
    {
        if (_left > 0
            && _packet.Drop == PacketDrop.None
            && _packet.IsSegmented
            && _packet.PayloadDone == _packet.Context.PayloadBytes)
        {
            _packet.IsTooMuch = true;
            _left = 0;
        }

        int wanted = _packet.IsSegmented ? Math.Min(_left, NextSegmentBoundary() - _packet.Length) : _left;
        if (_packet.Drop == PacketDrop.None && _packet.Length + wanted > LongestBytes)
        {
            _packet.Drop = PacketDrop.TooLong;
        }

        if (_left == 0 || _packet.Drop != PacketDrop.None)
        {
            EndDescriptor();
            return true;
        }

        int tagBytes = IsVlanMode ? TransmitOffload.VlanTagBytes : 0;
        int bytes = (_packet.IsSegmented ? SegmentEnd : _packet.Length + wanted) + tagBytes;
        if (!_fifo.HasRoom(Math.Max(bytes, PaddedBytes), FifoBytes))
        {
            return false;
        }

        _step = TransmitStep.Fetching;
        _fetching = wanted;
        _payload.Read(_leftAddress, _packet.Length, wanted);
        return false;
    }

    /// <summary>
    /// A segmentation's first bytes are the prototype header; what follows is cut where segments end.
    /// </summary>
    private int NextSegmentBoundary() =>
        _packet.Length < _packet.Context.HeaderBytes ? _packet.Context.HeaderBytes : SegmentEnd;

    private void OnPayloadFetched(bool ok)
    {
        _step = TransmitStep.Waiting;
        if (_isPresentStale)
        {
            _isPresentStale = false;
            _step = TransmitStep.Idle;
            _packet = default;
        }
        else if (ok)
        {
            _packet.Length += _fetching;
            _left -= _fetching;
            _leftAddress += (ulong)_fetching;
            if (_packet.IsSegmented)
            {
                EndSegmentPart();
            }
        }
        else
        {
            _packet.Drop = PacketDrop.DmaFault;
            _advice.Tell(DriverMistake.TransmitBufferNotMemory, (ulong)_present.Index, _leftAddress);
        }

        Pump();
    }

    /// <summary>Keeps a prototype header that is complete, and lets a segment go that is.</summary>
    private void EndSegmentPart()
    {
        int headerBytes = _packet.Context.HeaderBytes;
        if (_packet.Length == headerBytes)
        {
            _payload.Buffer[..headerBytes].CopyTo(_header);
            return;
        }

        if (_packet.Length < headerBytes || _packet.Length < SegmentEnd)
        {
            return;
        }

        bool isTransport = _packet.First.WantsTransportChecksum;
        int payloadBytes = _packet.Length - headerBytes;
        bool isLast = _packet.PayloadDone + payloadBytes == _packet.Context.PayloadBytes;
        var segment = _payload.Buffer[.._packet.Length];
        TransmitOffload.UpdateHeaders(segment, _packet.Context, _packet.Segments, isLast, isTransport);
        TransmitOffload.InsertByContext(segment, _packet.Context, _packet.First.WantsIPChecksum, isTransport);
        EnterFifo();
        _packet.Segments++;
        _packet.PayloadDone += payloadBytes;
        _packet.Length = headerBytes;
        _packet.FirstCycle = _clock.NowCycles;
        _packet.QueueCycles = 0;
        _packet.FetchCycles = 0;
        _packet.BegunCycle = _clock.NowCycles;
        _header.AsSpan(0, headerBytes).CopyTo(_payload.Buffer);
    }

    /// <summary>All of the present descriptor is in the FIFO, or will never be.</summary>
    private void EndDescriptor()
    {
        var descriptor = _present.Descriptor;
        _step = TransmitStep.Idle;
        ulong number = TransmitAccounts.None;
        if (descriptor.IsEndOfPacket)
        {
            number = EndPacket();
            _packet = default;
        }

        Report(descriptor, number);
        if (RingDescriptors == 0)
        {
            return;
        }

        ref ulong head = ref _registers[E1000Register.Tdh];
        head = (head + 1) % (ulong)RingDescriptors;
        if (!IsRingUsable)
        {
            return;
        }

        int left = Distance(Head, Tail);
        var causes = left == 0 ? InterruptCauses.TransmitQueueEmpty : InterruptCauses.None;
        if (left == Txdctl.LowDescriptors(Thresholds))
        {
            causes |= InterruptCauses.TransmitDescriptorLow;
        }

        if (causes != InterruptCauses.None)
        {
            _interrupts.Raise(causes);
        }

        TellOfOpenPacket();
    }

    /// <returns>The packet's account; none if it has been closed or there was no packet.</returns>
    private ulong EndPacket()
    {
        if (_packet.IsSegmented)
        {
            return EndSegmentation();
        }

        if (_packet.Drop != PacketDrop.None)
        {
            CloseDropped(_packet.Drop);
            return TransmitAccounts.None;
        }

        if (_packet.Length == 0)
        {
            return TransmitAccounts.None;
        }

        var frame = _payload.Buffer[.._packet.Length];
        TransmitOffload.InsertLegacy(frame, _present.Descriptor);
        TransmitOffload.InsertByContext(
            frame, _checksumContext, _packet.First.WantsIPChecksum, _packet.First.WantsTransportChecksum);
        return EnterFifo();
    }

    /// <summary>
    /// SDM "TCP/IP Data Descriptor Command Field", EOP: lengths that do not match PAYLEN end the segmentation and
    /// count in TSCTFC. What was cut before has left; a last segment that is not complete does not.
    /// </summary>
    private ulong EndSegmentation()
    {
        bool isComplete = _packet.Drop == PacketDrop.None
            && !_packet.IsTooMuch
            && _packet.PayloadDone == _packet.Context.PayloadBytes;
        _statistics.Count(isComplete ? E1000Register.Tsctc : E1000Register.Tsctfc);
        if (!isComplete && !_packet.IsTooMuch)
        {
            CloseDropped(_packet.Drop == PacketDrop.None ? PacketDrop.BadDescriptor : _packet.Drop);
        }

        return _packet.LastSegment;
    }

    /// <summary>Tag, padding and check sequence, and into the FIFO.</summary>
    /// <returns>The account.</returns>
    private ulong EnterFifo()
    {
        int length = _packet.Length;
        bool isTagged = IsTagged;
        if (isTagged)
        {
            length = TransmitOffload.InsertVlanTag(
                _payload.Buffer, length, (ushort)_registers[E1000Register.Vet], TagSource.Special);
        }

        // A tag brings the check sequence with it (SDM "TCP/IP Data Descriptor Command Field", VLE).
        var flags = FrameFlags.None;
        if (!TagSource.WantsFcs && !isTagged)
        {
            _advice.Tell(DriverMistake.FrameCheckSequenceNotInserted, (ulong)_present.Index);
            flags = _fidelity == E1000Fidelity.Hardware ? FrameFlags.MissingFcs : FrameFlags.None;
        }

        int shortest = flags == FrameFlags.None ? PaddedBytes - WireTransmitter.FcsBytes : PaddedBytes;
        if (length < shortest && (_registers[E1000Register.Tctl] & Tctl.PadShortPackets) != 0)
        {
            _payload.Buffer[length..shortest].Clear();
            length = shortest;
        }

        ulong number = _accounts.Open(new OpenAccount
        {
            DescriptorIndex = _present.Index,
            LengthBytes = length,
            FirstCycle = _packet.FirstCycle,
            LastCycle = _clock.NowCycles,
            Queue = _packet.QueueCycles,
            DescriptorFetch = _packet.FetchCycles,
            PayloadDma = _clock.NowCycles - _packet.BegunCycle,
        });
        _packet.LastSegment = number;
        _fifo.Add(_payload.Buffer[..length], new FifoFrame(length, flags, _present.Index, number, _clock.NowCycles));
        _wire.Start();
        return number;
    }

    private void CloseDropped(PacketDrop reason) => _journal.Complete(
        new PacketRecord(
            PacketDirection.Transmit,
            _present.Index,
            _packet.Length,
            _packet.FirstCycle,
            _clock.NowCycles,
            default,
            reason),
        PacketJournal.NotReported);
}
