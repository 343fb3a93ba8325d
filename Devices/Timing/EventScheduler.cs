namespace RiscvXv6.Devices.Timing;

/// <summary>
/// Events in virtual time, keyed by cycle; those due at one cycle fire in the order in which they were created, so the
/// order never depends on how the heap happens to lie.
/// </summary>
public sealed class EventScheduler(IGuestClock clock)
{
    /// <summary>What <see cref="NextDeadlineCycles"/> says when nothing is scheduled.</summary>
    public const ulong Never = ulong.MaxValue;

    private ScheduledEvent[] _heap = new ScheduledEvent[16];
    private int _count;
    private int _created;

    /// <summary>The cycle of the earliest event, or <see cref="Never"/>.</summary>
    public ulong NextDeadlineCycles => _count == 0 ? Never : _heap[0].DeadlineCycles;

    /// <summary>Makes an event; it does nothing until it is scheduled.</summary>
    /// <param name="name">For traces and reports: <c>uart0.tx</c>.</param>
    /// <param name="callback">Runs on the machine thread, between instructions.</param>
    public ScheduledEvent Create(string name, Action callback)
    {
        var created = new ScheduledEvent(this, name, callback, _created++);
        if (_created > _heap.Length)
        {
            Array.Resize(ref _heap, _heap.Length * 2);
        }

        return created;
    }

    /// <summary>Fires everything due now, including what a callback schedules for now.</summary>
    public void RunDue()
    {
        while (_count > 0 && _heap[0].DeadlineCycles <= clock.NowCycles)
        {
            var due = _heap[0];
            Cancel(due);
            due.Callback();
        }
    }

    internal void Schedule(ScheduledEvent item, ulong cycles)
    {
        item.DeadlineCycles = cycles;
        if (item.HeapIndex < 0)
        {
            item.HeapIndex = _count;
            _heap[_count++] = item;
        }

        SiftUp(item.HeapIndex);
        SiftDown(item.HeapIndex);
    }

    internal void Cancel(ScheduledEvent item)
    {
        int hole = item.HeapIndex;
        if (hole < 0)
        {
            return;
        }

        item.HeapIndex = -1;
        var moved = _heap[--_count];
        if (hole != _count)
        {
            _heap[hole] = moved;
            moved.HeapIndex = hole;
            SiftUp(hole);
            SiftDown(moved.HeapIndex);
        }
    }

    private static bool Before(ScheduledEvent a, ScheduledEvent b) =>
        a.DeadlineCycles < b.DeadlineCycles || (a.DeadlineCycles == b.DeadlineCycles && a.Order < b.Order);

    private void SiftUp(int index)
    {
        while (index > 0)
        {
            int parent = (index - 1) / 2;
            if (!Before(_heap[index], _heap[parent]))
            {
                return;
            }

            Swap(index, parent);
            index = parent;
        }
    }

    private void SiftDown(int index)
    {
        while (true)
        {
            int least = index;
            for (int child = 2 * index + 1; child <= 2 * index + 2 && child < _count; child++)
            {
                if (Before(_heap[child], _heap[least]))
                {
                    least = child;
                }
            }

            if (least == index)
            {
                return;
            }

            Swap(index, least);
            index = least;
        }
    }

    private void Swap(int a, int b)
    {
        (_heap[a], _heap[b]) = (_heap[b], _heap[a]);
        _heap[a].HeapIndex = a;
        _heap[b].HeapIndex = b;
    }
}
