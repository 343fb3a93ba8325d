using RiscvXv6.Emulator.Cpu.Mmu;

namespace RiscvXv6.Emulator.Monitor;

/// <summary>Commands that show harts and how they see memory.</summary>
internal static class ProcessorCommands
{
    /// <summary>As many as map 8 GiB by pages of 4 KiB.</summary>
    private const int MostTables = 4096;

    public static IEnumerable<MonitorCommand> All { get; } =
    [
        new("info registers", "[-a|hart] [-c]", "show a hart's registers (-a: of all harts; -c: with the rarer CSRs)", Registers),
        new("info cpus", "", "show what each hart does", Harts),
        new("info mem", "", "show the active virtual memory mappings", Mappings),
        new("info tlb", "", "show which translations the hart holds", Translations),
    ];

    private static void Registers(MonitorRequest request)
    {
        bool all = false;
        bool everyCsr = false;
        int chosen = request.Hart;
        foreach (string word in request.Arguments.Words)
        {
            if (word is "-a" or "-c")
            {
                all |= word == "-a";
                everyCsr |= word == "-c";
            }
            else if (MonitorNumber.TryParse(word, out ulong number) && number < (ulong)request.Machine.Harts.Count)
            {
                chosen = (int)number;
            }
            else
            {
                request.Refuse("info registers", $"'{word}' is neither -a nor -c nor a hart");
                return;
            }
        }

        foreach (var hart in request.Machine.Harts)
        {
            if (all || hart.HartId == chosen)
            {
                RegisterListing.Write(request, hart, everyCsr);
            }
        }
    }

    private static void Harts(MonitorRequest request)
    {
        foreach (var hart in request.Machine.Harts)
        {
            ulong pc = MonitorHart.Pc(hart);
            string symbol = MonitorSymbols.DescribePc(request, hart);
            string place = symbol.Length == 0 ? "" : $" {symbol}";
            string doing = MonitorHart.Waits(hart) ? "waits for an interrupt (wfi)" : "runs";
            request.Output.WriteLine(
                $"{(hart.HartId == request.Hart ? '*' : ' ')} CPU #{hart.HartId}: pc=0x{pc:x}{place}, {MonitorHart.Mode(hart)}, {doing}");
        }
    }

    private static void Mappings(MonitorRequest request)
    {
        ulong satp = MonitorHart.Satp(request.ChosenHart);
        if (PageTableReader.Levels(satp) == 0)
        {
            request.Output.WriteLine("No translation or protection");
            return;
        }

        var budget = new TableBudget(MostTables);
        PageListing.Write(request, PageTableReader.Mappings(request.Machine.Bus, satp, budget).Select(static page =>
            new PageRange(page.VirtualAddress, page.PhysicalAddress, page.SizeBytes, Attributes(page.Entry))));
        if (budget.IsExceeded)
        {
            request.Output.WriteLine($"(cut short after {MostTables} tables: does one lead back to itself?)");
        }
    }

    private static string Attributes(PageTableEntry entry) => string.Create(7, entry, static (text, page) =>
    {
        text[0] = page.Readable ? 'r' : '-';
        text[1] = page.Writable ? 'w' : '-';
        text[2] = page.Executable ? 'x' : '-';
        text[3] = page.User ? 'u' : '-';
        text[4] = (page.Raw & PageListing.GlobalBit) != 0 ? 'g' : '-';
        text[5] = page.Accessed ? 'a' : '-';
        text[6] = page.Dirty ? 'd' : '-';
    });

    private static void Translations(MonitorRequest request)
    {
        var hart = request.ChosenHart;
        foreach (var context in hart.Contexts)
        {
            var pages = hart.CachedPages(context);
            string mark = context == hart.DataContext ? " (loads and stores at present)" : "";
            request.Output.WriteLine(
                $"{context.Mode}{(context.SupervisorUserAccess ? " with SUM" : "")}: {pages.Count} pages{mark}");
            if (pages.Count > 0)
            {
                PageListing.Write(request, pages.Select(static page => new PageRange(
                    page.VirtualAddress, page.PhysicalAddress, PageListing.PageBytes, Rights(page.Rights))));
            }
        }
    }

    private static string Rights(Cpu.Execution.AccessRights rights) =>
        $"{((rights & Cpu.Execution.AccessRights.Load) != 0 ? 'r' : '-')}"
        + $"{((rights & Cpu.Execution.AccessRights.Store) != 0 ? 'w' : '-')}"
        + $"{((rights & Cpu.Execution.AccessRights.Fetch) != 0 ? 'x' : '-')}";
}
