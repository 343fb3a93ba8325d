namespace RiscvXv6.Emulator.Monitor;

/// <summary>A piece of an address space whose pages follow each other, there and in memory, and are alike.</summary>
internal readonly record struct PageRange(ulong VirtualAddress, ulong PhysicalAddress, ulong SizeBytes, string Attributes)
{
    /// <summary>True if <paramref name="next"/> begins where this ends, and is alike.</summary>
    public bool IsFollowedBy(PageRange next) =>
        VirtualAddress + SizeBytes == next.VirtualAddress
        && PhysicalAddress + SizeBytes == next.PhysicalAddress
        && Attributes == next.Attributes
        && next.VirtualAddress != 0;
}
