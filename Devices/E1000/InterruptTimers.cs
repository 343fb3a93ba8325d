using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Devices.E1000;

/// <summary>
/// A packet timer, which each event starts anew, and an absolute timer, which runs from the first event on: RDTR with
/// RADV, and TIDV with TADV. Whichever ends first ends both.
/// </summary>
internal sealed class InterruptTimers
{
    /// <summary>The unit of all four registers: 1.024 us.</summary>
    public const ulong PicosecondsPerUnit = 1_024_000;

    private readonly IGuestClock _clock;
    private readonly Action _expired;
    private readonly ScheduledEvent _packet;
    private readonly ScheduledEvent _absolute;

    /// <param name="name">For the events: <c>rx</c>.</param>
    /// <param name="clock">The machine's.</param>
    /// <param name="scheduler">The machine's.</param>
    /// <param name="expired">Told once when either timer ends; both have stopped by then.</param>
    public InterruptTimers(string name, IGuestClock clock, EventScheduler scheduler, Action expired)
    {
        _clock = clock;
        _expired = expired;
        _packet = scheduler.Create($"{name}.packet-timer", Expire);
        _absolute = scheduler.Create($"{name}.absolute-timer", Expire);
    }

    public bool IsRunning => _packet.IsScheduled || _absolute.IsScheduled;

    /// <summary>An event: starts the packet timer anew, and the absolute timer if it does not run.</summary>
    /// <param name="packetUnits">Units of 1.024 us, at least 1.</param>
    /// <param name="absoluteUnits">Units of 1.024 us; 0 for no such timer.</param>
    public void Start(uint packetUnits, uint absoluteUnits)
    {
        _packet.ScheduleAt(EndOf(packetUnits));
        if (absoluteUnits != 0 && !_absolute.IsScheduled)
        {
            _absolute.ScheduleAt(EndOf(absoluteUnits));
        }
    }

    public void Stop()
    {
        _packet.Cancel();
        _absolute.Cancel();
    }

    public InterruptTimersState Save() => new(DeadlineOf(_packet), DeadlineOf(_absolute));

    public void Restore(InterruptTimersState state)
    {
        var (packet, absolute) = state;
        Schedule(_packet, packet);
        Schedule(_absolute, absolute);
    }

    private static ulong DeadlineOf(ScheduledEvent timer) =>
        timer.IsScheduled ? timer.DeadlineCycles : EventScheduler.Never;

    private static void Schedule(ScheduledEvent timer, ulong cycles)
    {
        if (cycles == EventScheduler.Never)
        {
            timer.Cancel();
        }
        else
        {
            timer.ScheduleAt(cycles);
        }
    }

    private ulong EndOf(uint units) => _clock.NowCycles + _clock.CyclesOf(units * PicosecondsPerUnit);

    private void Expire()
    {
        Stop();
        _expired();
    }
}
