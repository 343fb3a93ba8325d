namespace RiscvXv6.Emulator.Machine;

/// <summary>The host's monotonic clock. The machine sees it through the pacer alone, and never a guest.</summary>
internal interface IWallClock
{
    long ElapsedNanoseconds { get; }
}
