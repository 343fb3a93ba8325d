using RiscvXv6.Devices.Interrupts;
using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Devices.Clint;

/// <summary>One comparator of the machine's counter: a line that is up while it is enabled and the counter has reached its value.</summary>
internal sealed class TimerComparator
{
    private readonly MachineTime _time;
    private readonly IInterruptLine _line;
    private readonly ScheduledEvent _change;

    public TimerComparator(MachineTime time, EventScheduler scheduler, string name, IInterruptLine line)
    {
        _time = time;
        _line = line;
        _change = scheduler.Create(name, Update);
        time.Changed += Update;
    }

    /// <summary>The counter value at which the line rises.</summary>
    public ulong CompareTicks { get; private set; }

    public bool IsEnabled { get; private set; }

    public void Set(ulong compareTicks, bool isEnabled)
    {
        CompareTicks = compareTicks;
        IsEnabled = isEnabled;
        Update();
    }

    private void Update()
    {
        _line.Set(IsEnabled && _time.HasReached(CompareTicks));
        ulong next = IsEnabled ? _time.NextChangeCycles(CompareTicks) : EventScheduler.Never;
        if (next == EventScheduler.Never)
        {
            _change.Cancel();
        }
        else
        {
            _change.ScheduleAt(next);
        }
    }
}
