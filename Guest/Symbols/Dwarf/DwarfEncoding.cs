namespace RiscvXv6.Guest.Symbols.Dwarf;

/// <summary>How a unit writes its numbers.</summary>
/// <param name="Version">2 to 5.</param>
/// <param name="OffsetBytes">4, or 8 in the 64-bit format (DWARF "32-Bit and 64-Bit DWARF Formats").</param>
/// <param name="AddressBytes">Size of an address; 8 on this machine, any other is read as it says.</param>
internal readonly record struct DwarfEncoding(int Version, int OffsetBytes, int AddressBytes)
{
    private const uint Escape64 = 0xffff_ffff;
    private const uint FirstReserved = 0xffff_fff0;

    public static bool IsKnownVersion(int version) => version is >= 2 and <= 5;

    /// <summary>Reads a unit's length field: the length's own size is the unit's size of offsets.</summary>
    /// <param name="cursor">At the unit's start; behind the field afterwards.</param>
    /// <param name="offsetBytes">4 or 8.</param>
    /// <param name="end">Where the unit ends in its section.</param>
    /// <returns>False if the unit does not lie in the section.</returns>
    public static bool TryReadLength(ref DwarfCursor cursor, out int offsetBytes, out int end)
    {
        ulong length = cursor.Word();
        offsetBytes = 4;
        if (length == Escape64)
        {
            length = cursor.Double();
            offsetBytes = 8;
        }

        bool isInside = cursor.IsGood && length <= (ulong)cursor.Remaining && !(offsetBytes == 4 && length >= FirstReserved);
        end = isInside ? cursor.Position + (int)length : 0;
        return isInside;
    }
}
