using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Devices.Net.Middleware;

/// <summary>
/// What a bad network does to the frames that go one way, in this order: lose, damage, let wait for a slow line, delay, double, and let be
/// overtaken. What waits lies in memory that was there from the beginning.
/// </summary>
internal sealed class FaultLane
{
    /// <summary>What may wait at once; more is lost, as in any network.</summary>
    private const int QueueBytes = 4 << 20;

    /// <summary>Preamble and start delimiter (8), frame check sequence (4), gap (12).</summary>
    private const int WireOverheadBytes = 24;

    /// <summary>How long an overtaken frame waits for those that shall overtake it.</summary>
    private const ulong OvertakingPicoseconds = 10_000_000_000;

    private readonly DirectionFaults _options;
    private readonly FrameDirection _direction;
    private readonly IGuestClock _clock;
    private readonly IFaultDelivery _delivery;
    private readonly DirectionStatistics _statistics;
    private readonly ScheduledEvent _release;
    private readonly ScheduledEvent _overtaken;
    private readonly FrameQueue<Waiting> _queue;
    private readonly FrameQueue<Waiting> _held;
    private readonly BurstLoss _loss;
    private readonly byte[] _scratch;
    private FaultSequence _duplicate;
    private FaultSequence _corrupt;
    private FaultSequence _badFcs;
    private FaultSequence _reorder;
    private FaultSequence _jitter;

    /// <summary>When the slow line has sent what it has, and what is left of a cycle.</summary>
    private ulong _lineFreeCycle;
    private ulong _lineRemainder;
    private ulong _lastReleaseCycle;
    private bool _willHold;
    private int _overtakers;

    public FaultLane(
        FrameDirection direction,
        FaultOptions options,
        IGuestClock clock,
        EventScheduler scheduler,
        DirectionStatistics statistics,
        IFaultDelivery delivery)
    {
        _direction = direction;
        _options = direction == FrameDirection.ToNetwork ? options.ToNetwork : options.ToCard;
        _clock = clock;
        _delivery = delivery;
        _statistics = statistics;
        bool delays = _options.DelayNanoseconds + _options.JitterNanoseconds + _options.RateBitsPerSecond > 0;
        _queue = new FrameQueue<Waiting>(delays ? QueueBytes : 0);
        _held = new FrameQueue<Waiting>(_options.Reorder.PartsPerMillion > 0 ? 128 * 1024 : 0);
        _scratch = _options.Corrupt.PartsPerMillion > 0 ? new byte[128 * 1024] : [];
        _release = scheduler.Create($"faults.{direction}", Release);
        _overtaken = scheduler.Create($"faults.{direction}.overtaken", GoOn);
        _loss = new BurstLoss(_options, Sequence(options.Seed, FaultKind.Drop));
        _duplicate = Sequence(options.Seed, FaultKind.Duplicate);
        _corrupt = Sequence(options.Seed, FaultKind.Corrupt);
        _badFcs = Sequence(options.Seed, FaultKind.BadFcs);
        _reorder = Sequence(options.Seed, FaultKind.Reorder);
        _jitter = Sequence(options.Seed, FaultKind.Delay);
    }

    private readonly record struct Waiting(
        ulong ReleaseCycle, FrameFlags Flags, int DescriptorIndex, FaultSet Faults, ulong DelayNanoseconds, bool IsOvertaken);

    /// <summary>Frames that wait.</summary>
    public int Count => _queue.Count + _held.Count;

    /// <summary>Takes a frame; it comes out again through the delivery, now or later, once, twice or never.</summary>
    /// <param name="isUp">The link is up.</param>
    public void Take(ReadOnlySpan<byte> frame, FrameInfo info, bool isUp)
    {
        if (!isUp)
        {
            Lose(frame, info, FaultKind.LinkDown, FaultSet.None);
            return;
        }

        // Every sequence moves on with every frame, so that one fault more changes nothing about the others.
        bool isDropped = _loss.Next();
        bool isDuplicated = _duplicate.Draw(_options.Duplicate);
        bool isCorrupted = _corrupt.Draw(_options.Corrupt);
        ulong bit = _options.Corrupt.PartsPerMillion > 0 ? _corrupt.Below((ulong)frame.Length * 8) : 0;
        bool losesFcs = _badFcs.Draw(_options.BadFcs);
        bool isOvertaken = _reorder.Draw(_options.Reorder);
        ulong jitterNanoseconds = _options.JitterNanoseconds > 0 ? _jitter.Below(_options.JitterNanoseconds + 1) : 0;
        if (isDropped)
        {
            Lose(frame, info, FaultKind.Drop, FaultSet.None);
            return;
        }

        var faults = FaultSet.None;
        if (isCorrupted && frame.Length <= _scratch.Length && frame.Length > 0)
        {
            frame.CopyTo(_scratch);
            _scratch[bit / 8] ^= (byte)(1 << (int)(bit % 8));
            frame = _scratch.AsSpan(0, frame.Length);
            faults |= Note(FaultKind.Corrupt);
        }

        if (losesFcs)
        {
            info = info with { Flags = info.Flags | FrameFlags.BadFcs };
            faults |= Note(FaultKind.BadFcs);
        }

        if (!TryPassLine(frame.Length, out ulong passedCycle))
        {
            Lose(frame, info, FaultKind.RateLimit, faults);
            return;
        }

        ulong now = _clock.NowCycles;
        ulong delayPicoseconds = (_options.DelayNanoseconds + jitterNanoseconds) * 1000;
        ulong releaseCycle = Math.Max(passedCycle + _clock.CyclesOf(delayPicoseconds), _lastReleaseCycle);
        if (passedCycle > now)
        {
            faults |= Note(FaultKind.RateLimit);
        }

        if (releaseCycle > passedCycle)
        {
            faults |= Note(FaultKind.Delay);
        }

        if (isOvertaken && !_willHold)
        {
            _willHold = true;
            faults |= Note(FaultKind.Reorder);
        }

        if (isDuplicated)
        {
            _statistics.CountFault(FaultKind.Duplicate, isLost: false);
        }

        var waiting = new Waiting(
            releaseCycle,
            info.Flags,
            info.DescriptorIndex,
            faults,
            (ulong)((UInt128)(releaseCycle - now) * 1_000_000_000 / _clock.CyclesPerSecond),
            (faults & FaultSet.Reorder) != 0);
        if (_direction == FrameDirection.ToNetwork)
        {
            _delivery.Note(_direction, new FrameNotes(
                isDuplicated ? faults | FaultSet.Duplicate : faults, waiting.DelayNanoseconds, IsLost: false));
        }

        _lastReleaseCycle = releaseCycle;
        Pass(frame, waiting);
        if (isDuplicated)
        {
            Pass(frame, waiting with { Faults = faults & ~FaultSet.Reorder | FaultSet.Duplicate, IsOvertaken = false });
        }
    }

