using RiscvXv6.Devices.Net;
using RiscvXv6.Devices.Net.Wire;
using RiscvXv6.Devices.State;
using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Devices.E1000;

/// <summary>
/// The cable toward the card and the port at its far end: a bounded queue of frames, which it sends one after the other
/// at the wire's speed. A port is paused by the card's PAUSE frames, as any is (IEEE 802.3 "MAC Control PAUSE
/// operation").
/// </summary>
internal sealed class WireReceiver : IStateful<WireReceiverState>
{
    public const int FramesMax = 1024;
    public const int BytesMax = 2 * 1024 * 1024;

    /// <summary>A longer frame is lost: no Ethernet carries it.</summary>
    public const int FrameBytesMax = 64 * 1024;

    /// <summary>Preamble and start-of-frame delimiter.</summary>
    public const int PreambleBytes = 8;

    /// <summary>The least gap between two frames.</summary>
    public const int GapBytes = 12;

    /// <summary>The least frame, without check sequence.</summary>
    public const int PaddedBytes = 60;

    /// <summary>A slot of a PAUSE frame's time, 512 bit times.</summary>
    private const ulong PauseSlotBytes = 64;

    private readonly IGuestClock _clock;
    private readonly LinkUnit _link;
    private readonly PacketJournal _journal;
    private readonly ReceiveUnit _receiver;
    private readonly ScheduledEvent _lastBit;
    private readonly byte[] _data = new byte[BytesMax];
    private readonly QueuedFrame[] _queue = new QueuedFrame[FramesMax];
    private readonly byte[] _arriving = new byte[FrameBytesMax];
    private int _dataHead;
    private int _dataCount;
    private int _head;
    private int _count;
    private ulong _freeCycle;
    private ulong _freeRemainder;
    private ulong _startCycle;
    private ulong _lastBitRemainder;
    private ulong _pausedUntilCycle;
    private bool _wasFull;

    public WireReceiver(E1000Context context, ReceiveUnit receiver)
    {
        _clock = context.Clock;
        _link = context.Link;
        _journal = context.Journal;
        _receiver = receiver;
        _lastBit = context.Scheduler.Create($"{context.Name}.wire-in", Deliver);
    }

    /// <summary>Told when the cable takes frames again after <see cref="ReceiveRoomFrames"/> had been 0.</summary>
    public Action? RoomAvailable { get; set; }

    /// <summary>Frames that the cable still takes, of any length.</summary>
    public int ReceiveRoomFrames => _link.IsUp
        ? Math.Min(FramesMax - _count, RoomForUsualFrames())
        : 0;

    /// <summary>Puts a frame into the queue, at the present cycle.</summary>
    public void Receive(ReadOnlySpan<byte> frame, in FrameInfo info)
    {
        if (!_link.IsUp)
        {
            Lose(frame.Length, PacketDrop.LinkDown);
            return;
        }

        if (_count == FramesMax || frame.Length > FrameBytesMax || frame.Length > BytesMax - _dataCount)
        {
            Lose(frame.Length, PacketDrop.CableFull);
            return;
        }

        _queue[(_head + _count) % FramesMax] = new QueuedFrame(frame.Length, info.Flags, _clock.NowCycles);
        _count++;
        int tail = (_dataHead + _dataCount) % BytesMax;
        int first = Math.Min(frame.Length, BytesMax - tail);
        frame[..first].CopyTo(_data.AsSpan(tail));
        frame[first..].CopyTo(_data);
        _dataCount += frame.Length;
        _wasFull |= ReceiveRoomFrames == 0;
        if (_count == 1)
        {
            StartHead();
        }
    }

    /// <summary>
    /// The card's PAUSE frame has arrived at the port: it starts no frame for so many slots of 512 bit times. Zero
    /// ends a pause.
    /// </summary>
    public void Pause(ushort slots)
    {
        _pausedUntilCycle = _clock.NowCycles + _clock.CyclesOf(slots * PauseSlotBytes * _link.PicosecondsPerByte);
        if (_count > 0 && _clock.NowCycles < _startCycle)
        {
            StartHead();
        }
    }

    /// <summary>The link went up or down. What was in the queue is lost when it goes down.</summary>
    public void LinkChanged()
    {
        if (_link.IsUp)
        {
            OfferRoom();
            return;
        }

        while (_count > 0)
        {
            Lose(_queue[_head].LengthBytes, PacketDrop.LinkDown);
            _head = (_head + 1) % FramesMax;
            _count--;
        }

        Clear();
        _wasFull = true;
    }

    /// <summary>The machine was reset: the cable is empty.</summary>
    public void Reset()
    {
        Clear();
        OfferRoom();
    }

