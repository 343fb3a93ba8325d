using RiscvXv6.Devices.State;

namespace RiscvXv6.Devices.E1000;

/// <summary>A queue of so many entries and no more, as chips have them.</summary>
internal sealed class BoundedQueue<T>(int capacity)
    where T : struct, IEquatable<T>
{
    private readonly T[] _items = new T[capacity];
    private int _first;

    public int Count { get; private set; }

    public bool IsFull => Count == _items.Length;

    /// <summary>An entry, counted from the oldest; it must be there.</summary>
    public ref T this[int index] => ref _items[Wrap(_first + index)];

    /// <summary>Adds an entry, for which there must be room.</summary>
    public void Add(in T item) => _items[Wrap(_first + Count++)] = item;

    /// <summary>Takes the oldest entry, which must be there.</summary>
    public T Take()
    {
        var item = _items[_first];
        _first = Wrap(_first + 1);
        Count--;
        return item;
    }

    /// <summary>Keeps so many of the oldest.</summary>
    public void Truncate(int count) => Count = Math.Min(Count, count);

    public void Clear()
    {
        _first = 0;
        Count = 0;
    }

    public ValueArray<T> Save()
    {
        var items = new T[Count];
        for (int index = 0; index < items.Length; index++)
        {
            items[index] = this[index];
        }

        return new ValueArray<T>(items);
    }

    public void Restore(ValueArray<T> items)
    {
        Clear();
        items.AsSpan().CopyTo(_items);
        Count = items.Length;
    }

    private int Wrap(int index) => index >= _items.Length ? index - _items.Length : index;
}
