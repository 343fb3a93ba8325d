using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Emulator.Machine;

/// <summary>
/// Ties virtual time to the wall where the pace asks for it. It decides only how far the clock moves while every hart waits:
/// the machine is the same function of its inputs at every pace.
/// </summary>
internal sealed class Pacer(Pace pace, GuestClock clock, IWallClock wall, HostMailbox mailbox)
{
    /// <summary>Idle wakes for timers alone after which a guest with live input is taken to wait for a person.</summary>
    private const int TimerWakesBeforePacing = 50;

    /// <summary>
    /// Guest time in which a guest without input has only looked at the clock, after which it is taken to wait for what never comes. No
    /// sleep that anybody waits for is longer; without an end the host would be busy for ever.
    /// </summary>
    private const ulong QuietSeconds = 3600;

    /// <summary>A guest that sleeps all that time at once costs the host nothing.</summary>
    private const int QuietWakes = 10_000;

    /// <summary>Turns between two idle moments beyond what serving a timer takes, of all harts together: the guest is at work.</summary>
    private const int TurnsOfWork = 100;

    /// <summary>How much lost time an idle guest may make up: more would make its sleeps visibly short.</summary>
    private const long MaxLagNanoseconds = 100_000_000;

    /// <summary>How far ahead of the wall a busy machine may run at the strict pace before it sleeps.</summary>
    private const long StrictSlackNanoseconds = 1_000_000;

    private long _anchorWall = wall.ElapsedNanoseconds;
    private ulong _anchorCycles = clock.NowCycles;
    private int _timerWakes;
    private ulong _quietSinceCycles = clock.NowCycles;
    private int _quietWakes;
    private int _turnsSinceIdle;

    /// <summary>True while somebody may still type.</summary>
    public bool InputIsLive { get; set; }

    /// <summary>True while something may come from a network: a peer, a port that listens.</summary>
    public bool ChannelsAreLive { get; set; }

    /// <summary>
    /// Exchanges with the host whose answer the guest may wait for. Answers take the host's time, so while there are any, no time is
    /// skipped: a guest's patience must not run out before the host has had a chance.
    /// </summary>
    public int OpenFlows
    {
        get;
        set
        {
            if (field == 0 && value != 0 && pace == Pace.Virtual)
            {
                Anchor();
            }

            field = value;
        }
    }

    /// <summary>The input comes from a record: there is nobody to wait for.</summary>
    public bool IsReplaying { get; set; }

    /// <summary>False if nothing can come from outside any more.</summary>
    public bool MayBeWoken => InputIsLive || ChannelsAreLive || OpenFlows > 0;

    /// <summary>A host event arrived: whoever sits there is awake.</summary>
    public void NoteHostEvent()
    {
        _timerWakes = 0;
        NoteWork();
    }

    /// <summary>The guest does more than to look at the clock: it prints.</summary>
    public void NoteWork()
    {
        _quietSinceCycles = clock.NowCycles;
        _quietWakes = 0;
    }

    /// <summary>
    /// All harts wait. Moves the clock to the next event, or less far if a host event arrives first.
    /// </summary>
    /// <param name="deadlineCycles">The next scheduled event, or <see cref="EventScheduler.Never"/>.</param>
    public void Idle(ulong deadlineCycles)
    {
        if (deadlineCycles == EventScheduler.Never)
        {
            IdleWithoutDeadline();
            return;
        }

        _turnsSinceIdle = 0;
        bool isPaced = OpenFlows > 0 || ((InputIsLive || ChannelsAreLive) && _timerWakes >= TimerWakesBeforePacing) || IsQuiet;
        bool skips = IsReplaying || (pace == Pace.Virtual && !isPaced);
        _timerWakes++;
        _quietWakes++;
        if (skips)
        {
            clock.AdvanceTo(deadlineCycles);
            Anchor();
            return;
        }

        LimitLag();
        long ahead = AheadNanoseconds(deadlineCycles);
        if (ahead > 0 && mailbox.WaitForArrival(ahead))
        {
            clock.AdvanceTo(Math.Clamp(CyclesOfWall(), clock.NowCycles, deadlineCycles));
            return;
        }

        clock.AdvanceTo(deadlineCycles);
    }

    /// <summary>After each quantum: the strict pace holds a busy machine back.</summary>
    public void Busy()
    {
        if (++_turnsSinceIdle > TurnsOfWork)
        {
            NoteWork();
        }

        if (pace == Pace.Strict && !IsReplaying)
        {
            long ahead = AheadNanoseconds(clock.NowCycles);
            if (ahead > StrictSlackNanoseconds)
            {
                mailbox.WaitForArrival(ahead);
            }
        }
    }

    /// <summary>Nothing will happen but what comes from outside.</summary>
    private void IdleWithoutDeadline()
    {
        LimitLag();
        mailbox.WaitForArrival(-1);
        if (pace != Pace.Virtual)
        {
            clock.AdvanceTo(Math.Max(CyclesOfWall(), clock.NowCycles));
        }
        else
        {
            Anchor();
        }
    }

    private bool IsQuiet =>
        _quietWakes >= QuietWakes && clock.NowCycles - _quietSinceCycles >= QuietSeconds * clock.CyclesPerSecond;

    private void Anchor()
    {
        _anchorWall = wall.ElapsedNanoseconds;
        _anchorCycles = clock.NowCycles;
    }

    private void LimitLag()
    {
        long lag = -AheadNanoseconds(clock.NowCycles);
        if (lag > MaxLagNanoseconds)
        {
            _anchorWall += lag - MaxLagNanoseconds;
        }
    }

    /// <summary>How long after the present moment of the wall a cycle lies; negative if it has passed.</summary>
    private long AheadNanoseconds(ulong cycles)
    {
        Int128 guest = (Int128)(cycles - _anchorCycles) * 1_000_000_000 / clock.CyclesPerSecond;
        Int128 ahead = guest - (wall.ElapsedNanoseconds - _anchorWall);
        return ahead > long.MaxValue ? long.MaxValue : (long)ahead;
    }

    private ulong CyclesOfWall()
    {
        Int128 elapsed = wall.ElapsedNanoseconds - _anchorWall;
        return _anchorCycles + (ulong)(elapsed * clock.CyclesPerSecond / 1_000_000_000);
    }
}
