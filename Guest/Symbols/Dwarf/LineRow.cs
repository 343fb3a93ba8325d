namespace RiscvXv6.Guest.Symbols.Dwarf;

/// <summary>From this address on, up to that of the next row, the code is of that line.</summary>
/// <param name="Address">Virtual address.</param>
/// <param name="Line">0 if it is of no line in particular.</param>
/// <param name="FileAndFlag">The file's number in the unit, doubled, and 1 if a statement begins here.</param>
internal readonly record struct LineRow(ulong Address, int Line, uint FileAndFlag)
{
    public uint File => FileAndFlag >> 1;

    public bool IsStatement => (FileAndFlag & 1) != 0;
}

/// <summary>Rows of ascending addresses without a gap.</summary>
/// <param name="Start">The address of its first row.</param>
/// <param name="End">The first address after it.</param>
/// <param name="UnitOffset">The unit in .debug_line that it is of.</param>
/// <param name="FirstRow">Its first row.</param>
/// <param name="RowCount">At least 1.</param>
internal readonly record struct LineSequence(ulong Start, ulong End, int UnitOffset, int FirstRow, int RowCount);
