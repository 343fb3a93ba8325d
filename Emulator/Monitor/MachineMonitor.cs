using RiscvXv6.Emulator.Diagnostics;
using RiscvXv6.Emulator.Machine;
using RiscvXv6.Emulator.Text;

namespace RiscvXv6.Emulator.Monitor;

/// <summary>
/// The monitor: finds and runs the command that a person typed, here or in gdb. Which hart was chosen is the only thing that it
/// remembers between two lines, so each front end has a monitor of its own.
/// </summary>
internal sealed class MachineMonitor
{
    /// <summary>What a front end shows before each line.</summary>
    public const string Prompt = "(riscvxv6) ";

    /// <summary>A longer line is no command.</summary>
    public const int LongestLine = 1024;

    private readonly VirtMachine _machine;
    private readonly GuestPrograms _programs;
    private readonly MonitorSurroundings _surroundings;
    private readonly MonitorCommand[] _commands;
    private readonly StepRun _steps;
    private TextWriter? _answer;
    private int _hart;

    /// <param name="machine">The machine that it speaks about.</param>
    /// <param name="programs">The guest's programs.</param>
    /// <param name="surroundings">What was chosen about the machine; null if nothing is known.</param>
    public MachineMonitor(VirtMachine machine, GuestPrograms programs, MonitorSurroundings? surroundings = null)
    {
        _machine = machine;
        _programs = programs;
        _surroundings = surroundings ?? MonitorSurroundings.None;
        _steps = new StepRun(machine.Debug);
        machine.Debug.Stopped += OnStopped;
        _commands =
        [
            .. Groups().SelectMany(static group => group).OrderBy(static command => command.Name, StringComparer.Ordinal),
        ];
    }

    /// <summary>Every command, in the order of its name.</summary>
    public IReadOnlyList<MonitorCommand> Commands => _commands;

    /// <summary>
    /// Told, on the machine's thread and in lines for a person, that the machine has halted and where; but not if a command halts it at once,
    /// whose answer says so.
    /// </summary>
    public Action<string>? Halted { get; set; }

    /// <summary>A step was asked for, and its end has not come yet.</summary>
    public bool IsStepping => _steps.IsUnderWay;

    /// <summary>A command has asked for the end: no answer will follow.</summary>
    public bool HasQuit { get; private set; }

    /// <summary>Runs one line, on the machine's thread; never throws, whatever the line is.</summary>
    /// <param name="line">As typed; an empty one does nothing.</param>
    /// <param name="output">Gets the answer: plain ASCII lines.</param>
    public void Execute(string line, TextWriter output)
    {
        using var limited = new LimitedOutput(output) { NewLine = "\n" };
        if (line.Length > LongestLine)
        {
            limited.WriteLine($"a line has at most {LongestLine} characters");
            return;
        }

        string text = line.Trim();
        if (text.Length == 0)
        {
            return;
        }

        if (Find(text, out string rest) is not { } command)
        {
            limited.WriteLine($"unknown command: '{Name(text)}'{Suggestion(text)}");
            return;
        }

        if (command.Arguments.Length == 0 && rest.Length > 0)
        {
            limited.WriteLine($"{command.Name} takes no arguments");
            return;
        }

        var request = Request(rest, limited, _hart);
        _answer = limited;
        command.Run(request);
        _answer = null;
        _hart = request.Hart;
    }

    private void OnStopped(DebugStop stop)
    {
        if (_steps.GoesOn(stop) || (_answer is null && Halted is null))
        {
            return;
        }

        using var text = new StringWriter { NewLine = "\n" };
        string place = MonitorSymbols.DescribePc(Request("", text, stop.Hart), _machine.Harts[stop.Hart]);
        text.WriteLine($"hart {stop.Hart} {StopText.Reason(stop)}{(place.Length == 0 ? "" : $" in {place}")}");
        InstructionText.WriteNext(Request("", text, stop.Hart), stop.Hart);
        if (_answer is { } answer)
        {
            answer.Write(text.ToString());
        }
        else
        {
            Halted?.Invoke(text.ToString());
        }
    }

    private MonitorRequest Request(string arguments, TextWriter output, int hart) => new()
    {
        Machine = _machine,
        Programs = _programs,
        Arguments = new MonitorArguments(arguments),
        Output = output,
        Hart = hart,
        Surroundings = _surroundings,
        StartSteps = count => _steps.Start(hart, count),
        NoteEnd = () => HasQuit = true,
    };

