using RiscvXv6.Emulator.Diagnostics;
using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Emulator.Monitor;

/// <summary>A command's arguments, and what it may look at.</summary>
internal sealed class MonitorRequest
{
    public required VirtMachine Machine { get; init; }

    public required GuestPrograms Programs { get; init; }

    public required MonitorArguments Arguments { get; init; }

    /// <summary>Plain ASCII lines. Takes only so much: a command that writes for ever is cut short.</summary>
    public required TextWriter Output { get; init; }

    /// <summary>The hart that the person has chosen by <c>cpu N</c>; always one of the machine's. A command may choose another.</summary>
    public required int Hart { get; set; }
}
