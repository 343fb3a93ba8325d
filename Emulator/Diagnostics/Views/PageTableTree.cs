using System.Globalization;
using RiscvXv6.Emulator.Cpu.Mmu;
using RiscvXv6.Emulator.Diagnostics.Kernel;

namespace RiscvXv6.Emulator.Diagnostics.Views;

/// <summary>
/// <c>info pagetable</c>: a page table as a tree. Pages that lie side by side and allow the same are one line; pages that xv6 has in
/// certain places are named.
/// </summary>
internal sealed class PageTableTree(KernelView kernel, ulong satp, ProcessInfo? process)
{
    private const int PageShift = 12;
    private const int IndexBits = 9;
    private const int MostPages = 300_000;
    private const int MostLines = 400;
    private const int MostTables = 10_000;

    private readonly PageNames _names = new(kernel, process);
    private int _lines;

    /// <summary>Pages that one line stands for.</summary>
    private readonly record struct Run(PageMapping First, PageMapping Last, ulong Count, bool IsContiguous, string Name)
    {
        public ulong SizeBytes => Count << First.PageShift;
    }

    public void Write(TextWriter output)
    {
        int levels = PageTableReader.Levels(satp);
        string owner = process is null ? "" : $", of process {process.Label}";
        output.WriteLine($"page table at 0x{Satp.RootAddress(satp):x}, Sv{PageShift + levels * IndexBits}{owner}");
        if (kernel.Machine.Bus.FindMemory(Satp.RootAddress(satp), 1 << PageShift) is null)
        {
            output.WriteLine("there is no memory at that address");
            return;
        }

        var budget = new TableBudget(MostTables);
        var mappings = PageTableReader.Mappings(kernel.Machine.Bus, satp, budget).Take(MostPages + 1).ToList();
        if (mappings.Count == 0 && !budget.IsExceeded)
        {
            output.WriteLine("it maps nothing");
            return;
        }

        bool isCut = mappings.Count > MostPages || budget.IsExceeded;
        if (mappings.Count > MostPages)
        {
            mappings.RemoveAt(MostPages);
        }

        WriteTables(Merge(mappings), levels, output);
        if (isCut || _lines >= MostLines)
        {
            output.WriteLine("... and so on: more than a sensible table has; does it contain itself, or random numbers?");
        }
    }

    private List<Run> Merge(List<PageMapping> mappings)
    {
        var runs = new List<Run>();
        foreach (var page in mappings)
        {
            string name = _names.Of(page);
            if (runs.Count > 0 && Extends(runs[^1], page, name, out bool contiguous))
            {
                var run = runs[^1];
                runs[^1] = run with { Last = page, Count = run.Count + 1, IsContiguous = run.IsContiguous && contiguous };
            }
            else
            {
                runs.Add(new Run(page, page, 1, true, name));
            }
        }

        return runs;
    }

    private static bool Extends(Run run, PageMapping page, string name, out bool contiguous)
    {
        var last = run.Last;
        contiguous = page.PhysicalAddress == last.PhysicalAddress + last.SizeBytes;
        return page.PageShift == last.PageShift
            && page.VirtualAddress == last.VirtualAddress + last.SizeBytes
            && Permissions(page) == Permissions(last)
            && name == run.Name
            && (contiguous || run.Count == 1 || !run.IsContiguous)

            // Line by line as tables are: a run ends with its table, unless it goes on in the next one without a break.
            && (contiguous || Table(page) == Table(last));
    }

    private static ulong Table(PageMapping page) => page.EntryAddress >> PageShift;

    private void WriteTables(List<Run> runs, int levels, TextWriter output)
    {
        var open = new ulong[levels];
        Array.Fill(open, ulong.MaxValue);
        for (int index = 0; index < runs.Count && _lines < MostLines; index++)
        {
            var run = runs[index];
            int leaf = (run.First.PageShift - PageShift) / IndexBits;
            for (int level = levels - 1; level > leaf; level--)
            {
                ulong prefix = run.First.VirtualAddress >> (PageShift + level * IndexBits);
                if (open[level] != prefix)
                {
                    open[level] = prefix;
                    Array.Fill(open, ulong.MaxValue, 0, level);
                    WriteTable(run.First.VirtualAddress, level, levels, output);
                }
            }

            int stacks = StacksFrom(runs, index);
            if (stacks > 2)
            {
                WriteStacks(runs, index, stacks, leaf, levels, output);
                index += stacks - 1;
            }
            else
            {
                WriteRun(run, leaf, levels, output);
            }

            // A run may have gone on into other tables: they are open now.
            for (int level = levels - 1; level > leaf; level--)
            {
                open[level] = runs[index].Last.VirtualAddress >> (PageShift + level * IndexBits);
            }
        }
    }

