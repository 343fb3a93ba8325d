using RiscvXv6.Guest.Elf;

namespace RiscvXv6.Guest.Symbols.Dwarf;

/// <summary>The sections of a file that describe its source; one that is absent is empty.</summary>
internal sealed class DwarfSections
{
    private const uint ProgramBits = 1;

    /// <summary>A longer name is cut: many entries may point into one endless text.</summary>
    public const int LongestTextBytes = 1024;

    public DwarfSections(ElfFile file)
    {
        Lines = Find(file, ".debug_line");
        Entries = Find(file, ".debug_info");
        Abbreviations = Find(file, ".debug_abbrev");
        Texts = Find(file, ".debug_str");
        LineTexts = Find(file, ".debug_line_str");
        TextOffsets = Find(file, ".debug_str_offsets");
        Addresses = Find(file, ".debug_addr");
        Frames = Find(file, ".debug_frame");
    }

    public ReadOnlyMemory<byte> Lines { get; }

    public ReadOnlyMemory<byte> Entries { get; }

    public ReadOnlyMemory<byte> Abbreviations { get; }

    public ReadOnlyMemory<byte> TextOffsets { get; }

    public ReadOnlyMemory<byte> Addresses { get; }

    public ReadOnlyMemory<byte> Frames { get; }

    private ReadOnlyMemory<byte> Texts { get; }

    private ReadOnlyMemory<byte> LineTexts { get; }

    /// <summary>The bytes of a text; empty if there is none.</summary>
    /// <param name="value">A value that says where it is.</param>
    /// <param name="section">The section from which the value was read.</param>
    /// <param name="encoding">The unit's.</param>
    /// <param name="textOffsetsBase">The unit's part of .debug_str_offsets.</param>
    public ReadOnlyMemory<byte> Text(
        DwarfValue value, ReadOnlyMemory<byte> section, DwarfEncoding encoding, ulong textOffsetsBase = 0)
    {
        switch (value.Kind)
        {
            case DwarfValueKind.Text:
                return section.Slice((int)value.Number, Math.Min(value.LengthBytes, LongestTextBytes));
            case DwarfValueKind.TextOffset:
                return TextAt(Texts, value.Number);
            case DwarfValueKind.LineTextOffset:
                return TextAt(LineTexts, value.Number);
            case DwarfValueKind.TextIndex:
                ulong limit = (ulong)TextOffsets.Length;
                if (value.Number > limit || textOffsetsBase > limit)
                {
                    return default;
                }

                var cursor = new DwarfCursor(TextOffsets.Span, textOffsetsBase + value.Number * (ulong)encoding.OffsetBytes);
                ulong offset = cursor.Number(encoding.OffsetBytes);
                return cursor.IsGood ? TextAt(Texts, offset) : default;
            default:
                return default;
        }
    }

    private static ReadOnlyMemory<byte> TextAt(ReadOnlyMemory<byte> section, ulong offset)
    {
        if (offset >= (ulong)section.Length)
        {
            return default;
        }

        var rest = section[(int)offset..];
        rest = rest[..Math.Min(rest.Length, LongestTextBytes)];
        int length = rest.Span.IndexOf((byte)0);
        return length < 0 ? rest : rest[..length];
    }

    private static ReadOnlyMemory<byte> Find(ElfFile file, string name) =>
        file.Sections.FirstOrDefault(section => section.Type == ProgramBits && section.Name == name)?.Data ?? default;
}
