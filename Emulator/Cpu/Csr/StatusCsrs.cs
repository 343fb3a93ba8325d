namespace RiscvXv6.Emulator.Cpu.Csr;

/// <summary>mstatus, its view sstatus, and the floating-point state that shares FS with them.</summary>
internal static class StatusCsrs
{
    public static ulong ReadMstatus(ref HartState s) => WithSd(s.Mstatus);

    public static ulong ReadSstatus(ref HartState s) => WithSd(s.Mstatus & MstatusBits.SstatusVisible);

    public static CsrEffects WriteMstatus(ref HartState s, ulong value)
    {
        // MPP is WARL and there is no mode 2: the field keeps its value.
        if ((value & MstatusBits.Mpp) == 2UL << MstatusBits.MppShift)
        {
            value = (value & ~MstatusBits.Mpp) | (s.Mstatus & MstatusBits.Mpp);
        }

        return Replace(ref s, MstatusBits.MstatusWritable, value);
    }

    public static CsrEffects WriteSstatus(ref HartState s, ulong value) =>
        Replace(ref s, MstatusBits.SstatusWritable, value);

    /// <summary>
    /// Writes fcsr bits and marks the floating-point state dirty, as the F extension's own writes do.
    /// </summary>
    public static CsrEffects WriteFcsr(ref HartState s, ulong mask, ulong value)
    {
        s.Fcsr = (s.Fcsr & ~mask) | (value & mask);
        s.Mstatus |= MstatusBits.FsDirty;
        return CsrEffects.FloatState;
    }

    private static ulong WithSd(ulong status) =>
        (status & MstatusBits.Fs) == MstatusBits.FsDirty ? status | MstatusBits.Sd : status;

    private static CsrEffects Replace(ref HartState s, ulong mask, ulong value)
    {
        ulong old = s.Mstatus;
        s.Mstatus = (old & ~mask) | (value & mask);
        return EffectsOf(old ^ s.Mstatus);
    }

    private static CsrEffects EffectsOf(ulong changed)
    {
        var effects = CsrEffects.None;
        if ((changed & MstatusBits.Mxr) != 0)
        {
            effects |= CsrEffects.TranslationFlush;
        }

        if ((changed & (MstatusBits.Sum | MstatusBits.Mprv | MstatusBits.Mpp)) != 0)
        {
            effects |= CsrEffects.TranslationContext;
        }

        if ((changed & (MstatusBits.Sie | MstatusBits.Mie)) != 0)
        {
            effects |= CsrEffects.Interrupts;
        }

        if ((changed & MstatusBits.Fs) != 0)
        {
            effects |= CsrEffects.FloatState;
        }

        return effects;
    }
}
