using RiscvXv6.Emulator.Cpu.Execution;

namespace RiscvXv6.Emulator.Cpu;

/// <content>What can be seen of a hart from outside, without disturbing it.</content>
internal sealed unsafe partial class Hart
{
    private const ulong PageOffsetMask = 0xfff;

    /// <summary>What is cached about addresses, a context for each way of looking at memory.</summary>
    public IReadOnlyList<TranslationContext> Contexts => _contexts;

    /// <summary>The pages that a context holds at present, in the order of their addresses.</summary>
    public IReadOnlyList<CachedPage> CachedPages(TranslationContext context)
    {
        var pages = new SortedDictionary<ulong, CachedPage>();
        Collect(context, context.Loads, TranslationContext.DataEntryCount, AccessRights.Load);
        Collect(context, context.Stores, TranslationContext.DataEntryCount, AccessRights.Store);
        Collect(context, context.Fetches, TranslationContext.FetchEntryCount, AccessRights.Fetch);
        return [.. pages.Values];

        void Collect(TranslationContext from, TlbEntry* entries, int count, AccessRights right)
        {
            for (int index = 0; index < count; index++)
            {
                // SAFETY: index is below the length of the TLB.
                var entry = entries[index];
                if ((entry.Tag & PageOffsetMask) != from.Generation)
                {
                    continue;
                }

                ulong page = entry.Tag & ~PageOffsetMask;
                ulong target = page + entry.Addend;
                ulong physical = right == AccessRights.Fetch ? target : PhysicalAddressOf(target, page);
                var rights = pages.TryGetValue(page, out var known) ? known.Rights | right : right;
                pages[page] = new CachedPage(page, physical, rights);
            }
        }
    }

    /// <summary>Where a page of the host's lies in the guest: in RAM, or in the memory at the same address as the virtual one.</summary>
    private ulong PhysicalAddressOf(ulong hostPage, ulong virtualPage)
    {
        ulong offset = hostPage - (ulong)Ram.HostBase;
        return offset < Ram.Range.SizeBytes ? Ram.Range.Base + offset : virtualPage;
    }
}
