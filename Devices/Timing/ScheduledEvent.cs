namespace RiscvXv6.Devices.Timing;

/// <summary>
/// Something that a device will do at a cycle. A device makes its events once, at construction, and schedules them again
/// and again; nothing is allocated while the machine runs.
/// </summary>
public sealed class ScheduledEvent
{
    private readonly EventScheduler _scheduler;

    internal ScheduledEvent(EventScheduler scheduler, string name, Action callback, int order)
    {
        _scheduler = scheduler;
        Name = name;
        Callback = callback;
        Order = order;
    }

    public string Name { get; }

    /// <summary>The cycle at which it fires; meaningful while <see cref="IsScheduled"/>.</summary>
    public ulong DeadlineCycles { get; internal set; }

    public bool IsScheduled => HeapIndex >= 0;

    internal Action Callback { get; }

    /// <summary>Events due at one cycle fire in the order in which they were created.</summary>
    internal int Order { get; }

    internal int HeapIndex { get; set; } = -1;

    /// <summary>Schedules, or moves, the event. A deadline that has passed fires at the next opportunity.</summary>
    public void ScheduleAt(ulong cycles) => _scheduler.Schedule(this, cycles);

    public void Cancel() => _scheduler.Cancel(this);
}
