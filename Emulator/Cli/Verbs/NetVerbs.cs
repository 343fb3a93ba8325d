using CommandLine;

namespace RiscvXv6.Emulator.Cli.Verbs;

/// <summary><c>riscvxv6 net serve</c>.</summary>
[Verb("net serve", HelpText = "Serve UDP and TCP on this host for guests to talk to, until Ctrl-C.")]
internal sealed class NetServeVerb
{
    [Value(0, MetaName = "SERVICE[:PORT]…",
        HelpText = "echo, discard, generator, web (all, on 25099, 25009, 25019, 25080); port 0 is any that is free; and answer:PORT:TEXT.")]
    public IEnumerable<string> Services { get; set; } = [];

    [Option("address", MetaValue = "ADDRESS", HelpText = "Of the interface to serve on (127.0.0.1, which only this host reaches).")]
    public string? Address { get; set; }
}
