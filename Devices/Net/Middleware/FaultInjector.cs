using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Devices.Net.Middleware;

/// <summary>
/// A bad network between a card and a good one: loses, damages, doubles, delays and reorders frames and unplugs the cable, all by seeded
/// chance, so that a run repeats.
/// </summary>
internal sealed class FaultInjector : LinkMiddleware, IFaultDelivery
{
    private readonly FaultOptions _options;
    private readonly IGuestClock _clock;
    private readonly FaultLane _toNetwork;
    private readonly FaultLane _toCard;
    private readonly ScheduledEvent _flap;
    private FaultSequence _flapSequence;
    private bool _isInnerUp = true;
    private bool _isFlapUp = true;
    private bool _isAwaited;

    public FaultInjector(
        INetworkBackend inner, FaultOptions options, IGuestClock clock, EventScheduler scheduler, LinkStatistics statistics)
        : base(inner)
    {
        _options = options;
        _clock = clock;
        _toNetwork = new FaultLane(FrameDirection.ToNetwork, options, clock, scheduler, statistics.ToNetwork, this);
        _toCard = new FaultLane(FrameDirection.ToCard, options, clock, scheduler, statistics.ToCard, this);
        _flap = scheduler.Create("faults.flap", Flap);
        _flapSequence = new FaultSequence(options.Seed, 0);
        if (options.FlapEveryNanoseconds > 0)
        {
            ScheduleFailure();
        }
    }

    /// <summary>Those who are told of faults.</summary>
    public List<IFaultObserver> Observers { get; } = [];

    /// <summary>Otherwise frames pass as on a good network.</summary>
    public bool IsActive
    {
        get;
        set
        {
            if (field == value)
            {
                return;
            }

            field = value;
            if (!value)
            {
                bool wasUp = IsUp;
                _flap.Cancel();
                _isFlapUp = true;
                LinkChanged(wasUp);
            }
            else if (_options.FlapEveryNanoseconds > 0)
            {
                ScheduleFailure();
            }
        }
    } = true;

    public override int ReceiveRoomFrames
    {
        get
        {
            int room = Math.Max(0, Client.ReceiveRoomFrames - _toCard.Count);
            _isAwaited |= room == 0;
            return room;
        }
    }

    private bool IsUp => _isInnerUp && _isFlapUp;

    public override void Send(ReadOnlySpan<byte> frame, in FrameInfo info)
    {
        if (IsActive)
        {
            _toNetwork.Take(frame, info, IsUp);
        }
        else
        {
            Inner.Send(frame, info);
        }
    }

    public override void Receive(ReadOnlySpan<byte> frame, in FrameInfo info)
    {
        if (IsActive)
        {
            _toCard.Take(frame, info, IsUp);
        }
        else
        {
            Client.Receive(frame, info);
        }
    }

    public override void SetLink(bool isUp)
    {
        bool wasUp = IsUp;
        _isInnerUp = isUp;
        LinkChanged(wasUp);
    }

    public override void ReceiveRoomAvailable()
    {
        _isAwaited = false;
        base.ReceiveRoomAvailable();
    }

    void IFaultDelivery.Note(FrameDirection direction, in FrameNotes notes)
    {
        foreach (var observer in Observers)
        {
            observer.Noted(direction, notes);
        }
    }

    void IFaultDelivery.Lost(FrameDirection direction, ReadOnlySpan<byte> frame, in FrameInfo info, in FrameNotes notes)
    {
        foreach (var observer in Observers)
        {
            if (direction == FrameDirection.ToCard)
            {
                observer.LostToCard(frame, info, notes);
            }
            else
            {
                observer.Noted(direction, notes);
            }
        }
    }

    void IFaultDelivery.Deliver(FrameDirection direction, ReadOnlySpan<byte> frame, in FrameInfo info)
    {
        if (direction == FrameDirection.ToCard)
        {
            Client.Receive(frame, info);
        }
        else
        {
            Inner.Send(frame, info);
        }
    }

    void IFaultDelivery.Drained(FrameDirection direction)
    {
        if (direction == FrameDirection.ToCard && _isAwaited && Client.ReceiveRoomFrames > 0)
        {
            ReceiveRoomAvailable();
        }
    }

    private void Flap()
    {
        bool wasUp = IsUp;
        _isFlapUp = !_isFlapUp;
        LinkChanged(wasUp);
        if (_isFlapUp)
        {
            ScheduleFailure();
        }
        else
        {
            ScheduleIn(_options.FlapDownNanoseconds);
        }
    }

    private void ScheduleFailure()
    {
        ulong every = _options.FlapEveryNanoseconds;
        ScheduleIn(every / 2 + _flapSequence.Below(every + 1));
    }

    private void ScheduleIn(ulong nanoseconds)
    {
        var cycles = (UInt128)nanoseconds * _clock.CyclesPerSecond / 1_000_000_000;
        _flap.ScheduleAt(_clock.NowCycles + Math.Max(1, (ulong)cycles));
    }

    private void LinkChanged(bool wasUp)
    {
        if (wasUp == IsUp)
        {
            return;
        }

        if (wasUp)
        {
            _toNetwork.Clear();
            _toCard.Clear();
        }

        Client.SetLink(IsUp);
    }
}
