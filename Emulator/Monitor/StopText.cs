using System.Globalization;
using RiscvXv6.Devices.Timing;
using RiscvXv6.Emulator.Cpu.Debugging;
using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Emulator.Monitor;

/// <summary>Why a machine halted, and when, in words.</summary>
internal static class StopText
{
    private const ulong Microseconds = 1_000_000;

    /// <summary>The reason, to stand in parentheses.</summary>
    public static string Reason(DebugStop? stop) => stop switch
    {
        null => "not started",
        { Kind: DebugStopKind.Breakpoint } at => $"breakpoint at 0x{at.Address:x}",
        { Kind: DebugStopKind.Watchpoint } at => $"{Kind(at.Watch)} watchpoint at 0x{at.Address:x}",
        { Kind: DebugStopKind.Stepped } => "stepped",
        _ => "stopped",
    };

    /// <summary>Guest time since power-on, to the microsecond.</summary>
    public static string Seconds(IGuestClock clock)
    {
        UInt128 microseconds = (UInt128)clock.NowCycles * Microseconds / clock.CyclesPerSecond;
        return string.Create(CultureInfo.InvariantCulture, $"{microseconds / Microseconds}.{microseconds % Microseconds:D6}");
    }

    private static string Kind(WatchKind kind) => kind switch
    {
        WatchKind.Write => "write",
        WatchKind.Read => "read",
        _ => "access",
    };
}
