using RiscvXv6.Emulator.Monitor;

namespace RiscvXv6.Emulator.Diagnostics;

/// <summary>The monitor's commands about what the guest's programs do.</summary>
internal static class DiagnosticCommands
{
    public static IEnumerable<MonitorCommand> All { get; } = [];
}
