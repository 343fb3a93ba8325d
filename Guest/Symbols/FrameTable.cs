using System.Diagnostics.CodeAnalysis;
using RiscvXv6.Guest.Elf;
using RiscvXv6.Guest.Symbols.Dwarf;

namespace RiscvXv6.Guest.Symbols;

/// <summary>
/// How to leave each function from each of its instructions, from .debug_frame: exact also in a function's first and last
/// instructions, where the frame pointer is not yet, or no more, its own. Any bytes will do: what makes no sense is left out.
/// </summary>
public sealed class FrameTable
{
    /// <summary>Registers that a row can tell of: x0 to x31.</summary>
    public const int RegisterCount = 32;

    private readonly ReadOnlyMemory<byte> _section;
    private readonly FrameEntry[] _entries;

    public FrameTable(ElfFile file)
        : this(file, new DwarfSections(file))
    {
    }

    internal FrameTable(ElfFile file, DwarfSections sections)
    {
        _section = sections.Frames;
        _entries = Read(file, _section.Span);
    }

    /// <summary>True if nothing is known of any address.</summary>
    public bool IsEmpty => _entries.Length == 0;

    /// <summary>The row for an instruction that is about to be executed; of a call that has not returned, ask for its own address.</summary>
    public bool TryFind(ulong pc, [NotNullWhen(true)] out FrameRow? row)
    {
        row = null;
        int low = 0, high = _entries.Length;
        while (low < high)
        {
            int middle = low + (high - low) / 2;
            if (_entries[middle].First <= pc)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        if (low != 0 && pc - _entries[low - 1].First < _entries[low - 1].SizeBytes
            && FrameCommon.TryRead(_section.Span, _entries[low - 1].CommonOffset, out var common))
        {
            row = FrameProgram.Run(_section.Span, common, _entries[low - 1], pc);
        }

        return row is not null;
    }

    private static FrameEntry[] Read(ElfFile file, ReadOnlySpan<byte> section)
    {
        var entries = new List<FrameEntry>();
        for (int offset = 0; offset < section.Length;)
        {
            var cursor = new DwarfCursor(section, (ulong)offset);
            if (!DwarfEncoding.TryReadLength(ref cursor, out int offsetBytes, out int end))
            {
                break;
            }

            cursor = new DwarfCursor(section[..end], (ulong)cursor.Position);
            ulong commonOffset = cursor.Number(offsetBytes);
            if (commonOffset != FrameCommon.Mark(offsetBytes) && FrameCommon.TryRead(section, commonOffset, out var common))
            {
                cursor.Skip((ulong)common.SegmentBytes);
                ulong first = cursor.Number(common.AddressBytes);
                ulong size = cursor.Number(common.AddressBytes);
                if (cursor.IsGood && size != 0 && LoadedCode.Contains(file, first, size))
                {
                    entries.Add(new FrameEntry(first, size, commonOffset, cursor.Position, end));
                }
            }

            offset = end;
        }

        entries.Sort(static (left, right) => left.First != right.First
            ? left.First.CompareTo(right.First)
            : left.Start.CompareTo(right.Start));
        return [.. entries];
    }
}
