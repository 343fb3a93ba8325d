namespace RiscvXv6.Devices.State;

/// <summary>An immutable array that compares by content, for use in state records.</summary>
public readonly struct ValueArray<T>(ReadOnlySpan<T> items) : IEquatable<ValueArray<T>>
    where T : IEquatable<T>
{
    private readonly T[] _items = items.ToArray();

    public int Length => _items.Length;

    public T this[int index] => _items[index];

    public ReadOnlySpan<T> AsSpan() => _items;

    public bool Equals(ValueArray<T> other) => AsSpan().SequenceEqual(other.AsSpan());

    public override bool Equals(object? obj) => obj is ValueArray<T> other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var item in AsSpan())
        {
            hash.Add(item);
        }

        return hash.ToHashCode();
    }

    public static bool operator ==(ValueArray<T> left, ValueArray<T> right) => left.Equals(right);

    public static bool operator !=(ValueArray<T> left, ValueArray<T> right) => !left.Equals(right);
}
