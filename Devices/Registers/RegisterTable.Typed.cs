using System.Runtime.CompilerServices;

namespace RiscvXv6.Devices.Registers;

/// <summary>A register table whose rows the device names by an enumeration of its own, in the rows' order from 0.</summary>
/// <typeparam name="TRegister">An enumeration over <see cref="int"/>.</typeparam>
public sealed class RegisterTable<TRegister> : RegisterTable
    where TRegister : struct, Enum
{
    private readonly RegisterSpec[] _rows;

    /// <exception cref="ArgumentException">Rows and enumeration differ in number, or a row is malformed.</exception>
    public RegisterTable(string deviceName, params RegisterSpec[] rows)
        : base(deviceName, rows)
    {
        if (Enum.GetValues<TRegister>().Length != rows.Length)
        {
            throw new ArgumentException($"{deviceName}: a row per {typeof(TRegister).Name} is needed");
        }

        _rows = rows;
    }

    public RegisterSpec this[TRegister id] => _rows[IndexOf(id)];

    /// <summary>The register that a load at an offset reads; false if there is none.</summary>
    public bool TryFindForRead(ulong offset, out RegisterHit<TRegister> hit, int bank = 0) =>
        TryFind(offset, isWrite: false, bank, out hit);

    /// <summary>The register that a store at an offset changes; false if there is none, or it can't be written.</summary>
    public bool TryFindForWrite(ulong offset, out RegisterHit<TRegister> hit, int bank = 0) =>
        TryFind(offset, isWrite: true, bank, out hit);

    /// <summary>Index of a register's value in a <see cref="RegisterFile{TRegister}"/>.</summary>
    public int SlotOf(TRegister id, int group, int element)
    {
        int row = IndexOf(id);
        return FirstSlot(row) + group * _rows[row].Count + element;
    }

    private static int IndexOf(TRegister id) => Unsafe.BitCast<TRegister, int>(id);

    private bool TryFind(ulong offset, bool isWrite, int bank, out RegisterHit<TRegister> hit)
    {
        int row = FindRow(offset, isWrite, bank);
        if (row < 0)
        {
            hit = default;
            return false;
        }

        var spec = _rows[row];
        Locate(spec, offset, out int group, out int element, out int byteOffset);
        int slot = FirstSlot(row) + group * spec.Count + element;
        hit = new RegisterHit<TRegister>(Unsafe.BitCast<int, TRegister>(row), spec, group, element, byteOffset, slot);
        return true;
    }
}
