namespace RiscvXv6.Emulator.Monitor;

/// <summary>Pages in the columns of QEMU's <c>info mem</c>, with what belongs together in one row.</summary>
internal static class PageListing
{
    public const ulong PageBytes = 4096;

    /// <summary>G of a page-table entry, which this machine's harts need not look at.</summary>
    public const ulong GlobalBit = 1UL << 5;

    public static void Write(MonitorRequest request, IEnumerable<PageRange> pages)
    {
        request.Output.WriteLine("vaddr            paddr            size             attr");
        request.Output.WriteLine("---------------- ---------------- ---------------- -------");
        PageRange? open = null;
        foreach (var page in pages)
        {
            if (request.IsOutputFull)
            {
                return;
            }

            if (open is { } range && range.IsFollowedBy(page))
            {
                open = range with { SizeBytes = range.SizeBytes + page.SizeBytes };
                continue;
            }

            WriteRow(request, open);
            open = page;
        }

        WriteRow(request, open);
    }

    private static void WriteRow(MonitorRequest request, PageRange? row)
    {
        if (row is { } range)
        {
            request.Output.WriteLine(
                $"{range.VirtualAddress:x16} {range.PhysicalAddress:x16} {range.SizeBytes:x16} {range.Attributes}");
        }
    }
}