    private IEnumerable<IEnumerable<MonitorCommand>> Groups() =>
    [
        [new MonitorCommand("help", "[cmd]", "show the commands, or what one does", Help) { Alias = "?" }],
        [new MonitorCommand("info", "[subject]", "show what can be asked, or the state of something", Info)],
        ControlCommands.All,
        ProcessorCommands.All,
        MemoryCommands.All,
        BoardCommands.All,
        DiagnosticCommands.All,
    ];

    /// <summary>The longest name that the line begins with; <c>x/4i</c> and <c>xp/4xw</c> begin with x and xp.</summary>
    private MonitorCommand? Find(string text, out string rest)
    {
        string first = Word(text, out string afterFirst);
        string second = Word(afterFirst, out string afterSecond);
        string two = $"{first} {second}";
        foreach (var command in _commands)
        {
            if (second.Length > 0 && command.Name == two)
            {
                rest = afterSecond;
                return command;
            }
        }

        rest = afterFirst;
        if (first == "info" && second.Length > 0)
        {
            return null;
        }

        int slash = first.IndexOf('/', StringComparison.Ordinal);
        string name = slash < 0 ? first : first[..slash];
        var found = _commands.FirstOrDefault(command => command.Name == name || command.Alias == name);
        if (slash >= 0)
        {
            rest = text[slash..];
            return found is { Name: "x" or "xp" or "print" } ? found : null;
        }

        return found;
    }

    private static string Word(string text, out string rest)
    {
        int end = 0;
        while (end < text.Length && !char.IsWhiteSpace(text[end]))
        {
            end++;
        }

        rest = text[end..].TrimStart();
        return text[..end];
    }

    /// <summary>As much of the line as names a command.</summary>
    private static string Name(string text)
    {
        string first = Word(text, out string rest);
        return first == "info" ? $"info {Word(rest, out _)}" : first;
    }

    private string Suggestion(string text)
    {
        string name = Name(text);
        var names = _commands.Select(static command => command.Name);
        bool isQuestion = name.StartsWith("info ", StringComparison.Ordinal);
        if (!isQuestion && NearestName.Find(name, names) is { } near)
        {
            return NearestName.Suggest(name, [near]);
        }

        // QEMU has most of its questions behind info, and who comes from gdb types "ps".
        var subjects = _commands.Where(IsQuestion).Select(static command => command.Name["info ".Length..]).ToArray();
        string asked = isQuestion ? name["info ".Length..] : name;
        string? subject = NearestName.Find(asked, subjects)
            ?? subjects.FirstOrDefault(each => asked.Length >= 3 && each.StartsWith(asked[..3], StringComparison.Ordinal));
        return subject is null ? "; help lists the commands" : $"; did you mean info {subject}?";
    }

    private void Help(MonitorRequest request)
    {
        string name = string.Join(' ', request.Arguments.Words);
        if (name.Length == 0)
        {
            Describe(request.Output, _commands.Where(static command => !IsQuestion(command)));
            request.Output.WriteLine("\"info\" alone lists what can be shown; \"help CMD\" says what one command does.");
            return;
        }

        if (name == "info")
        {
            Info(request);
            return;
        }

        if (_commands.FirstOrDefault(command => command.Name == name || command.Alias == name) is { } found)
        {
            Describe(request.Output, [found]);
            if (HelpPages.Find(found.Name) is { } page)
            {
                request.Output.WriteLine(page);
            }

            return;
        }

        request.Output.WriteLine($"unknown command: '{name}'{Suggestion(name)}");
    }

    private void Info(MonitorRequest request) => Describe(request.Output, _commands.Where(IsQuestion));

    private static bool IsQuestion(MonitorCommand command) => command.Name.StartsWith("info ", StringComparison.Ordinal);

    private static void Describe(TextWriter output, IEnumerable<MonitorCommand> commands)
    {
        foreach (var command in commands)
        {
            string names = command.Alias is { } alias ? $"{command.Name}|{alias}" : command.Name;
            output.WriteLine($"{names}{(command.Arguments.Length > 0 ? " " : "")}{command.Arguments} -- {command.Help}");
        }
    }
}
