namespace RiscvXv6.Emulator.Cpu.Mmu;

/// <summary>A page that a page table maps.</summary>
/// <param name="VirtualAddress">Where it begins, sign-extended.</param>
/// <param name="PhysicalAddress">Where it lies.</param>
/// <param name="PageShift">Its size as a power of two: 12, 21, 30, 39 or 48.</param>
/// <param name="Entry">The entry that maps it.</param>
/// <param name="EntryAddress">The entry's physical address.</param>
internal readonly record struct PageMapping(
    ulong VirtualAddress, ulong PhysicalAddress, int PageShift, PageTableEntry Entry, ulong EntryAddress)
{
    public ulong SizeBytes => 1UL << PageShift;
}
