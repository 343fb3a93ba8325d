using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace RiscvXv6.Guest.Elf;

/// <summary>Reads the section table and the symbol table of an image whose ELF header was checked.</summary>
internal readonly ref struct ElfSectionReader(ReadOnlyMemory<byte> image)
{
    /// <summary>
    /// A longer name is cut here: many symbols may point into one endless string, and looking for its end each time would
    /// make the time quadratic.
    /// </summary>
    private const int LongestNameBytes = 4096;

    private readonly ReadOnlyMemory<byte> _image = image;
    private readonly ReadOnlySpan<byte> _bytes = image.Span;

    private readonly record struct Header(uint Name, uint Type, ulong Address, ulong Offset, ulong SizeBytes, uint Link);

    public bool TryRead(
        [NotNullWhen(true)] out ElfSection[]? sections,
        [NotNullWhen(true)] out ElfSymbol[]? symbols,
        [NotNullWhen(false)] out ElfError? error)
    {
        sections = null;
        symbols = null;
        error = null;
        ulong offset = BinaryPrimitives.ReadUInt64LittleEndian(_bytes[40..]);
        ushort entrySize = BinaryPrimitives.ReadUInt16LittleEndian(_bytes[58..]);
        ushort count = BinaryPrimitives.ReadUInt16LittleEndian(_bytes[60..]);
        ushort names = BinaryPrimitives.ReadUInt16LittleEndian(_bytes[62..]);
        if (count == 0 || offset == 0)
        {
            sections = [];
            symbols = [];
            return true;
        }

        if (entrySize != ElfLayout.SectionHeaderBytes)
        {
            error = new ElfError(ElfErrorKind.Malformed, $"has section headers of {entrySize} bytes instead of 64");
            return false;
        }

        if (!IsInside(offset, (ulong)count * entrySize))
        {
            error = new ElfError(ElfErrorKind.Truncated, $"has its section table outside the file ({_bytes.Length} bytes)");
            return false;
        }

        var headers = new Header[count];
        for (int index = 0; index < count; index++)
        {
            var header = headers[index] = ReadHeader(_bytes.Slice((int)offset + index * entrySize, entrySize));
            if (index != 0 && header.Type != ElfLayout.SectionNoBits && !IsInside(header.Offset, header.SizeBytes))
            {
                error = new ElfError(ElfErrorKind.Truncated, $"is cut off: section {index} lies outside the file");
                return false;
            }
        }

        sections = ReadSections(headers, names);
        symbols = ReadSymbols(headers);
        return true;
    }

    private static Header ReadHeader(ReadOnlySpan<byte> header) => new(
        BinaryPrimitives.ReadUInt32LittleEndian(header),
        BinaryPrimitives.ReadUInt32LittleEndian(header[4..]),
        BinaryPrimitives.ReadUInt64LittleEndian(header[16..]),
        BinaryPrimitives.ReadUInt64LittleEndian(header[24..]),
        BinaryPrimitives.ReadUInt64LittleEndian(header[32..]),
        BinaryPrimitives.ReadUInt32LittleEndian(header[40..]));

    private ElfSection[] ReadSections(Header[] headers, ushort namesIndex)
    {
        var names = StringTable(headers, namesIndex);
        var sections = new ElfSection[headers.Length - 1];
        for (int index = 1; index < headers.Length; index++)
        {
            var header = headers[index];

            // A name is decoded here and kept as text, so it is cut much shorter than a symbol's.
            var name = NameAt(names, header.Name).Span;
            sections[index - 1] = new ElfSection(
                Encoding.UTF8.GetString(name[..Math.Min(name.Length, 64)]),
                header.Type,
                header.Address,
                header.SizeBytes,
                header.Type == ElfLayout.SectionNoBits ? default : Contents(header));
        }

        return sections;
    }

    /// <summary>The symbols of the first table: ELF allows one SHT_SYMTAB section.</summary>
    private ElfSymbol[] ReadSymbols(Header[] headers)
    {
        int table = Array.FindIndex(headers, 1, static header => header.Type == ElfLayout.SectionSymbolTable);
        if (table < 0)
        {
            return [];
        }

        var names = StringTable(headers, headers[table].Link);
        var entries = Contents(headers[table]).Span;
        var symbols = new List<ElfSymbol>(entries.Length / ElfLayout.SymbolBytes);
        for (; entries.Length >= ElfLayout.SymbolBytes; entries = entries[ElfLayout.SymbolBytes..])
        {
            ushort section = BinaryPrimitives.ReadUInt16LittleEndian(entries[6..]);
            var name = NameAt(names, BinaryPrimitives.ReadUInt32LittleEndian(entries));
            if (section == ElfLayout.UndefinedSection || name.IsEmpty)
            {
                continue;
            }

            symbols.Add(new ElfSymbol(
                name,
                BinaryPrimitives.ReadUInt64LittleEndian(entries[8..]),
                BinaryPrimitives.ReadUInt64LittleEndian(entries[16..]),
                (ElfSymbolType)(entries[4] & 0xf),
                (ElfSymbolBinding)(entries[4] >> 4),
                section));
        }

        return [.. symbols];
    }

    private ReadOnlyMemory<byte> StringTable(Header[] headers, uint index) =>
        index != 0 && index < headers.Length && headers[index].Type == ElfLayout.SectionStringTable
            ? Contents(headers[index])
            : default;

    private ReadOnlyMemory<byte> Contents(Header header) => _image.Slice((int)header.Offset, (int)header.SizeBytes);

    private static ReadOnlyMemory<byte> NameAt(ReadOnlyMemory<byte> table, uint offset)
    {
        if (offset >= table.Length)
        {
            return default;
        }

        var rest = table[(int)offset..];
        rest = rest[..Math.Min(rest.Length, LongestNameBytes)];
        int end = rest.Span.IndexOf((byte)0);
        return end < 0 ? rest : rest[..end];
    }

    private bool IsInside(ulong offset, ulong sizeBytes) =>
        offset <= (ulong)_bytes.Length && sizeBytes <= (ulong)_bytes.Length - offset;
}
