namespace RiscvXv6.Emulator.Cpu.Csr;

/// <summary>What the hart or the machine has to look at again after a CSR was written.</summary>
[Flags]
internal enum CsrEffects
{
    None = 0,

    /// <summary>
    /// The context in which addresses are translated may be another one (SUM, MPRV, MPP): cached translations stay
    /// valid for the context that they were made in, but the next access must select its context anew.
    /// </summary>
    TranslationContext = 1 << 0,

    /// <summary>Cached translations and permission checks are void (satp, MXR, PMP, ADUE).</summary>
    TranslationFlush = 1 << 1,

    /// <summary>Pending interrupts must be evaluated again before the next instruction.</summary>
    Interrupts = 1 << 2,

    /// <summary>
    /// stimecmp or menvcfg.STCE changed: the machine recomputes the line and the deadline of the timer.
    /// </summary>
    Timer = 1 << 3,

    /// <summary>mstatus.FS or fcsr changed: what the engine caches of the rounding mode or of FS is void.</summary>
    FloatState = 1 << 4,
}
