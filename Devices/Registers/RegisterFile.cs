using RiscvXv6.Devices.State;

namespace RiscvXv6.Devices.Registers;

/// <summary>
/// The stored values of a device's registers, and what the table says a load or a store does to them: write masks,
/// read-to-clear, write-1-to-clear, accesses to a part. Side effects are the device's.
/// </summary>
public sealed class RegisterFile<TRegister>
    where TRegister : struct, Enum
{
    private readonly RegisterTable<TRegister> _table;
    private readonly ulong[] _values;

    public RegisterFile(RegisterTable<TRegister> table)
    {
        _table = table;
        _values = new ulong[table.SlotCount];
        Reset();
    }

    /// <summary>The value of a register as the device itself sees and sets it: no mask, no side effect.</summary>
    public ref ulong this[TRegister id] => ref _values[_table.SlotOf(id, 0, 0)];

    /// <summary>The value of an element of an array.</summary>
    public ref ulong this[TRegister id, int element] => ref _values[_table.SlotOf(id, 0, element)];

    /// <summary>The value of an element of a repeated array.</summary>
    public ref ulong this[TRegister id, int group, int element] => ref _values[_table.SlotOf(id, group, element)];

    /// <summary>Puts the reset values of the table into all registers.</summary>
    public void Reset()
    {
        int slot = 0;
        foreach (var spec in _table.Rows)
        {
            Array.Fill(_values, spec.Reset, slot, spec.TotalCount);
            slot += spec.TotalCount;
        }
    }

    /// <summary>What a load would return.</summary>
    public ulong Peek(in RegisterHit<TRegister> hit, int sizeBytes) => hit.Extract(_values[hit.Slot], sizeBytes);

    /// <summary>A load, which clears what it reads of a read-to-clear register.</summary>
    public ulong Read(in RegisterHit<TRegister> hit, int sizeBytes)
    {
        ulong value = Peek(hit, sizeBytes);
        if (hit.Spec.Access.ClearsOnRead())
        {
            _values[hit.Slot] &= ~hit.LaneMask(sizeBytes);
        }

        return value;
    }

    /// <summary>A store of as much of <paramref name="value"/> as the register's access and write mask let through.</summary>
    public void Write(in RegisterHit<TRegister> hit, int sizeBytes, ulong value)
    {
        ref ulong stored = ref _values[hit.Slot];
        ulong mask = hit.Spec.WriteMask & hit.LaneMask(sizeBytes);
        stored = hit.Spec.Access.AfterWrite(stored, value << (8 * hit.ByteOffset), mask);
    }

    /// <summary>All values, in the order of the table.</summary>
    public ValueArray<ulong> Save() => new(_values);

    /// <summary>Puts back what <see cref="Save"/> returned, of a file over an equal table.</summary>
    public void Restore(ValueArray<ulong> values) => values.AsSpan().CopyTo(_values);
}
