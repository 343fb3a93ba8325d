using CommandLine;

namespace RiscvXv6.Emulator.Cli.Verbs;

/// <summary><c>riscvxv6 test</c>.</summary>
[Verb("test", HelpText = "Run scripts that boot guests, type, and look at what they print.")]
internal sealed class TestVerb
{
    [Value(0, MetaName = "SCRIPT…", HelpText = "YAML files, as docs/guest-tests.md explains.")]
    public IEnumerable<string> Scripts { get; set; } = [];

    [Option("harts", MetaValue = "N,N", HelpText = "Run each with these numbers of harts.")]
    public string? Harts { get; set; }

    [Option("seeds", MetaValue = "FROM..TO", HelpText = "Run each with these orders of harts' turns (hart-seed).")]
    public string? Seeds { get; set; }

    [Option("set", MetaValue = "NAME=VALUE", HelpText = "Give a variable, or an option of the machine such as kernel, a value; repeat for more.")]
    public IEnumerable<string> Settings { get; set; } = [];

    [Option("only", MetaValue = "PATTERN", HelpText = "Run only cases in whose name this is; * stands for anything.")]
    public string? Only { get; set; }

    [Option("list", HelpText = "Print the cases, and run none.")]
    public bool Lists { get; set; }

    [Option('j', "jobs", MetaValue = "N", HelpText = "Run so many at a time (the host's processors).")]
    public string? Jobs { get; set; }

    [Option("junit", MetaValue = "FILE", HelpText = "Write the results there as JUnit XML.")]
    public string? JUnit { get; set; }

    [Option("json", MetaValue = "FILE", HelpText = "Write the results there as JSON.")]
    public string? Json { get; set; }

    [Option("artifacts", MetaValue = "FOLDER", HelpText = "Keep transcripts, captures of packets and reports of failures there.")]
    public string? Artifacts { get; set; }
}