    private void WriteTable(ulong virtualAddress, int level, int levels, TextWriter output)
    {
        int shift = PageShift + level * IndexBits;
        ulong table = Satp.RootAddress(satp);
        for (int above = levels - 1; above >= level; above--)
        {
            ulong entry = table + ((virtualAddress >> (PageShift + above * IndexBits)) & 511) * 8;
            kernel.Machine.Bus.Peek(entry, 8, out ulong raw);
            table = new PageTableEntry(raw).PhysicalAddress;
        }

        _lines++;
        output.WriteLine(
            $"{Indent(level, levels)}[{(virtualAddress >> shift) & 511}] from {Hex(virtualAddress & ~((1UL << shift) - 1))}: table at {Hex(table)}");
    }

    private void WriteRun(Run run, int leaf, int levels, TextWriter output)
    {
        _lines++;
        ulong first = Index(run.First, leaf), last = Index(run.Last, leaf);
        string indices = run.Count == 1 ? $"[{first}]" : $"[{first}..{last}]";
        string physical = run.Count == 1 || run.IsContiguous
            ? Hex(run.First.PhysicalAddress)
            : $"{Hex(run.First.PhysicalAddress)} .. {Hex(run.Last.PhysicalAddress)}, scattered";
        string flags = Permissions(run.First);
        string line = $"{Indent(leaf, levels)}{indices} {Hex(run.First.VirtualAddress)}-{Hex(run.Last.VirtualAddress + run.Last.SizeBytes - 1)}"
            + $" -> {physical} {flags} {Size(run)} {run.Name}";
        output.WriteLine(line.TrimEnd());
    }

    /// <summary>How many runs from one on are kernel stacks, each as far from the next.</summary>
    private static int StacksFrom(List<Run> runs, int start)
    {
        int count = 1;
        while (start + count < runs.Count && PageNames.IsStack(runs[start].Name) && IsNextStack(runs, start, start + count))
        {
            count++;
        }

        return count;
    }

    private static bool IsNextStack(List<Run> runs, int start, int next) =>
        PageNames.IsStack(runs[next].Name)
        && runs[next].Count == runs[start].Count
        && Permissions(runs[next].First) == Permissions(runs[start].First)
        && (next == start + 1
            || runs[next].First.VirtualAddress - runs[next - 1].First.VirtualAddress
                == runs[start + 1].First.VirtualAddress - runs[start].First.VirtualAddress);

    private void WriteStacks(List<Run> runs, int start, int count, int leaf, int levels, TextWriter output)
    {
        _lines++;
        var first = runs[start];
        var last = runs[start + count - 1];
        ulong stride = runs[start + 1].First.VirtualAddress - first.First.VirtualAddress;
        output.WriteLine(
            $"{Indent(leaf, levels)}{Hex(first.First.VirtualAddress)}-{Hex(last.Last.VirtualAddress + last.Last.SizeBytes - 1)} "
            + $"{Permissions(first.First)} {count} kernel stacks of {first.SizeBytes / 1024} KiB, "
            + $"{(stride - first.SizeBytes) / 1024} KiB unmapped beneath each: {first.Name} down to {last.Name}");
    }

    private static ulong Index(PageMapping page, int level) => (page.VirtualAddress >> (PageShift + level * IndexBits)) & 511;

    private static string Indent(int level, int levels) => new(' ', 2 * (levels - 1 - level));

    private static string Hex(ulong value) => string.Create(CultureInfo.InvariantCulture, $"0x{value:x}");

    private static string Permissions(PageMapping page) =>
        $"{Letter(page.Entry.Readable, 'r')}{Letter(page.Entry.Writable, 'w')}{Letter(page.Entry.Executable, 'x')}{Letter(page.Entry.User, 'u')}";

    private static char Letter(bool isSet, char letter) => isSet ? letter : '-';

    private static string Size(Run run) => run.SizeBytes switch
    {
        < 1 << 20 => $"{run.SizeBytes >> 10} KiB",
        _ when run.SizeBytes % (1 << 20) == 0 => $"{run.SizeBytes >> 20} MiB",
        _ => $"{run.SizeBytes >> 10} KiB",
    } + (run.First.PageShift > PageShift ? $" in pages of {1UL << (run.First.PageShift - 20)} MiB" : "");
}
