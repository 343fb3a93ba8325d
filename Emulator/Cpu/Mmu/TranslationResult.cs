using RiscvXv6.Emulator.Cpu.Traps;

namespace RiscvXv6.Emulator.Cpu.Mmu;

/// <summary>The answer of <see cref="Walker"/>: a physical address, or the cause of the exception to raise.</summary>
/// <param name="Cause">An exception code of <see cref="TrapCause"/>, or <see cref="NoFault"/>.</param>
/// <param name="PhysicalAddress">Meaningful without a fault only. PMP has not been asked about it yet.</param>
/// <param name="PageShift">log2 of the leaf's size: 12, 21, 30, 39 or 48; 12 when nothing was translated.</param>
/// <param name="Writable">The leaf permits stores to the privilege that asked.</param>
/// <param name="Dirty">The leaf's D bit is set by now; with <paramref name="Writable"/>, stores need no walk.</param>
internal readonly record struct TranslationResult(
    ulong Cause, ulong PhysicalAddress, int PageShift, bool Writable, bool Dirty)
{
    public const ulong NoFault = ulong.MaxValue;

    public bool IsFault => Cause != NoFault;

    /// <summary>No translation: the physical address is the virtual one.</summary>
    public static TranslationResult Bare(ulong address) => new(NoFault, address, 12, true, true);

    public static TranslationResult PageFault(AccessKind kind) => Fault(kind switch
    {
        AccessKind.Load => TrapCause.LoadPageFault,
        AccessKind.Store => TrapCause.StorePageFault,
        _ => TrapCause.InstructionPageFault,
    });

    public static TranslationResult AccessFault(AccessKind kind) => Fault(kind switch
    {
        AccessKind.Load => TrapCause.LoadAccessFault,
        AccessKind.Store => TrapCause.StoreAccessFault,
        _ => TrapCause.InstructionAccessFault,
    });

    private static TranslationResult Fault(ulong cause) => new(cause, 0, 0, false, false);
}
