namespace RiscvXv6.Guest.Symbols.Dwarf;

/// <summary>What all functions of a unit have in common (DWARF "Structure of Call Frame Information", a CIE).</summary>
/// <param name="CodeAlignment">What an advance of 1 means, in bytes.</param>
/// <param name="DataAlignment">What an offset of 1 means, in bytes.</param>
/// <param name="ReturnAddressRegister">The register with the address to return to.</param>
/// <param name="AddressBytes">Size of an address in the function's entry.</param>
/// <param name="SegmentBytes">Size of a segment selector before it.</param>
/// <param name="Start">Where its instructions start.</param>
/// <param name="End">Where they end.</param>
internal readonly record struct FrameCommon(
    ulong CodeAlignment, long DataAlignment, int ReturnAddressRegister, int AddressBytes, int SegmentBytes, int Start, int End)
{
    /// <summary>Reads the one at an offset of .debug_frame.</summary>
    public static bool TryRead(ReadOnlySpan<byte> section, ulong offset, out FrameCommon common)
    {
        common = default;
        var cursor = new DwarfCursor(section, offset);
        if (!DwarfEncoding.TryReadLength(ref cursor, out int offsetBytes, out int end))
        {
            return false;
        }

        cursor = new DwarfCursor(section[..end], (ulong)cursor.Position);
        bool isCommon = cursor.Number(offsetBytes) == Mark(offsetBytes);
        int version = cursor.Byte();
        var augmentation = cursor.Text();
        if (!isCommon || version is not (1 or 3 or 4) || !augmentation.IsEmpty)
        {
            // An augmentation means rules that nobody here knows.
            return false;
        }

        int addressBytes = version == 4 ? cursor.Byte() : sizeof(ulong);
        int segmentBytes = version == 4 ? cursor.Byte() : 0;
        ulong code = cursor.Unsigned();
        long data = cursor.Signed();
        ulong register = version == 1 ? cursor.Byte() : cursor.Unsigned();
        common = new FrameCommon(
            code, data, (int)Math.Min(register, int.MaxValue), addressBytes, segmentBytes, cursor.Position, end);
        return cursor.IsGood;
    }

    /// <summary>What stands in a common entry where a function's has the offset of its common one.</summary>
    public static ulong Mark(int offsetBytes) => offsetBytes == 4 ? uint.MaxValue : ulong.MaxValue;
}

/// <summary>A function's (an FDE).</summary>
/// <param name="First">Its first address.</param>
/// <param name="SizeBytes">At least 1.</param>
/// <param name="CommonOffset">Its common entry.</param>
/// <param name="Start">Where its instructions start.</param>
/// <param name="End">Where they end.</param>
internal readonly record struct FrameEntry(ulong First, ulong SizeBytes, ulong CommonOffset, int Start, int End);
