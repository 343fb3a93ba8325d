using RiscvXv6.Devices.State;

namespace RiscvXv6.Devices.Uart;

/// <summary>Up to 16 received characters; each keeps the line status it arrived with.</summary>
internal sealed class ReceiveFifo
{
    public const int Capacity = 16;

    private const ushort BreakFlag = 0x100;

    private readonly ushort[] _items = new ushort[Capacity];
    private int _head;

    public int Count { get; private set; }

    /// <summary>The oldest character arrived as a break, and LSR has not shown it yet.</summary>
    public bool HeadIsBreak => Count > 0 && (_items[_head] & BreakFlag) != 0;

    /// <summary>Some character arrived as a break that LSR has not shown yet.</summary>
    public bool HoldsBreak
    {
        get
        {
            for (int i = 0; i < Count; i++)
            {
                if ((_items[(_head + i) % Capacity] & BreakFlag) != 0)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>The oldest character, or 0 if there is none.</summary>
    public byte Head => Count == 0 ? (byte)0 : (byte)_items[_head];

    /// <summary>Adds a character; the caller has checked that there is room.</summary>
    public void Push(byte value, bool isBreak)
    {
        _items[(_head + Count) % Capacity] = (ushort)(value | (isBreak ? BreakFlag : 0));
        Count++;
    }

    /// <summary>Removes and returns the oldest character, or 0 if there is none.</summary>
    public byte Pop()
    {
        if (Count == 0)
        {
            return 0;
        }

        byte value = (byte)_items[_head];
        _head = (_head + 1) % Capacity;
        Count--;
        return value;
    }

    public void AcknowledgeBreak() => _items[_head] &= unchecked((ushort)~BreakFlag);

    public void Clear() => Count = 0;

    /// <summary>The characters and their flags, oldest first.</summary>
    public ValueArray<ushort> Save()
    {
        var items = new ushort[Count];
        for (int i = 0; i < items.Length; i++)
        {
            items[i] = _items[(_head + i) % Capacity];
        }

        return new ValueArray<ushort>(items);
    }

    public void Restore(ValueArray<ushort> items)
    {
        _head = 0;
        Count = items.Length;
        items.AsSpan().CopyTo(_items);
    }
}
