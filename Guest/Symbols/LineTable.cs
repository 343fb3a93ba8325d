using System.Text;
using RiscvXv6.Guest.Elf;
using RiscvXv6.Guest.Symbols.Dwarf;

namespace RiscvXv6.Guest.Symbols;

/// <summary>
/// Which line of the source each address is of, from .debug_line of DWARF 2 to 5. Any bytes will do: what makes no sense is
/// left out. A file without that section has an empty table.
/// </summary>
public sealed class LineTable
{
    /// <summary>Names that are kept once made; a file has fewer unless it means harm.</summary>
    private const int MostNamesKept = 4096;

    private readonly DwarfSections _sections;
    private readonly Func<int, string> _compilationDirectory;
    private readonly LineRow[] _rows;
    private readonly LineSequence[] _sequences;
    private readonly Dictionary<int, LineFiles?> _files = [];
    private readonly Dictionary<(int Unit, uint File), string?> _names = [];

    public LineTable(ElfFile file)
        : this(file, new DwarfSections(file), null)
    {
    }

    internal LineTable(ElfFile file, DwarfSections sections, Func<int, string>? compilationDirectory)
    {
        _sections = sections;
        _compilationDirectory = compilationDirectory ?? (unit => new DebugEntries(sections).CompilationDirectory(unit));
        var rows = new List<LineRow>();
        var sequences = new List<LineSequence>();
        LineProgram.RunAll(sections.Lines.Span, rows, sequences);
        _rows = [.. rows];
        _sequences = KeepLoaded(file, sequences);
    }

    /// <summary>True if nothing is known of any address.</summary>
    public bool IsEmpty => _sequences.Length == 0;

    /// <summary>The line that the code at an address is of.</summary>
    public bool TryFind(ulong address, out SourceLine line)
    {
        line = default;
        int found = LastAtOrBefore<LineSequence>(_sequences, address, static sequence => sequence.Start);
        if (found < 0 || address >= _sequences[found].End)
        {
            return false;
        }

        var sequence = _sequences[found];
        var rows = RowsOf(sequence);
        var row = rows[LastAtOrBefore(rows, address, static row => row.Address)];
        if (row.Line == 0 || NameOf(sequence.UnitOffset, row.File) is not { } name)
        {
            return false;
        }

        line = new SourceLine(name, row.Line);
        return true;
    }

    /// <summary>Where code of a line begins, in ascending order; none if the line has no code of its own.</summary>
    /// <param name="file">A name as <see cref="SourceLine.File"/> has it, or its last components.</param>
    /// <param name="line">From 1.</param>
    public IEnumerable<ulong> AddressesOf(string file, int line)
    {
        var addresses = new List<ulong>();
        var files = new Dictionary<int, HashSet<uint>>();
        foreach (var sequence in _sequences)
        {
            var rows = RowsOf(sequence);
            for (int index = 0; index < rows.Length; index++)
            {
                var row = rows[index];
                if (row.Line != line || line <= 0 || !row.IsStatement
                    || (index != 0 && rows[index - 1].Line == line && rows[index - 1].File == row.File))
                {
                    continue;
                }

                if (!files.TryGetValue(sequence.UnitOffset, out var numbers))
                {
                    files.Add(sequence.UnitOffset, numbers = NumbersOf(sequence.UnitOffset, file));
                }

                if (numbers.Contains(row.File))
                {
                    addresses.Add(row.Address);
                }
            }
        }

        return addresses;
    }

    /// <summary>
    /// In ascending order without overlaps, and only what the file loads as code: what the linker discarded stays behind in
    /// the table, at address 0.
    /// </summary>
    private static LineSequence[] KeepLoaded(ElfFile file, List<LineSequence> sequences)
    {
        var kept = new List<LineSequence>();
        ulong end = 0;
        foreach (var sequence in sequences
            .Where(each => LoadedCode.Contains(file, each.Start, each.End - each.Start))
            .OrderBy(static each => each.Start))
        {
            if (kept.Count == 0 || sequence.Start >= end)
            {
                kept.Add(sequence);
                end = sequence.End;
            }
        }

        return [.. kept];
    }

    private ReadOnlySpan<LineRow> RowsOf(LineSequence sequence) => _rows.AsSpan(sequence.FirstRow, sequence.RowCount);

    private string? NameOf(int unit, uint file)
    {
        if (_names.TryGetValue((unit, file), out string? name))
        {
            return name;
        }

        name = FilesOf(unit)?.Name(file);
        if (_names.Count < MostNamesKept)
        {
            _names.Add((unit, file), name);
        }

        return name;
    }

    private HashSet<uint> NumbersOf(int unit, string asked)
    {
        var numbers = new HashSet<uint>();
        if (FilesOf(unit) is { } files)
        {
            byte[] last = Encoding.UTF8.GetBytes(asked[(asked.LastIndexOf('/') + 1)..]);
            for (uint number = 0; number < files.Count; number++)
            {
                if (files.MayEndWith(number, last) && files.Name(number) is { } name && SourcePath.Matches(name, asked))
                {
                    numbers.Add(number);
                }
            }
        }

        return numbers;
    }

    private LineFiles? FilesOf(int unit)
    {
        if (!_files.TryGetValue(unit, out var files))
        {
            files = LineHeader.TryRead(_sections.Lines.Span, unit, out var header, out _)
                ? new LineFiles(_sections, header, _compilationDirectory)
                : null;
            _files.Add(unit, files);
        }

        return files;
    }

    private static int LastAtOrBefore<T>(ReadOnlySpan<T> items, ulong address, Func<T, ulong> addressOf)
    {
        int low = 0, high = items.Length;
        while (low < high)
        {
            int middle = low + (high - low) / 2;
            if (addressOf(items[middle]) <= address)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low - 1;
    }
}