    public WireReceiverState Save()
    {
        var frames = new QueuedFrame[_count];
        for (int index = 0; index < frames.Length; index++)
        {
            frames[index] = _queue[(_head + index) % FramesMax];
        }

        var data = new byte[_dataCount];
        CopyOut(data);
        return new WireReceiverState(
            new ValueArray<QueuedFrame>(frames),
            new ValueArray<byte>(data),
            _freeCycle,
            _freeRemainder,
            _startCycle,
            _lastBitRemainder,
            _pausedUntilCycle,
            _wasFull,
            _lastBit.IsScheduled ? _lastBit.DeadlineCycles : EventScheduler.Never);
    }

    public void Restore(WireReceiverState state)
    {
        (var frames, var data, _freeCycle, _freeRemainder, _startCycle, _lastBitRemainder, _pausedUntilCycle, _wasFull,
            ulong lastBitCycle) = state;
        _head = 0;
        _count = frames.Length;
        frames.AsSpan().CopyTo(_queue);
        _dataHead = 0;
        _dataCount = data.Length;
        data.AsSpan().CopyTo(_data);
        _lastBit.Cancel();
        if (lastBitCycle != EventScheduler.Never)
        {
            _lastBit.ScheduleAt(lastBitCycle);
        }
    }

    /// <summary>Room in frames of 2 KiB; none once the longest frame might not fit.</summary>
    private int RoomForUsualFrames()
    {
        const int usualBytes = 2048;
        int room = BytesMax - _dataCount;
        return room < FrameBytesMax ? 0 : room / usualBytes;
    }

    private static int BytesToSend(in QueuedFrame frame) =>
        Math.Max(frame.LengthBytes, (frame.Flags & FrameFlags.Unpadded) != 0 ? 0 : PaddedBytes);

    /// <summary>Bytes from the destination address through the check sequence.</summary>
    private static int WireBytes(int bytes, FrameFlags flags) =>
        bytes + ((flags & FrameFlags.MissingFcs) != 0 ? 0 : FrameCheckSequence.SizeBytes);

    /// <summary>Sends the oldest frame as soon as the wire is free and the port not paused.</summary>
    private void StartHead()
    {
        ref var frame = ref _queue[_head];
        ulong earliest = Math.Max(_clock.NowCycles, _pausedUntilCycle);
        bool isBackToBack = _freeCycle >= earliest;
        _startCycle = isBackToBack ? _freeCycle : earliest;
        _lastBitRemainder = isBackToBack ? _freeRemainder : 0;
        int bytes = PreambleBytes + WireBytes(BytesToSend(frame), frame.Flags);
        ulong cycles = _clock.CyclesOf((ulong)bytes * _link.PicosecondsPerByte, ref _lastBitRemainder);
        _lastBit.ScheduleAt(_startCycle + cycles);
    }

    private void Deliver()
    {
        var queued = _queue[_head];
        int bytes = BytesToSend(queued);
        var frame = _arriving.AsSpan(0, Math.Max(bytes, queued.LengthBytes));
        CopyOut(frame[..queued.LengthBytes]);
        frame[queued.LengthBytes..].Clear();
        _head = (_head + 1) % FramesMax;
        _count--;
        _dataHead = (_dataHead + queued.LengthBytes) % BytesMax;
        _dataCount -= queued.LengthBytes;
        _freeRemainder = _lastBitRemainder;
        _freeCycle = _clock.NowCycles + _clock.CyclesOf(GapBytes * _link.PicosecondsPerByte, ref _freeRemainder);
        ulong startCycle = _startCycle;
        if (_count > 0)
        {
            StartHead();
        }

        if (_link.Loopback == LoopbackKind.None)
        {
            var times = new ArrivalTimes(queued.QueuedCycle, startCycle, _clock.NowCycles);
            _receiver.FrameArrived(frame, queued.Flags, times);
        }
        else
        {
            Lose(frame.Length, PacketDrop.LinkDown);
        }

        OfferRoom();
    }

    private void Lose(int lengthBytes, PacketDrop reason) => _journal.Complete(
        new PacketRecord(PacketDirection.Receive, -1, lengthBytes, _clock.NowCycles, _clock.NowCycles, default, reason),
        PacketJournal.NotReported);

    private void CopyOut(Span<byte> destination)
    {
        int first = Math.Min(destination.Length, BytesMax - _dataHead);
        _data.AsSpan(_dataHead, first).CopyTo(destination);
        _data.AsSpan(0, destination.Length - first).CopyTo(destination[first..]);
    }

    private void Clear()
    {
        _lastBit.Cancel();
        _head = 0;
        _count = 0;
        _dataHead = 0;
        _dataCount = 0;
        _freeCycle = 0;
        _freeRemainder = 0;
        _startCycle = 0;
        _lastBitRemainder = 0;
        _pausedUntilCycle = 0;
    }

    private void OfferRoom()
    {
        if (_wasFull && ReceiveRoomFrames > 0)
        {
            _wasFull = false;
            RoomAvailable?.Invoke();
        }
    }
}
