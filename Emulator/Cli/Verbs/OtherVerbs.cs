using CommandLine;

namespace RiscvXv6.Emulator.Cli.Verbs;

/// <summary><c>riscvxv6 disasm</c>.</summary>
[Verb("disasm", HelpText = "Print the instructions of an ELF file, or of words in hexadecimal.")]
internal sealed class DisasmVerb
{
    [Value(0, MetaName = "FILE|WORD", HelpText = "An ELF file, or words such as 00a50533.")]
    public IEnumerable<string> Arguments { get; set; } = [];
}
