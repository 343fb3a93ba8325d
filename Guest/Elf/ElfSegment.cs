namespace RiscvXv6.Guest.Elf;

/// <summary>What a segment's memory may be used for (ELF "Segment Permissions"); the values are the file's.</summary>
[Flags]
public enum ElfSegmentAccess
{
    None = 0,
    Execute = 1,
    Write = 2,
    Read = 4,
}

/// <summary>A part of the file that is loaded into memory (PT_LOAD).</summary>
/// <param name="VirtualAddress">Where the program believes it to be.</param>
/// <param name="PhysicalAddress">Where it is loaded.</param>
/// <param name="Data">The bytes from the file, at most <paramref name="MemorySizeBytes"/> of them.</param>
/// <param name="MemorySizeBytes">
/// Memory occupied, above 0: what the file does not give is zero. Neither address range wraps past 2^64.
/// </param>
/// <param name="Access">Permissions.</param>
public sealed record ElfSegment(
    ulong VirtualAddress,
    ulong PhysicalAddress,
    ReadOnlyMemory<byte> Data,
    ulong MemorySizeBytes,
    ElfSegmentAccess Access)
{
    /// <summary>Last physical address occupied.</summary>
    public ulong LastPhysicalAddress => PhysicalAddress + (MemorySizeBytes - 1);
}
