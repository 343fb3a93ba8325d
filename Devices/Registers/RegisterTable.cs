using System.Numerics;

namespace RiscvXv6.Devices.Registers;

/// <summary>
/// All registers of a device, one row each. Dispatch, tests, trace names and the docs page are made from it.
/// Immutable, so devices of one kind share it.
/// </summary>
public abstract class RegisterTable
{
    private readonly RegisterIndex[] _readIndex;
    private readonly RegisterIndex[] _writeIndex;
    private readonly int[] _slots;

    /// <exception cref="ArgumentException">Two rows claim one place, or a row is malformed: a mistake in the table.</exception>
    protected RegisterTable(string deviceName, IReadOnlyList<RegisterSpec> rows)
    {
        DeviceName = deviceName;
        Rows = rows;
        int bankCount = 1 + Math.Max(0, rows.Max(static row => row.Bank));
        ulong end = rows.Max(static row => row.EndOffset);
        int granuleShift = BitOperations.Log2((uint)rows.Min(static row => row.WidthBytes));
        _readIndex = CreateIndexes(bankCount, end, granuleShift);
        _writeIndex = CreateIndexes(bankCount, end, granuleShift);
        _slots = new int[rows.Count];
        for (int row = 0; row < rows.Count; row++)
        {
            _slots[row] = SlotCount;
            SlotCount += rows[row].TotalCount;
            Check(rows[row]);
            Enter(rows[row], row, bankCount);
        }
    }

    /// <summary>As the device names itself in traces: <c>plic</c>.</summary>
    public string DeviceName { get; }

    public IReadOnlyList<RegisterSpec> Rows { get; }

    /// <summary>Values that a <see cref="RegisterFile{TRegister}"/> holds: one per element of each row.</summary>
    public int SlotCount { get; }

    /// <summary>The name of the register at an offset, as traces print it: <c>enable[3][1]</c>; null if there is none.</summary>
    public string? NameOf(ulong offset, bool isWrite, int bank = 0)
    {
        int row = FindRow(offset, isWrite, bank);
        if (row < 0)
        {
            return null;
        }

        var spec = Rows[row];
        Locate(spec, offset, out int group, out int element, out _);
        string groupIndex = spec.GroupCount > 1 ? $"[{group}]" : "";
        string elementIndex = spec.Count > 1 ? $"[{element}]" : "";
        return $"{spec.Name}{groupIndex}{elementIndex}";
    }

    /// <summary>The row at an offset, or a negative number.</summary>
    protected int FindRow(ulong offset, bool isWrite, int bank) => (isWrite ? _writeIndex : _readIndex)[bank].Find(offset);

    /// <summary>Index of the value of a row's first element.</summary>
    protected int FirstSlot(int row) => _slots[row];

    /// <summary>Which element of which group an offset that belongs to a row lies in, and how far into it.</summary>
    protected static void Locate(RegisterSpec spec, ulong offset, out int group, out int element, out int byteOffset)
    {
        ulong rest = offset - spec.Offset;
        group = 0;
        element = 0;
        if (spec.GroupCount > 1)
        {
            group = (int)(rest / spec.GroupStrideBytes);
            rest %= spec.GroupStrideBytes;
        }

        if (spec.Count > 1)
        {
            element = (int)(rest / spec.ElementStrideBytes);
            rest %= spec.ElementStrideBytes;
        }

        byteOffset = (int)rest;
    }

    private static RegisterIndex[] CreateIndexes(int bankCount, ulong end, int granuleShift)
    {
        var indexes = new RegisterIndex[bankCount];
        for (int bank = 0; bank < bankCount; bank++)
        {
            indexes[bank] = new RegisterIndex(end, granuleShift);
        }

        return indexes;
    }

    private void Check(RegisterSpec spec)
    {
        bool isSound = spec.WidthBytes is 1 or 2 or 4 or 8
            && spec.Count >= 1
            && spec.GroupCount >= 1
            && spec.Offset % (ulong)spec.WidthBytes == 0
            && spec.ElementStrideBytes % (ulong)spec.WidthBytes == 0
            && (spec.GroupCount == 1 || spec.GroupStrideBytes >= (ulong)spec.Count * spec.ElementStrideBytes)
            && (spec.Reset & ~spec.WidthMask) == 0
            && (spec.WriteMask & ~spec.WidthMask) == 0;
        if (!isSound)
        {
            throw new ArgumentException($"{DeviceName}: the row of {spec.Name} contradicts itself");
        }
    }

    private void Enter(RegisterSpec spec, int row, int bankCount)
    {
        int firstBank = spec.Bank == RegisterSpec.AnyBank ? 0 : spec.Bank;
        int lastBank = spec.Bank == RegisterSpec.AnyBank ? bankCount - 1 : spec.Bank;
        for (int bank = firstBank; bank <= lastBank; bank++)
        {
            for (int index = 0; index < spec.TotalCount; index++)
            {
                ulong offset = spec.OffsetOf(index / spec.Count, index % spec.Count);
                bool isFree = (!spec.Access.IsReadable() || _readIndex[bank].TryAdd(offset, spec.WidthBytes, row))
                    && (!spec.Access.IsWritable() || _writeIndex[bank].TryAdd(offset, spec.WidthBytes, row));
                if (!isFree)
                {
                    throw new ArgumentException($"{DeviceName}: {spec.Name} at 0x{offset:x} overlaps another register");
                }
            }
        }
    }
}