    /// <summary>The link goes down, or the machine is reset: what is on its way is gone.</summary>
    public void Clear()
    {
        for (; _queue.Count > 0; _queue.Remove())
        {
            _statistics.CountFault(FaultKind.LinkDown, isLost: true);
        }

        for (; _held.Count > 0; _held.Remove())
        {
            _statistics.CountFault(FaultKind.LinkDown, isLost: true);
        }

        _release.Cancel();
        _overtaken.Cancel();
        _willHold = false;
        _lineFreeCycle = 0;
    }

    private FaultSequence Sequence(ulong seed, FaultKind kind) => new(seed, 16 * (int)_direction + (int)kind + 1);

    private FaultSet Note(FaultKind kind)
    {
        _statistics.CountFault(kind, isLost: false);
        return (FaultSet)(1 << (int)kind);
    }

    private void Lose(ReadOnlySpan<byte> frame, in FrameInfo info, FaultKind kind, FaultSet before)
    {
        _statistics.CountFault(kind, isLost: true);
        var notes = new FrameNotes(before | (FaultSet)(1 << (int)kind), 0, IsLost: true);
        _delivery.Lost(_direction, frame, info, notes);
    }

    /// <summary>Puts a frame on the slow line; false if too much waits for it already.</summary>
    private bool TryPassLine(int lengthBytes, out ulong passedCycle)
    {
        ulong now = _clock.NowCycles;
        passedCycle = now;
        if (_options.RateBitsPerSecond == 0)
        {
            return true;
        }

        ulong start = Math.Max(now, _lineFreeCycle);
        ulong waitingBytes = (ulong)((UInt128)(start - now) * _options.RateBitsPerSecond / 8 / _clock.CyclesPerSecond);
        if (waitingBytes + (ulong)lengthBytes > (ulong)_options.RateQueueBytes)
        {
            return false;
        }

        var cycles = (UInt128)(uint)(lengthBytes + WireOverheadBytes) * 8 * _clock.CyclesPerSecond + _lineRemainder;
        _lineRemainder = (ulong)(cycles % _options.RateBitsPerSecond);
        _lineFreeCycle = start + (ulong)(cycles / _options.RateBitsPerSecond);
        passedCycle = _lineFreeCycle;
        return true;
    }

    private void Pass(ReadOnlySpan<byte> frame, in Waiting waiting)
    {
        if (waiting.ReleaseCycle <= _clock.NowCycles && _queue.Count == 0)
        {
            Deliver(frame, waiting);
        }
        else if (!_queue.TryEnqueue(waiting, frame))
        {
            var info = new FrameInfo(waiting.Flags, waiting.DescriptorIndex);
            _willHold &= !waiting.IsOvertaken;
            Lose(frame, info, FaultKind.RateLimit, waiting.Faults);
        }
        else if (_queue.Count == 1)
        {
            _release.ScheduleAt(waiting.ReleaseCycle);
        }
    }

    private void Release()
    {
        while (_queue.Count > 0)
        {
            var frame = _queue.Peek(out var waiting);
            if (waiting.ReleaseCycle > _clock.NowCycles)
            {
                _release.ScheduleAt(waiting.ReleaseCycle);
                return;
            }

            Deliver(frame, waiting);
            if (_queue.Count > 0)
            {
                _queue.Remove(); // Unless the delivery has brought the link down.
            }
        }

        _delivery.Drained(_direction);
    }

    private void Deliver(ReadOnlySpan<byte> frame, in Waiting waiting)
    {
        if (waiting.IsOvertaken && _held.TryEnqueue(waiting, frame))
        {
            _overtakers = Math.Max(1, _options.ReorderFrames);
            _overtaken.ScheduleAt(_clock.NowCycles + _clock.CyclesOf(OvertakingPicoseconds));
            return;
        }

        HandOver(frame, waiting);
        if (_held.Count > 0 && --_overtakers == 0)
        {
            GoOn();
        }
    }

    private void GoOn()
    {
        _overtaken.Cancel();
        var frame = _held.Peek(out var waiting);
        HandOver(frame, waiting);
        _held.Remove();
        _willHold = false;
    }

    private void HandOver(ReadOnlySpan<byte> frame, in Waiting waiting)
    {
        if (_direction == FrameDirection.ToCard)
        {
            _delivery.Note(_direction, new FrameNotes(waiting.Faults, waiting.DelayNanoseconds, IsLost: false));
        }

        _delivery.Deliver(_direction, frame, new FrameInfo(waiting.Flags, waiting.DescriptorIndex));
    }
}
