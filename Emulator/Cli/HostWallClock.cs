using System.Diagnostics;
using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Emulator.Cli;

/// <summary>The host's monotonic clock, from the moment this object is made.</summary>
internal sealed class HostWallClock : IWallClock
{
    private readonly long _start = Stopwatch.GetTimestamp();

    public long ElapsedNanoseconds => Stopwatch.GetElapsedTime(_start).Ticks * 100;
}
