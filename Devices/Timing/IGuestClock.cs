namespace RiscvXv6.Devices.Timing;

/// <summary>
/// The machine's one clock. It counts cycles and knows nothing of the wall; timers, wire time and DMA all derive from it.
/// </summary>
public interface IGuestClock
{
    /// <summary>Cycles since power-on; never goes back.</summary>
    ulong NowCycles { get; }

    /// <summary>Cycles in one second of guest time: 1,000,000,000 unless <c>--cpu-mhz</c> says otherwise.</summary>
    ulong CyclesPerSecond { get; }

    /// <summary>Cycles in one tick of the 10 MHz <c>time</c> counter.</summary>
    ulong CyclesPerTick { get; }
}
