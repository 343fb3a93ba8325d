namespace RiscvXv6.Tests.Support;

/// <summary>How a run ended.</summary>
/// <param name="Output">Everything that the console printed.</param>
/// <param name="ExitCode">The process's exit code, or null if a limit ended the run.</param>
internal sealed record GuestRun(string Output, int? ExitCode)
{
    /// <summary>What the machine thought a person ought to know, in lines.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];

    /// <summary>The clock at the end, of this machine only.</summary>
    public ulong Cycles { get; init; }

    /// <summary>What this machine's hang watch found, in lines; other platforms have none.</summary>
    public IReadOnlyList<string> Hangs { get; init; } = [];
}
