namespace RiscvXv6.Emulator.Cpu;

/// <summary>What a hart asks of the machine around it.</summary>
internal interface IHartEnvironment
{
    /// <summary>The <c>time</c> counter at a cycle, in ticks.</summary>
    ulong TimeTicks(ulong cycle);

    /// <summary>stimecmp or menvcfg.STCE changed; the clock stands at the instruction that did it.</summary>
    void SupervisorTimerChanged(Hart hart);

    /// <summary>The hart no longer needs the page of its reservation to be watched.</summary>
    void ReservationUnwatched(Hart hart);
}
