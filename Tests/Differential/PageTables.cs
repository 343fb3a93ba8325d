using System.Buffers.Binary;

namespace RiscvXv6.Tests.Differential;

/// <summary>
/// A program's page tables, in its own pages: proper ones for what must work, and odd ones for the rest.
/// </summary>
internal sealed class PageTables
{
    public const ulong Valid = 1, Read = 2, Write = 4, Execute = 8, User = 16, Global = 32, Accessed = 64, Dirty = 128;

    private readonly TestProgram _program;
    private readonly int _levels;
    private readonly Dictionary<(int Level, ulong Prefix), int> _tables = [];

    /// <param name="levels">3 for Sv39, 4 for Sv48, 5 for Sv57.</param>
    public PageTables(TestProgram program, int levels)
    {
        _program = program;
        _levels = levels;
        Satp = ((ulong)(levels + 5) << 60) | (Layout.Tables(program.Index) >> 12);
        _tables.Add((levels - 1, 0), 0);
    }

    /// <summary>Of the tree, from the root to the pages of 4 KiB.</summary>
    public int Levels => _levels;

    /// <summary>Without an ASID.</summary>
    public ulong Satp { get; }

    /// <summary>Sign-extends an address to what the mode calls canonical.</summary>
    public ulong Canonical(ulong address)
    {
        int unused = 64 - (12 + 9 * _levels);
        return (ulong)((long)(address << unused) >> unused);
    }

    /// <summary>A leaf for <paramref name="physical"/>.</summary>
    public static ulong Leaf(ulong physical, ulong flags) => (physical >> 12 << 10) | flags | Valid;

    /// <summary>
    /// Writes an entry for an address at a level (0 for a page of 4 KiB), with the tables above it; false if there is no
    /// room for those, or a leaf is in the way.
    /// </summary>
    /// <param name="pointerFlags">Set in the pointer right above the entry, if that table is made for it.</param>
    public bool TrySet(ulong address, int level, ulong entry, ulong pointerFlags = 0)
    {
        int table = 0;
        for (int at = _levels - 1; at > level; at--)
        {
            ulong slot = SlotOf(table, address, at);
            var key = (at - 1, address >> (12 + 9 * at));
            if (!_tables.TryGetValue(key, out int next))
            {
                if (_tables.Count == Layout.TablePages || Get(slot) != 0)
                {
                    return false;
                }

                next = _tables.Count;
                _tables.Add(key, next);
                ulong flags = at - 1 == level ? pointerFlags : 0;
                Put(slot, Leaf(Layout.Tables(_program.Index) + (ulong)next * Layout.PageBytes, flags));
            }

            table = next;
        }

        ulong last = SlotOf(table, address, level);
        if (Get(last) != 0)
        {
            return false;
        }

        Put(last, entry);
        return true;
    }

    /// <summary>Offset of an entry in the program's data.</summary>
    private static ulong SlotOf(int table, ulong address, int level) =>
        (ulong)(Layout.DataPages + table) * Layout.PageBytes + ((address >> (12 + 9 * level)) & 0x1FF) * 8;

    private ulong Get(ulong offset) => BinaryPrimitives.ReadUInt64LittleEndian(_program.Data.AsSpan((int)offset));

    private void Put(ulong offset, ulong value) =>
        BinaryPrimitives.WriteUInt64LittleEndian(_program.Data.AsSpan((int)offset), value);
}
