using System.Globalization;
using RiscvXv6.Guest.Elf;
using RiscvXv6.Guest.Symbols.Dwarf;

namespace RiscvXv6.Guest.Symbols;

/// <summary>
/// A program in the words of its source: symbols, lines, types. Nothing is read before it is asked for, and whatever the file
/// holds, nothing throws: what can't be read is unknown. For one thread at a time.
/// </summary>
public sealed class ProgramInfo
{
    private readonly Lazy<DwarfSections> _sections;
    private readonly Lazy<SymbolTable> _symbols;
    private readonly Lazy<LineTable> _lines;
    private readonly Lazy<DebugEntries> _entries;
    private readonly Lazy<TypeCatalog> _types;
    private readonly Lazy<FrameTable> _frames;

    public ProgramInfo(ElfFile file)
    {
        File = file;
        _sections = new(() => new DwarfSections(file));
        _symbols = new(() => new SymbolTable(file));
        _lines = new(() => new LineTable(file, _sections.Value, unit => _entries!.Value.CompilationDirectory(unit)));
        _entries = new(() => new DebugEntries(_sections.Value));
        _types = new(() => new TypeCatalog(_entries.Value));
        _frames = new(() => new FrameTable(file, _sections.Value));
    }

    public ElfFile File { get; }

    /// <summary>Functions and labels by address, and addresses by name.</summary>
    public SymbolTable Symbols => _symbols.Value;

    /// <summary>Lines by address, and addresses by line; empty if the program has none.</summary>
    public LineTable Lines => _lines.Value;

    /// <summary>Structures and global variables; empty if the program has none.</summary>
    public TypeCatalog Types => _types.Value;

    /// <summary>How to leave each function; empty if the program does not tell.</summary>
    public FrameTable Frames => _frames.Value;

    /// <summary>
    /// An address of code: <c>acquire+0x1c (kernel/spinlock.c:36)</c>, without what is unknown; <c>0x80001234</c> if nothing is.
    /// </summary>
    public string Describe(ulong address) => Describe(address, address);

    /// <summary>
    /// An address to which a call returns, as <see cref="Describe(ulong)"/> has it but for the line, which is the call's: what
    /// follows a call may be of another line, or of another function if the call never returns.
    /// </summary>
    public string DescribeReturn(ulong address)
    {
        if (Symbols.TryFind(address, out var here) && here.OffsetBytes != 0)
        {
            return Describe(address, address - 1);
        }

        // The address may be the start of the next function, of which nothing has run.
        return Symbols.TryFind(address - 1, out var call)
            ? Text(call with { OffsetBytes = call.OffsetBytes + 1 }, address - 1)
            : Describe(address, address);
    }

    private string Describe(ulong address, ulong lineAddress)
    {
        if (Symbols.TryFind(address, out var symbol))
        {
            return Text(symbol, lineAddress);
        }

        string number = string.Create(CultureInfo.InvariantCulture, $"0x{address:x}");
        return Lines.TryFind(lineAddress, out var line) ? $"{number} ({line})" : number;
    }

    private string Text(SymbolLocation symbol, ulong lineAddress)
    {
        string name = DwarfText.Printable(symbol.ToString());
        return Lines.TryFind(lineAddress, out var line) ? $"{name} ({line})" : name;
    }
}
