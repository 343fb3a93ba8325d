using RiscvXv6.Emulator.Cpu.Mmu;
using RiscvXv6.Emulator.Diagnostics.Kernel;
using RiscvXv6.Emulator.Machine;
using RiscvXv6.Guest.Elf;

namespace RiscvXv6.Emulator.Diagnostics.Views;

/// <summary>What a page is, where that can be told: by its physical address, or by where xv6 puts such pages.</summary>
internal sealed class PageNames
{
    private const string StackPrefix = "kernel stack of slot ";
    private const ulong LargestStackBytes = 4 * 4096;

    private readonly KernelView _kernel;
    private readonly ProcessInfo? _process;
    private readonly IReadOnlyList<ProcessInfo> _processes;
    private readonly ElfFile? _file;

    public PageNames(KernelView kernel, ProcessInfo? process)
    {
        _kernel = kernel;
        _process = process;
        _processes = kernel.Processes();
        _file = kernel.Program?.File;
    }

    public static bool IsStack(string name) => name.StartsWith(StackPrefix, StringComparison.Ordinal);

    /// <summary>A name, or nothing.</summary>
    public string Of(PageMapping page)
    {
        ulong physical = page.PhysicalAddress;
        if (page.VirtualAddress == KernelView.TrampolinePage && (_kernel.Trampoline is null || _kernel.Trampoline == physical))
        {
            return "trampoline";
        }

        if (_process is not null && physical == _process.TrapFrame)
        {
            return "trapframe";
        }

        if (Device(physical) is { } device)
        {
            return device;
        }

        if (page.VirtualAddress != physical)
        {
            foreach (var process in _processes)
            {
                if (process.KernelStack != 0 && page.VirtualAddress - process.KernelStack < LargestStackBytes && !page.Entry.User)
                {
                    return $"{StackPrefix}{process.Slot}";
                }
            }
        }

        if (_process is not null && page.VirtualAddress < _process.Size && !page.Entry.User)
        {
            return "guard page, forbidden to the user";
        }

        if (_kernel.Machine.Bus.FindMemory(physical) is null)
        {
            return "nothing is there";
        }

        return page.VirtualAddress == physical ? Image(page) : "";
    }

    private static string? Device(ulong physical)
    {
        foreach (var region in MemoryMap.All)
        {
            for (int index = 0; index < region.Count && region.SizeBytes != 0; index++)
            {
                if (region.At(index).Contains(physical))
                {
                    return region.Count == 1 ? region.Name : $"{region.Name} slot {index}";
                }
            }
        }

        return null;
    }

    private string Image(PageMapping page)
    {
        foreach (var segment in _file?.Segments ?? [])
        {
            if (page.VirtualAddress < segment.PhysicalAddress + segment.MemorySizeBytes
                && segment.PhysicalAddress < page.VirtualAddress + page.SizeBytes)
            {
                return "kernel image";
            }
        }

        return _file is null ? "" : "memory";
    }
}
