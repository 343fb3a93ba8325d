using RiscvXv6.Devices.Bus;
using RiscvXv6.Emulator.Cpu.Mmu;
using RiscvXv6.Emulator.Diagnostics.Stacks;
using RiscvXv6.Guest.Symbols;

namespace RiscvXv6.Emulator.Diagnostics.Kernel;

/// <summary>What the kernel sees: all of memory at its own addresses, and what its page table maps elsewhere (stacks, the trampoline).</summary>
internal sealed class KernelMemory
{
    private const int PageShift = 12;

    public KernelMemory(SystemBus bus, SymbolTable? symbols)
    {
        Space = new AddressSpace(bus, 0, identityFirst: true);
        if (symbols is not null
            && symbols.TryFindAddress("kernel_pagetable", out ulong variable)
            && Space.TryReadWord(variable, out ulong root)
            && root % (1 << PageShift) == 0
            && bus.FindMemory(root, 1 << PageShift) is not null)
        {
            PageTable = SatpOf(root);
            Space = new AddressSpace(bus, PageTable, identityFirst: true);
        }
    }

    public AddressSpace Space { get; }

    /// <summary>The kernel's page table as satp would name it, or 0 if it has none yet.</summary>
    public ulong PageTable { get; }

    /// <summary>satp for a Sv39 table at an address.</summary>
    public static ulong SatpOf(ulong root) => ((ulong)Satp.ModeSv39 << 60) | (root >> PageShift);
}
