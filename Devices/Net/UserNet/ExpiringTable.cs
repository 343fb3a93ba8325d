using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Devices.Net.UserNet;

/// <summary>
/// A table of bounded size. Who has not been used for its lifetime goes, and so does who was used longest ago when
/// another needs the place. An entry is a slot's number, by which its owner keeps what belongs to it; nothing is
/// allocated after the start.
/// </summary>
internal sealed class ExpiringTable<TKey>
    where TKey : struct, IEquatable<TKey>
{
    private const int None = -1;

    private readonly Dictionary<TKey, int> _slots;
    private readonly TKey[] _keys;
    private readonly ulong[] _usedCycles;
    private readonly int[] _newer;
    private readonly int[] _older;
    private readonly IGuestClock _clock;
    private readonly ulong _lifetimeCycles;
    private readonly Action<int, bool> _removed;
    private readonly ScheduledEvent _expiry;
    private int _oldest = None;
    private int _newest = None;
    private int _free;

    /// <param name="name">For traces.</param>
    /// <param name="capacity">How many entries there may be.</param>
    /// <param name="lifetimeSeconds">Of an entry that is not touched; 0: for ever.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="scheduler">Its events.</param>
    /// <param name="removed">Told of the slot that expired (true) or had to go (false), while its key is still
    /// known.</param>
    public ExpiringTable(
        string name, int capacity, ulong lifetimeSeconds, IGuestClock clock, EventScheduler scheduler,
        Action<int, bool> removed)
    {
        _slots = new Dictionary<TKey, int>(capacity);
        _keys = new TKey[capacity];
        _usedCycles = new ulong[capacity];
        _newer = new int[capacity];
        _older = new int[capacity];
        _clock = clock;
        _lifetimeCycles = lifetimeSeconds * clock.CyclesPerSecond;
        _removed = removed;
        _expiry = scheduler.Create(name, Expire);
        for (int slot = 0; slot < capacity; slot++)
        {
            _newer[slot] = slot + 1 < capacity ? slot + 1 : None;
        }
    }

    public int Count => _slots.Count;

    /// <summary>The slot of a key, or -1.</summary>
    public int Find(in TKey key) => _slots.TryGetValue(key, out int slot) ? slot : None;

    public bool Holds(int slot) => slot >= 0 && slot < _keys.Length && Find(_keys[slot]) == slot;

    public TKey KeyOf(int slot) => _keys[slot];

    /// <summary>Lets a slot's lifetime begin anew.</summary>
    public void Touch(int slot)
    {
        _usedCycles[slot] = _clock.NowCycles;
        if (slot != _newest)
        {
            Unlink(slot);
            Append(slot);
        }
    }

    /// <summary>Adds a key that is not there, in place of the oldest if the table is full. Returns its slot.</summary>
    public int Add(in TKey key)
    {
        if (_free == None)
        {
            Drop(_oldest, hasExpired: false);
        }

        int slot = _free;
        _free = _newer[slot];
        _keys[slot] = key;
        _slots.Add(key, slot);
        _usedCycles[slot] = _clock.NowCycles;
        Append(slot);
        if (_lifetimeCycles != 0 && !_expiry.IsScheduled)
        {
            _expiry.ScheduleAt(_clock.NowCycles + _lifetimeCycles);
        }

        return slot;
    }

    /// <summary>Takes an entry out; nobody is told.</summary>
    public void Remove(int slot)
    {
        _slots.Remove(_keys[slot]);
        Unlink(slot);
        _newer[slot] = _free;
        _free = slot;
        if (_slots.Count == 0)
        {
            _expiry.Cancel();
        }
    }

    /// <summary>Takes everything out, from the oldest on; the owner is told of each.</summary>
    public void Clear()
    {
        while (_oldest != None)
        {
            Drop(_oldest, hasExpired: false);
        }
    }

    private void Drop(int slot, bool hasExpired)
    {
        _removed(slot, hasExpired);
        Remove(slot);
    }

    private void Expire()
    {
        while (_oldest != None && _usedCycles[_oldest] + _lifetimeCycles <= _clock.NowCycles)
        {
            Drop(_oldest, hasExpired: true);
        }

        if (_oldest != None)
        {
            _expiry.ScheduleAt(_usedCycles[_oldest] + _lifetimeCycles);
        }
    }

    private void Append(int slot)
    {
        _older[slot] = _newest;
        _newer[slot] = None;
        if (_newest == None)
        {
            _oldest = slot;
        }
        else
        {
            _newer[_newest] = slot;
        }

        _newest = slot;
    }

    private void Unlink(int slot)
    {
        int older = _older[slot];
        int newer = _newer[slot];
        if (older == None)
        {
            _oldest = newer;
        }
        else
        {
            _newer[older] = newer;
        }

        if (newer == None)
        {
            _newest = older;
        }
        else
        {
            _older[newer] = older;
        }
    }
}
