namespace RiscvXv6.Guest.Symbols.Dwarf;

/// <summary>The tables of folders and files of a unit of .debug_line, in either of their shapes.</summary>
internal sealed class LineFiles
{
    private const ulong ContentPath = 1;
    private const ulong ContentDirectory = 2;

    private readonly List<ReadOnlyMemory<byte>> _directories = [];
    private readonly List<FileEntry> _files = [];
    private readonly string _home;

    /// <param name="sections">The program's.</param>
    /// <param name="header">The unit's.</param>
    /// <param name="compilationDirectory">Asked where the unit does not tell; a unit of version 5 does.</param>
    public LineFiles(DwarfSections sections, LineHeader header, Func<int, string> compilationDirectory)
    {
        if (header.Encoding.Version >= 5)
        {
            ReadSince5(sections, header);
            _home = Directory(0);
        }
        else
        {
            ReadBefore5(sections.Lines[..header.ProgramOffset], header.TablesOffset);
            _home = _directories.Exists(static name => name.Span.StartsWith("/"u8))
                || _files.Exists(static file => file.Name.Span.StartsWith("/"u8))
                ? compilationDirectory(header.UnitOffset)
                : "";
        }
    }

    private readonly record struct FileEntry(ulong Directory, ReadOnlyMemory<byte> Name);

    /// <summary>Numbers of files are below it.</summary>
    public int Count => _files.Count;

    /// <summary>A file's name relative to the folder of the compilation; null if there is no such file.</summary>
    /// <param name="number">From 1, and from 0 since version 5.</param>
    public string? Name(uint number)
    {
        if (number >= (uint)_files.Count || _files[(int)number].Name.IsEmpty)
        {
            return null;
        }

        var file = _files[(int)number];
        return SourcePath.Of(
            _home, file.Directory == 0 ? "" : Directory(file.Directory), DwarfText.Decode(file.Name.Span));
    }

    /// <summary>Whether a file's name may end with that component: asked first, as it makes no text.</summary>
    public bool MayEndWith(uint number, ReadOnlySpan<byte> component) =>
        number < (uint)_files.Count && _files[(int)number].Name.Span.EndsWith(component);

    private string Directory(ulong number) =>
        number < (ulong)_directories.Count ? DwarfText.Decode(_directories[(int)number].Span) : "";

    /// <summary>Lists that end with an empty name (DWARF 4 "The Line Number Program Header").</summary>
    private void ReadBefore5(ReadOnlyMemory<byte> section, int offset)
    {
        var cursor = new DwarfCursor(section.Span, (ulong)offset);
        _directories.Add(default);
        while (ReadName(section, ref cursor) is { IsEmpty: false } name)
        {
            _directories.Add(name);
        }

        _files.Add(default);
        while (ReadName(section, ref cursor) is { IsEmpty: false } name)
        {
            _files.Add(new FileEntry(cursor.Unsigned(), name));

            // Time and size of the file.
            cursor.Unsigned();
            cursor.Unsigned();
        }
    }

    private static ReadOnlyMemory<byte> ReadName(ReadOnlyMemory<byte> section, ref DwarfCursor cursor)
    {
        int start = cursor.Position;
        int length = cursor.Text().Length;
        return section.Slice(start, Math.Min(length, DwarfSections.LongestTextBytes));
    }

    /// <summary>Tables that say how they are written (DWARF "The Line Number Program Header").</summary>
    private void ReadSince5(DwarfSections sections, LineHeader header)
    {
        var cursor = new DwarfCursor(sections.Lines.Span[..header.ProgramOffset], (ulong)header.TablesOffset);
        ReadTable(sections, header.Encoding, ref cursor, (_, name) => _directories.Add(name));
        ReadTable(sections, header.Encoding, ref cursor, (folder, name) => _files.Add(new FileEntry(folder, name)));
    }

    private static void ReadTable(
        DwarfSections sections, DwarfEncoding encoding, ref DwarfCursor cursor, Action<ulong, ReadOnlyMemory<byte>> add)
    {
        var columns = new (ulong Content, DwarfForm Form)[cursor.Byte()];
        for (int index = 0; index < columns.Length; index++)
        {
            columns[index] = (cursor.Unsigned(), (DwarfForm)Math.Min(cursor.Unsigned(), 0xffff));
        }

        ulong count = cursor.Unsigned();
        for (ulong number = 0; number < count; number++)
        {
            int start = cursor.Position;
            ulong folder = 0;
            DwarfValue name = default;
            foreach (var (content, form) in columns)
            {
                var value = DwarfValue.Read(ref cursor, form, 0, encoding);
                switch (content)
                {
                    case ContentPath:
                        name = value;
                        break;
                    case ContentDirectory:
                        folder = value.AsNumber ?? 0;
                        break;
                }
            }

            if (!cursor.IsGood || cursor.Position == start)
            {
                // An entry of no bytes: their number bounds nothing.
                return;
            }

            add(folder, sections.Text(name, sections.Lines, encoding));
        }
    }
}
