using RiscvXv6.Devices.Bus;

namespace RiscvXv6.Emulator.Cpu.Mmu;

/// <summary>
/// Page tables as a debugger looks at them: no permission is asked, no A or D bit is set, and PMP does not matter.
/// Priv "Virtual Address Translation Process" otherwise.
/// </summary>
internal static class PageTableReader
{
    private const int PageShift = 12;
    private const int VpnBits = 9;
    private const int EntrySizeBytes = 8;
    private const int EntriesPerTable = 1 << VpnBits;

    /// <summary>The page that holds a virtual address, or false if none does. Bare mode maps everything onto itself.</summary>
    public static bool TryTranslate(SystemBus bus, ulong satp, ulong virtualAddress, out PageMapping page)
    {
        int levels = Levels(satp);
        if (levels == 0)
        {
            ulong start = virtualAddress & ~((1UL << PageShift) - 1);
            page = new PageMapping(start, start, PageShift, default, 0);
            return true;
        }

        page = default;
        if (SignExtend(virtualAddress, levels) != virtualAddress)
        {
            return false;
        }

        ulong table = Satp.RootAddress(satp);
        for (int level = levels - 1; level >= 0; level--)
        {
            int shift = PageShift + level * VpnBits;
            ulong address = table + (virtualAddress >> shift & (EntriesPerTable - 1)) * EntrySizeBytes;
            if (!TryRead(bus, address, out var entry) || !entry.IsWellFormed)
            {
                return false;
            }

            if (entry.IsLeaf)
            {
                ulong offsets = (1UL << shift) - 1;
                page = new PageMapping(virtualAddress & ~offsets, entry.PhysicalAddress, shift, entry, address);
                return (entry.PhysicalAddress & offsets) == 0;
            }

            table = entry.PhysicalAddress;
        }

        return false;
    }

    /// <summary>
    /// All pages of a page table, in ascending order of index. A table that contains itself is a maze of many pages: callers
    /// take as many as they want.
    /// </summary>
    /// <param name="bus">Where the tables are.</param>
    /// <param name="satp">Which they are, and of how many levels.</param>
    /// <param name="budget">How many tables are looked at; null for all.</param>
    public static IEnumerable<PageMapping> Mappings(SystemBus bus, ulong satp, TableBudget? budget = null)
    {
        int levels = Levels(satp);
        return levels == 0 ? [] : Mappings(bus, Satp.RootAddress(satp), levels - 1, 0, levels, budget ?? new TableBudget(long.MaxValue));
    }

    /// <summary>Levels of the tables that satp asks for; 0 for none.</summary>
    public static int Levels(ulong satp) => Satp.Mode(satp) switch
    {
        Satp.ModeSv39 => 3,
        Satp.ModeSv48 => 4,
        Satp.ModeSv57 => 5,
        _ => 0,
    };

    private static IEnumerable<PageMapping> Mappings(SystemBus bus, ulong table, int level, ulong prefix, int levels, TableBudget budget)
    {
        if (!budget.Take())
        {
            yield break;
        }

        int shift = PageShift + level * VpnBits;
        for (ulong index = 0; index < EntriesPerTable; index++)
        {
            ulong address = table + index * EntrySizeBytes;
            if (!TryRead(bus, address, out var entry) || !entry.IsWellFormed)
            {
                continue;
            }

            ulong virtualAddress = prefix | (index << shift);
            if (entry.IsLeaf)
            {
                if ((entry.PhysicalAddress & ((1UL << shift) - 1)) == 0)
                {
                    yield return new PageMapping(
                        SignExtend(virtualAddress, levels), entry.PhysicalAddress, shift, entry, address);
                }
            }
            else if (level > 0)
            {
                foreach (var page in Mappings(bus, entry.PhysicalAddress, level - 1, virtualAddress, levels, budget))
                {
                    yield return page;
                }
            }
        }
    }

    private static ulong SignExtend(ulong address, int levels)
    {
        int unused = 64 - PageShift - levels * VpnBits;
        return (ulong)((long)(address << unused) >> unused);
    }

    private static bool TryRead(SystemBus bus, ulong address, out PageTableEntry entry)
    {
        var memory = bus.FindMemory(address, EntrySizeBytes);
        entry = memory is null ? default : new PageTableEntry(memory.ReadUnchecked(address, EntrySizeBytes));
        return memory is not null;
    }
}
