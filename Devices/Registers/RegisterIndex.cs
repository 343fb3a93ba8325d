namespace RiscvXv6.Devices.Registers;

/// <summary>
/// From an offset to the row of a register table in constant time: a page table of two levels, so that a device of
/// megabytes with few registers costs kilobytes.
/// </summary>
internal sealed class RegisterIndex
{
    private const int PageShift = 8;
    private const int PageSlots = 1 << PageShift;
    private const short Nothing = -1;

    private readonly short[]?[] _pages;
    private readonly int _granuleShift;

    /// <param name="endOffset">First offset behind the last register.</param>
    /// <param name="granuleShift">log2 of the bytes that one entry stands for: the narrowest register's width.</param>
    public RegisterIndex(ulong endOffset, int granuleShift)
    {
        _granuleShift = granuleShift;
        _pages = new short[]?[(int)((endOffset - 1) >> (granuleShift + PageShift)) + 1];
    }

    /// <summary>Enters a row. False if another row has the place already.</summary>
    public bool TryAdd(ulong offset, int widthBytes, int row)
    {
        ulong last = (offset + (ulong)widthBytes - 1) >> _granuleShift;
        for (ulong granule = offset >> _granuleShift; granule <= last; granule++)
        {
            ref var page = ref _pages[(int)(granule >> PageShift)];
            if (page is null)
            {
                page = new short[PageSlots];
                Array.Fill(page, Nothing);
            }

            ref short entry = ref page[(int)granule & (PageSlots - 1)];
            if (entry != Nothing)
            {
                return false;
            }

            entry = (short)row;
        }

        return true;
    }

    /// <summary>The row at an offset, or a negative number.</summary>
    public int Find(ulong offset)
    {
        ulong granule = offset >> _granuleShift;
        ulong page = granule >> PageShift;
        return page < (ulong)_pages.Length && _pages[(int)page] is { } slots
            ? slots[(int)granule & (PageSlots - 1)]
            : Nothing;
    }
}
