namespace RiscvXv6.Emulator.Diagnostics.Hangs;

/// <summary>What can be wrong with a guest that makes no progress; docs/hangs.md explains each, and what to do about it.</summary>
internal static class HangCodes
{
    public const string AllWaiting = "ALL-WAITING";
    public const string LockSelf = "LOCK-SELF";
    public const string LockCycle = "LOCK-CYCLE";
    public const string LockHeld = "LOCK-HELD";
    public const string SleepLockCycle = "SLEEPLOCK-CYCLE";
    public const string SleepLockOrphan = "SLEEPLOCK-ORPHAN";
    public const string InterruptStorm = "INTERRUPT-STORM";
    public const string NotCompleted = "IRQ-NOT-COMPLETED";
    public const string NotEnabled = "IRQ-NOT-ENABLED";
    public const string NotAcknowledged = "IRQ-NOT-ACKNOWLEDGED";
    public const string TimerWithoutStce = "STIMECMP-NO-STCE";
    public const string TimerTrapped = "STIMECMP-TRAP";
    public const string NoPmp = "NO-PMP";
    public const string BusWidth = "BUS-WIDTH";
    public const string BusNothing = "BUS-NOTHING";
    public const string FaultLoop = "FAULT-LOOP";
    public const string Panic = "PANIC";
    public const string WaitMasked = "WAIT-MASKED";

    /// <summary>Every code.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        AllWaiting, LockSelf, LockCycle, LockHeld, SleepLockCycle, SleepLockOrphan, InterruptStorm, NotCompleted, NotEnabled,
        NotAcknowledged, TimerWithoutStce, TimerTrapped, NoPmp, BusWidth, BusNothing, FaultLoop, Panic, WaitMasked,
    ];
}
