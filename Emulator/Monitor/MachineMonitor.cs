using RiscvXv6.Emulator.Diagnostics;
using RiscvXv6.Emulator.Machine;
using RiscvXv6.Emulator.Text;

namespace RiscvXv6.Emulator.Monitor;

/// <summary>
/// The monitor: finds and runs the command that a person typed, here or in gdb. Which hart was chosen is the only thing that it
/// remembers between two lines, so each front end has a monitor of its own.
/// </summary>
/// <param name="machine">The machine that it speaks about.</param>
/// <param name="programs">The guest's programs.</param>
internal sealed class MachineMonitor(VirtMachine machine, GuestPrograms programs)
{
    private readonly MonitorCommand[] _commands = [.. DiagnosticCommands.All];
    private int _hart;

    /// <summary>Every command, in the order of its name.</summary>
    public IReadOnlyList<MonitorCommand> Commands => _commands;

    /// <summary>Runs one line, on the machine's thread; never throws, whatever the line is.</summary>
    /// <param name="line">As typed; an empty one does nothing.</param>
    /// <param name="output">Gets the answer: plain ASCII lines.</param>
    public void Execute(string line, TextWriter output)
    {
        string[] words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0)
        {
            return;
        }

        string two = words.Length > 1 ? $"{words[0]} {words[1]}" : words[0];
        foreach (var command in _commands)
        {
            if (command.Name == two || command.Name == words[0])
            {
                int nameWords = command.Name == two && words.Length > 1 ? 2 : 1;
                var request = new MonitorRequest
                {
                    Machine = machine,
                    Programs = programs,
                    Arguments = new MonitorArguments(string.Join(' ', words[nameWords..])),
                    Output = output,
                    Hart = _hart,
                };
                command.Run(request);
                _hart = request.Hart;
                return;
            }
        }

        output.WriteLine($"unknown command: '{words[0]}'{NearestName.Suggest(two, _commands.Select(static row => row.Name))}");
    }
}
