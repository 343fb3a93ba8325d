using RiscvXv6.Devices.Interrupts;
using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Devices.Clint;

/// <summary>
/// A hart's Sstc comparator. Its value and its enable are CSRs (<c>stimecmp</c>, <c>menvcfg.STCE</c>), which the hart holds
/// and saves; this drives mip.STIP from them. Sstc "Supervisor Timer (stimecmp) Register".
/// </summary>
public sealed class SupervisorTimer
{
    private readonly TimerComparator _comparator;

    /// <param name="hartId">For the event's name.</param>
    /// <param name="time">The machine's counter.</param>
    /// <param name="scheduler">Wakes the comparator.</param>
    /// <param name="line">mip.STIP of the hart.</param>
    public SupervisorTimer(int hartId, MachineTime time, EventScheduler scheduler, IInterruptLine line) =>
        _comparator = new TimerComparator(time, scheduler, $"stimecmp{hartId}", line);

    /// <summary>
    /// To be called when stimecmp or menvcfg.STCE changed, and after a restore. While disabled the line is down, and STIP is
    /// whatever software wrote.
    /// </summary>
    public void Update(ulong stimecmp, bool enabled) => _comparator.Set(stimecmp, enabled);
}
