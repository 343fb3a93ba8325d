using System.Text;
using RiscvXv6.Guest.Symbols.Dwarf;

namespace RiscvXv6.Guest.Symbols.Types;

/// <summary>
/// Where the named things of .debug_info are: those at the top of its units. Of each only the name's hash is kept, so that the
/// index is small whatever the names are.
/// </summary>
internal sealed class TypeIndex
{
    /// <summary>A longer name is cut before it is looked at.</summary>
    private const int LongestNameBytes = 256;

    private readonly DebugEntries _entries;
    private readonly Row[] _rows;

    public TypeIndex(DebugEntries entries)
    {
        _entries = entries;
        var rows = new List<Row>();
        foreach (var unit in entries.Units)
        {
            ReadUnit(unit, rows);
        }

        rows.Sort(static (left, right) => left.Hash != right.Hash
            ? left.Hash.CompareTo(right.Hash)
            : left.Offset.CompareTo(right.Offset));
        _rows = [.. rows];
    }

    public enum Kind : byte
    {
        None,

        /// <summary>A structure or a union that is complete.</summary>
        Structure,
        Enumeration,
        Typedef,
        Variable,
    }

    private readonly record struct Row(uint Hash, int Offset, Kind Kind);

    /// <summary>The offset of the first thing of that kind and name.</summary>
    public int? Find(Kind kind, string name)
    {
        foreach (int offset in FindAll(kind, name))
        {
            return offset;
        }

        return null;
    }

    /// <summary>The offsets of all things of that kind and name, in the section's order.</summary>
    public IEnumerable<int> FindAll(Kind kind, string name)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(name);
        uint hash = HashOf(bytes);
        int low = 0, high = _rows.Length;
        while (low < high)
        {
            int middle = low + (high - low) / 2;
            if (_rows[middle].Hash < hash)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        for (; low < _rows.Length && _rows[low].Hash == hash; low++)
        {
            if (_rows[low].Kind == kind && IsNamed(_rows[low].Offset, bytes))
            {
                yield return _rows[low].Offset;
            }
        }
    }

    /// <summary>The offsets of all things of a kind, in the section's order.</summary>
    public IEnumerable<int> All(Kind kind) =>
        _rows.Where(row => row.Kind == kind).Select(static row => row.Offset).Order();

    private void ReadUnit(DebugUnit unit, List<Row> rows)
    {
        if (!_entries.TryRead(unit, unit.FirstEntry, out var root) || !root.HasChildren)
        {
            return;
        }

        for (int offset = root.Next; _entries.TryRead(unit, offset, out var entry) && !entry.IsEnd;)
        {
            var kind = KindOf(entry);
            if (kind != Kind.None && NameOf(unit, entry) is { IsEmpty: false } name)
            {
                rows.Add(new Row(HashOf(name.Span), entry.Offset, kind));
            }

            offset = _entries.After(unit, entry);
        }
    }

    private static Kind KindOf(in DebugEntry entry) => entry.Tag switch
    {
        DwarfTag.StructureType or DwarfTag.UnionType when !entry.IsDeclaration => Kind.Structure,
        DwarfTag.EnumerationType when !entry.IsDeclaration => Kind.Enumeration,
        DwarfTag.Typedef => Kind.Typedef,
        DwarfTag.Variable when entry.Location.Kind == DwarfValueKind.Block => Kind.Variable,
        _ => Kind.None,
    };

    /// <summary>A variable's definition may leave its name to the declaration that it completes.</summary>
    private ReadOnlyMemory<byte> NameOf(DebugUnit unit, in DebugEntry entry)
    {
        if (!entry.Name.IsPresent && entry.Specification.Kind == DwarfValueKind.Reference
            && _entries.UnitOf(entry.Specification.Number) is { } other
            && _entries.TryRead(other, (int)entry.Specification.Number, out var declaration))
        {
            return _entries.Text(other, declaration.Name);
        }

        return _entries.Text(unit, entry.Name);
    }

    private bool IsNamed(int offset, ReadOnlySpan<byte> name) =>
        _entries.UnitOf((ulong)offset) is { } unit
        && _entries.TryRead(unit, offset, out var entry)
        && NameOf(unit, entry).Span.SequenceEqual(name);

    /// <summary>FNV-1a.</summary>
    private static uint HashOf(ReadOnlySpan<byte> name)
    {
        uint hash = 2_166_136_261;
        foreach (byte letter in name[..Math.Min(name.Length, LongestNameBytes)])
        {
            hash = (hash ^ letter) * 16_777_619;
        }

        return hash;
    }
}
