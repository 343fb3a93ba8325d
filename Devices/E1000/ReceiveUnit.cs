using System.Buffers.Binary;
using RiscvXv6.Devices.Net;
using RiscvXv6.Devices.Net.Wire;
using RiscvXv6.Devices.Registers;
using RiscvXv6.Devices.State;
using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Devices.E1000;

/// <summary>
/// From the last bit on the wire to a descriptor in memory with DD: filters, the FIFO, the descriptors on the chip, and
/// the three streams of DMA (fetch, payload, write-back), which go on independently.
/// </summary>
/// <remarks>
/// The ring belongs to the hardware from RDH to before RDT. On the chip are its first descriptors: some used, of which
/// the first may be on their way back, then some fetched and not used yet. RDH moves when a write-back has ended.
/// Deviation: RDT, or RDH, outside the ring hands nothing over; the chip would run round the ring for ever.
/// </remarks>
internal sealed partial class ReceiveUnit : IStateful<ReceiveUnitState>
{
    /// <summary>
    /// SDM "Receive Length Error Count": longest frames without and with RCTL.LPE, check sequence included.
    /// </summary>
    private const int FrameBytesMax = 1522;
    private const int LongFrameBytesMax = 16384;
    private const int FrameBytesMin = 64;

    private readonly RegisterFile<E1000Register> _registers;
    private readonly IGuestClock _clock;
    private readonly Statistics _statistics;
    private readonly InterruptUnit _interrupts;
    private readonly PacketJournal _journal;
    private readonly DriverAdvice _advice;
    private readonly DriverWatch _watch;
    private readonly LinkUnit _link;
    private readonly ReceiveFilter _filter;
    private readonly PacketBuffer _fifo = new();

    public ReceiveUnit(E1000Context context)
    {
        _registers = context.Registers;
        _clock = context.Clock;
        _statistics = context.Statistics;
        _interrupts = context.Interrupts;
        _journal = context.Journal;
        _advice = context.Advice;
        _watch = context.Watch;
        _link = context.Link;
        _filter = new ReceiveFilter(_registers);
        FlowControl = new FlowControl(_registers, _statistics, _filter);
        _fetch = context.Dma.CreateChannel(
            $"{context.Name}.rx-fetch", DmaPurpose.ReceiveDescriptorFetch, OnChipBytes, OnFetched);
        _payload = context.Dma.CreateChannel(
            $"{context.Name}.rx-payload", DmaPurpose.ReceivePayload, LongFrameBytesMax, OnPayloadStored);
        _writeBack = context.Dma.CreateChannel(
            $"{context.Name}.rx-write-back", DmaPurpose.ReceiveWriteBack, OnChipBytes, OnWrittenBack);
        _interrupts.ReceiveFlushRequested = Flush;
    }

    public FlowControl FlowControl { get; }

    private bool IsEnabled => (_registers[E1000Register.Rctl] & Rctl.Enable) != 0;

    /// <summary>RCTL was written.</summary>
    public void ControlWritten(uint old)
    {
        bool wasEnabled = (old & Rctl.Enable) != 0;
        if (IsEnabled)
        {
            _bufferBytes = Rctl.BufferBytes((uint)_registers[E1000Register.Rctl]);
        }

        if (IsEnabled && !wasEnabled)
        {
            Start();
        }
        else if (!IsEnabled && wasEnabled)
        {
            Stop();
        }
    }

