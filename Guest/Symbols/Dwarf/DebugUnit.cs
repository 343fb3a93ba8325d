namespace RiscvXv6.Guest.Symbols.Dwarf;

/// <summary>A unit of .debug_info (DWARF "Unit Headers"), and what its first entry says of all of it.</summary>
internal sealed class DebugUnit
{
    /// <summary>Where it starts in the section; references within the unit count from here.</summary>
    public required int Offset { get; init; }

    public required int End { get; init; }

    /// <summary>Where its first entry is.</summary>
    public required int FirstEntry { get; init; }

    public required DwarfEncoding Encoding { get; init; }

    public required AbbreviationTable Abbreviations { get; init; }

    /// <summary>Its part of .debug_str_offsets and of .debug_addr, in bytes from the start of the section.</summary>
    public ulong TextOffsetsBase { get; set; }

    public ulong AddressBase { get; set; }
}
