namespace RiscvXv6.Emulator.Cpu.Mmu;

/// <summary>A page-table entry of Sv39, Sv48 or Sv57. Priv "Sv39: Page-Based 39-bit Virtual-Memory System".</summary>
internal readonly record struct PageTableEntry(ulong Raw)
{
    public const ulong AccessedBit = 1UL << 6;
    public const ulong DirtyBit = 1UL << 7;

    private const ulong ReservedBits = 0x3FFUL << 54;

    public bool Valid => (Raw & 1) != 0;

    public bool Readable => (Raw & (1UL << 1)) != 0;

    public bool Writable => (Raw & (1UL << 2)) != 0;

    public bool Executable => (Raw & (1UL << 3)) != 0;

    public bool User => (Raw & (1UL << 4)) != 0;

    public bool Accessed => (Raw & AccessedBit) != 0;

    public bool Dirty => (Raw & DirtyBit) != 0;

    public bool IsLeaf => (Raw & 0xE) != 0;

    /// <summary>
    /// False for what must fault wherever it stands: invalid, W without R, bits 63:54 (Svnapot and Svpbmt are absent),
    /// and A, D or U in a pointer to the next table.
    /// </summary>
    public bool IsWellFormed =>
        Valid
        && (Readable || !Writable)
        && (Raw & ReservedBits) == 0
        && (IsLeaf || (!User && !Accessed && !Dirty));

    /// <summary>The page or table that it points to.</summary>
    public ulong PhysicalAddress => (Raw >> 10 & ((1UL << 44) - 1)) << 12;
}
