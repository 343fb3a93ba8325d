using RiscvXv6.Emulator.Scripts;

namespace RiscvXv6.Emulator.Cli.Scripts;

/// <summary>A case that was run, or was to be.</summary>
/// <param name="Test">The case.</param>
/// <param name="Result">How it went; null if it was not run.</param>
/// <param name="HostSeconds">What it took.</param>
internal sealed record TestOutcome(GuestTest Test, ScriptResult? Result, double HostSeconds)
{
    /// <summary>What the machine thought a person ought to know, in lines.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];

    public ScriptFailure? Failure => Result?.Failure is { Kind: not ScriptFailureKind.Interrupted } failure ? failure : null;

    /// <summary>Ended by somebody, or never begun.</summary>
    public bool IsIncomplete => Result is null || Result.Failure?.Kind == ScriptFailureKind.Interrupted;

    public bool Passed => Result is { Passed: true };
}
