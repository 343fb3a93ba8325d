namespace RiscvXv6.Emulator.Cpu.Csr;

/// <summary>Fields of menvcfg and senvcfg. Priv "Machine Environment Configuration (menvcfg) Register".</summary>
internal static class EnvironmentBits
{
    /// <summary>
    /// Fence of I/O implies memory: kept, and without effect, for every fence here orders everything.
    /// </summary>
    public const ulong Fiom = 1UL << 0;

    /// <summary>Svadu: the walker sets A and D bits itself.</summary>
    public const ulong Adue = 1UL << 61;

    /// <summary>Sstc: stimecmp exists for S-mode and drives STIP.</summary>
    public const ulong Stce = 1UL << 63;
}