    /// <summary>A frame's last bit has arrived, now.</summary>
    /// <param name="frame">Without check sequence, unless the flags say that its last bytes stand in its place.</param>
    /// <param name="flags">What is wrong with it.</param>
    /// <param name="times">When it passed where.</param>
    public void FrameArrived(ReadOnlySpan<byte> frame, FrameFlags flags, in ArrivalTimes times)
    {
        var data = frame;
        Span<byte> checkSequence = stackalloc byte[FrameCheckSequence.SizeBytes];
        bool isStrippedOfIt = (_registers[E1000Register.Rctl] & Rctl.StripCheckSequence) != 0;
        bool isGood = SeparateCheckSequence(ref data, flags, checkSequence, isWanted: !isStrippedOfIt);
        int wireBytes = data.Length + FrameCheckSequence.SizeBytes;
        var drop = IsEnabled ? Judge(data, wireBytes, isGood, out bool isInexact) : Disabled(out isInexact);
        if (drop != PacketDrop.None)
        {
            RecordDrop(data.Length, times, drop);
            return;
        }

        uint rxcsum = (uint)_registers[E1000Register.Rxcsum];
        bool isTagged = _filter.IsTagged(data);
        bool isStripped = isTagged && (_registers[E1000Register.Ctrl] & Ctrl.VlanMode) != 0;
        var start = isStripped ? data[..ReceiveFilter.TypeOffset] : data;
        var middle = isStripped ? data[(ReceiveFilter.TypeOffset + VlanTag.SizeBytes)..] : [];
        var end = isStrippedOfIt ? [] : (ReadOnlySpan<byte>)checkSequence;
        int typeOffset = ReceiveFilter.TypeOffset + (isTagged ? VlanTag.SizeBytes : 0);
        byte errors = ReceiveErrors.CrcError;
        byte status = isGood
            ? ReceiveChecksum.Judge(data, typeOffset, rxcsum, out errors)
            : ReceiveStatus.IgnoreChecksum;
        status |= isStripped ? ReceiveStatus.VlanPacket : (byte)0;
        status |= isInexact ? ReceiveStatus.PassedInexactFilter : (byte)0;
        bool isControl = isGood && FlowControl.Recognise(data) != ControlFrame.None;
        bool hasNoBuffer = !isControl && UnusedDescriptors() == 0;
        if (hasNoBuffer)
        {
            _statistics.Count(E1000Register.Rnbc);
            _watch.ReceiveStarved();
        }

        int startOffset = (int)(rxcsum & Rxcsum.PacketChecksumStartMask);
        var packet = new ReceivedPacket(
            start.Length + middle.Length + end.Length,
            wireBytes,
            status,
            errors,
            ReceiveChecksum.PacketChecksum(startOffset, start, middle, end),
            isStripped ? VlanTag.Control(data[ReceiveFilter.TypeOffset..]) : (ushort)0,
            flags,
            hasNoBuffer || isControl,
            times);
        _fifo.Add(packet, start, middle, end);
        FlowControl.OccupancyChanged(_fifo.OccupiedBytes);
        Pump();
    }

    /// <summary>A frame of our own transmitter's has turned round; it is as short as it was sent.</summary>
    public void FrameLoopedBack(ReadOnlySpan<byte> frame, FrameFlags flags)
    {
        ulong bytes = (ulong)(WireReceiver.PreambleBytes + frame.Length + FrameCheckSequence.SizeBytes);
        ulong start = _clock.NowCycles - Math.Min(_clock.NowCycles, _clock.CyclesOf(bytes * _link.PicosecondsPerByte));
        FrameArrived(frame, flags, new ArrivalTimes(start, start, _clock.NowCycles));
    }

    /// <summary>Everything is as after power-on. The DMA engine has dropped the transfers.</summary>
    public void Reset()
    {
        _fifo.Clear();
        FlowControl.IsAboveThreshold = false;
        ResetRing();
    }

    private static PacketDrop Disabled(out bool isInexact)
    {
        isInexact = false;
        return PacketDrop.Disabled;
    }

    /// <summary>Tells data from check sequence, and whether that is right. It is made only if it is wanted.</summary>
    private static bool SeparateCheckSequence(
        ref ReadOnlySpan<byte> frame, FrameFlags flags, scoped Span<byte> checkSequence, bool isWanted)
    {
        bool isGood = (flags & (FrameFlags.BadFcs | FrameFlags.MissingFcs)) == 0;
        if ((flags & FrameFlags.MissingFcs) != 0 && frame.Length >= FrameCheckSequence.SizeBytes)
        {
            isGood = (flags & FrameFlags.BadFcs) == 0 && FrameCheckSequence.IsGood(frame);
            frame[^FrameCheckSequence.SizeBytes..].CopyTo(checkSequence);
            frame = frame[..^FrameCheckSequence.SizeBytes];
        }
        else if (isWanted)
        {
            uint computed = FrameCheckSequence.Compute(frame);
            BinaryPrimitives.WriteUInt32LittleEndian(checkSequence, isGood ? computed : ~computed);
        }

        return isGood;
    }

