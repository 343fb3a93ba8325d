namespace RiscvXv6.Emulator.Cpu.Csr;

/// <summary>mie, mip, mideleg, the supervisor's views of them, and the timer that drives STIP.</summary>
internal static class InterruptCsrs
{
    /// <summary>What software can write in mip; STIP only while Sstc does not drive it.</summary>
    public const ulong MipWritable = InterruptBits.Supervisor;

    public static CsrEffects WriteMie(ref HartState s, ulong value)
    {
        s.Mie = value;
        return CsrEffects.Interrupts;
    }

    public static CsrEffects WriteMideleg(ref HartState s, ulong value)
    {
        s.Mideleg = value;
        return CsrEffects.Interrupts;
    }

    public static CsrEffects WriteMip(ref HartState s, ulong value)
    {
        ulong mask = MipWritable;
        if ((s.Menvcfg & EnvironmentBits.Stce) != 0)
        {
            mask &= ~InterruptBits.SupervisorTimer;
        }

        s.SoftInterrupts = (s.SoftInterrupts & ~mask) | (value & mask);
        return CsrEffects.Interrupts;
    }

    /// <summary>Priv "Supervisor Interrupt (sip and sie) Registers": sie is the delegated part of mie.</summary>
    public static CsrEffects WriteSie(ref HartState s, ulong value)
    {
        s.Mie = (s.Mie & ~s.Mideleg) | (value & s.Mideleg);
        return CsrEffects.Interrupts;
    }

    /// <summary>
    /// In sip only SSIP is writable, and only while it is delegated; SEIP and STIP are the platform's.
    /// </summary>
    public static CsrEffects WriteSip(ref HartState s, ulong value)
    {
        ulong mask = InterruptBits.SupervisorSoftware & s.Mideleg;
        s.SoftInterrupts = (s.SoftInterrupts & ~mask) | (value & mask);
        return CsrEffects.Interrupts;
    }

    public static CsrEffects WriteStimecmp(ref HartState s, ulong value)
    {
        s.Stimecmp = value;
        return CsrEffects.Timer | CsrEffects.Interrupts;
    }

    public static CsrEffects WriteMenvcfg(ref HartState s, ulong value)
    {
        ulong changed = s.Menvcfg ^ value;
        s.Menvcfg = value;
        var effects = CsrEffects.None;
        if ((changed & EnvironmentBits.Adue) != 0)
        {
            effects |= CsrEffects.TranslationFlush;
        }

        if ((changed & EnvironmentBits.Stce) != 0)
        {
            // STIP changes hands between software and the comparator; neither inherits the other's level. The machine
            // then raises the line if the comparator has passed.
            s.SoftInterrupts &= ~InterruptBits.SupervisorTimer;
            s.LineInterrupts &= ~InterruptBits.SupervisorTimer;
            effects |= CsrEffects.Timer | CsrEffects.Interrupts;
        }

        return effects;
    }
}
