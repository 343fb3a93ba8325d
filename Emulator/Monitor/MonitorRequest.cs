using RiscvXv6.Emulator.Cpu;
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

    /// <summary>What was chosen about the machine.</summary>
    public MonitorSurroundings Surroundings { get; init; } = MonitorSurroundings.None;

    /// <summary>Has the chosen hart make so many steps, after which the machine is halted.</summary>
    public Action<ulong> StartSteps { get; init; } = static _ => { };

    /// <summary>Notes that the machine will have ended before another line is answered.</summary>
    public Action NoteEnd { get; init; } = static () => { };

    /// <summary>Nothing more is shown: a command that goes over much may stop.</summary>
    public bool IsOutputFull => Output is LimitedOutput { IsFull: true };

    /// <summary>The hart that the person has chosen.</summary>
    public Hart ChosenHart => Machine.Harts[Hart];

    /// <summary>Says what is wrong with the arguments, and where to read more.</summary>
    public void Refuse(string command, string reason)
    {
        Output.WriteLine(reason);
        Output.WriteLine($"Try \"help {command}\" for more information");
    }
}