    /// <summary>Filters, length and check sequence, and the FIFO's room; counts what is to be counted.</summary>
    private PacketDrop Judge(ReadOnlySpan<byte> data, int wireBytes, bool isGood, out bool isInexact)
    {
        uint rctl = (uint)_registers[E1000Register.Rctl];
        int maximum = (rctl & Rctl.LongPacketEnable) != 0 ? LongFrameBytesMax : FrameBytesMax;
        bool isLegal = wireBytes >= FrameBytesMin && wireBytes <= maximum;
        var control = isGood && isLegal ? FlowControl.Recognise(data) : ControlFrame.None;
        bool isAccepted = _filter.Accepts(data, out isInexact);
        if (control != ControlFrame.None)
        {
            FlowControl.Obey(control, data);
            isAccepted = control == ControlFrame.Pause
                ? isAccepted && (rctl & Rctl.DiscardPauseFrames) == 0
                : (rctl & Rctl.PassMacControlFrames) != 0;
            if (!isAccepted)
            {
                CountTotals(wireBytes);
                return PacketDrop.Control;
            }
        }

        if (!isAccepted)
        {
            return PacketDrop.Filtered;
        }

        bool isStored = isGood && isLegal;
        if (!isStored)
        {
            CountBad(wireBytes, isGood, maximum);
            isStored = (rctl & Rctl.StoreBadPackets) != 0 && wireBytes <= LongFrameBytesMax;
        }

        if (!isStored)
        {
            CountTotals(wireBytes);
            return wireBytes < FrameBytesMin ? PacketDrop.TooShort
                : wireBytes > maximum ? PacketDrop.TooLong
                : PacketDrop.BadFcs;
        }

        _fifo.Resize((uint)_registers[E1000Register.Pba]);
        bool isMissed = !_fifo.HasRoomFor(wireBytes);
        if (isGood && isLegal && control == ControlFrame.None)
        {
            _statistics.FrameReceived(data, wireBytes, isMissed);
        }
        else
        {
            CountTotals(wireBytes);
            _statistics.Count(E1000Register.Mpc, isMissed ? 1ul : 0);
        }

        if (isMissed)
        {
            FlowControl.Overflowed();
            _interrupts.Raise(InterruptCauses.ReceiverOverrun);
        }

        return isMissed ? PacketDrop.FifoFull : PacketDrop.None;
    }

    /// <summary>
    /// SDM "CRC Error Count", "Receive Length Error Count" and those of undersize, fragment, oversize and jabber:
    /// frames that pass the address filter; too short ones are no CRC errors.
    /// </summary>
    private void CountBad(int wireBytes, bool isGood, int maximum)
    {
        if (wireBytes < FrameBytesMin)
        {
            _statistics.Count(E1000Register.Rlec);
            _statistics.Count(isGood ? E1000Register.Ruc : E1000Register.Rfc);
            return;
        }

        _statistics.Count(E1000Register.Crcerrs, isGood ? 0ul : 1);
        if (wireBytes > maximum)
        {
            _statistics.Count(E1000Register.Rlec);
            _statistics.Count(isGood ? E1000Register.Roc : E1000Register.Rjc);
        }
    }

    private void CountTotals(int wireBytes)
    {
        _statistics.Count(E1000Register.Tpr);
        _statistics.Add(E1000Register.Torl, E1000Register.Torh, (ulong)wireBytes);
    }

    private void RecordDrop(int lengthBytes, in ArrivalTimes times, PacketDrop drop)
    {
        var stages = new StageCycles(
            Queue: times.WireCycle - times.QueuedCycle,
            DescriptorFetch: 0,
            PayloadDma: 0,
            Fifo: 0,
            Wire: times.LastBitCycle - times.WireCycle,
            WriteBack: 0,
            InterruptDelay: 0);
        _journal.Complete(
            new PacketRecord(
                PacketDirection.Receive, -1, lengthBytes, times.QueuedCycle, times.LastBitCycle, stages, drop),
            PacketJournal.NotReported);
    }
}
