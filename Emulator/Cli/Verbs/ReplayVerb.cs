using CommandLine;
using RiscvXv6.Emulator.Cli.Debugger;
using RiscvXv6.Emulator.Cli.Options;

namespace RiscvXv6.Emulator.Cli.Verbs;

/// <summary><c>riscvxv6 replay</c>: the record says what to run; the options, what to see of it.</summary>
[Verb("replay", HelpText = "Run again what -record kept: the same to the last bit, without the disks, terminals and networks of then.")]
internal sealed class ReplayVerb
{
    [Value(0, MetaName = "RECORD", HelpText = "A file that -record FILE (run --record FILE) made.")]
    public string? Path { get; set; }

    [Option("capture", MetaValue = "FILE[,netdev=ID]", HelpText = "Keep packets as pcapng; repeat for more files.")]
    public IEnumerable<string> Captures { get; set; } = [];

    [Option("net-report", MetaValue = "FILE", HelpText = "Where each packet's time went, as JSON.")]
    public string? NetReport { get; set; }

    [Option("net-table", HelpText = "Print the cards' totals at the end.")]
    public bool NetTable { get; set; }

    [Option("gdb", MetaValue = "PORT", HelpText = "Let gdb connect there, from this host; tcp:ADDRESS:PORT for others.")]
    public string? Gdb { get; set; }

    [Option('S', "halted", HelpText = "Halted from the start, until gdb says continue.")]
    public bool Halted { get; set; }

    [Option("log", MetaValue = "FILE", HelpText = "Keep the machine's log there.")]
    public string? LogPath { get; set; }

    [Option("log-items", MetaValue = "ITEMS", HelpText = "What to log: unimp, guest_errors, int, in_asm.")]
    public string? LogItems { get; set; }

    /// <summary>The options as both front doors understand them: they are added to the recorded command line.</summary>
    public Request.Replay Interpret(HostFacts host)
    {
        if (string.IsNullOrEmpty(Path))
        {
            throw new UsageException("replay: no record given; write riscvxv6 replay FILE");
        }

        var arguments = new List<string>();
        foreach (string capture in Captures)
        {
            arguments.AddRange(["--capture", capture]);
        }

        if (NetReport is not null)
        {
            arguments.AddRange(["--net-report", NetReport]);
        }

        if (NetTable)
        {
            arguments.Add("--net-table");
        }

        return new Request.Replay(Path, [.. arguments], host)
        {
            Debugger = DebuggerPort.Parse(Gdb, Halted),
            LogPath = LogPath,
            LogItems = LogItems is null ? null : OptionValues.Items("--log-items", LogItems),
        };
    }
}
