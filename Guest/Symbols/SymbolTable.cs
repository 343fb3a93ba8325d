using RiscvXv6.Guest.Elf;

namespace RiscvXv6.Guest.Symbols;

/// <summary>
/// The code symbols of a program by address: functions, and the labels of assembly code, which have neither type nor size.
/// </summary>
public sealed class SymbolTable
{
    private readonly ElfFile _file;
    private readonly ElfSymbol[] _byAddress;

    public SymbolTable(ElfFile file)
    {
        _file = file;
        _byAddress = [.. SortByAddress(file)];
    }

    /// <summary>Code symbols in ascending order of address, one for each address.</summary>
    public IReadOnlyList<ElfSymbol> ByAddress => _byAddress;

    /// <summary>
    /// The last symbol at or before an address, if it still covers it: a symbol without a size reaches up to the next one,
    /// or to the end of its segment.
    /// </summary>
    public bool TryFind(ulong address, out SymbolLocation location)
    {
        location = default;
        int index = LastAtOrBefore(address);
        if (index < 0)
        {
            return false;
        }

        var symbol = _byAddress[index];
        ulong offset = address - symbol.Value;
        if (symbol.SizeBytes != 0 ? offset >= symbol.SizeBytes : !InOneSegment(symbol.Value, address))
        {
            return false;
        }

        location = new SymbolLocation(symbol.Name, offset);
        return true;
    }

    /// <summary>The address of a symbol, of code or of data.</summary>
    public bool TryFindAddress(string name, out ulong address)
    {
        bool found = _file.TryFindSymbol(System.Text.Encoding.UTF8.GetBytes(name), out var symbol);
        address = symbol.Value;
        return found;
    }

    private static List<ElfSymbol> SortByAddress(ElfFile file)
    {
        var code = file.Symbols.Where(symbol => IsCode(file, symbol)).ToList();

        // Of several names for one address the one a person would choose comes first; then as the file has them.
        code = [.. code.OrderBy(static symbol => symbol.Value).ThenBy(Rank)];
        int count = 0;
        for (int index = 0; index < code.Count; index++)
        {
            if (count == 0 || code[count - 1].Value != code[index].Value)
            {
                code[count++] = code[index];
            }
        }

        code.RemoveRange(count, code.Count - count);
        return code;
    }

    private static bool IsCode(ElfFile file, ElfSymbol symbol)
    {
        if (symbol.Type == ElfSymbolType.Function)
        {
            return true;
        }

        // ELF "Mapping symbols": $x and $d mark code and data for tools. .L are the compiler's own labels.
        var name = symbol.NameBytes.Span;
        return symbol.Type == ElfSymbolType.None
            && !name.StartsWith("$"u8)
            && !name.StartsWith(".L"u8)
            && file.Segments.Any(segment =>
                (segment.Access & ElfSegmentAccess.Execute) != 0 && Contains(segment, symbol.Value));
    }

    private static int Rank(ElfSymbol symbol) => (symbol.Type, symbol.Binding) switch
    {
        (ElfSymbolType.Function, ElfSymbolBinding.Global) => 0,
        (ElfSymbolType.Function, _) => 1,
        (_, ElfSymbolBinding.Global) => 2,
        _ => 3,
    };

    private static bool Contains(ElfSegment segment, ulong address) =>
        address - segment.VirtualAddress < segment.MemorySizeBytes;

    private bool InOneSegment(ulong first, ulong second)
    {
        foreach (var segment in _file.Segments)
        {
            if (Contains(segment, first))
            {
                return Contains(segment, second);
            }
        }

        return false;
    }

    private int LastAtOrBefore(ulong address)
    {
        int low = 0, high = _byAddress.Length;
        while (low < high)
        {
            int middle = low + (high - low) / 2;
            if (_byAddress[middle].Value <= address)
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
