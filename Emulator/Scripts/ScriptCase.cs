using System.Collections.Immutable;

namespace RiscvXv6.Emulator.Scripts;

/// <summary>One run of a script, with a value for each of its variables; everything checked but the files that it names.</summary>
/// <param name="Script">The script's name.</param>
/// <param name="Place">Where the script begins.</param>
/// <param name="Variables">What tells this run from the others of the script.</param>
internal sealed record ScriptCase(string Script, ScriptPlace Place, ImmutableArray<ScriptVariable> Variables)
{
    public ImmutableArray<ScriptStep> Steps { get; init; } = [];

    /// <summary>Ends the case from the first boot on.</summary>
    public ImmutableArray<ScriptPattern> Rejected { get; init; } = [];

    /// <summary>The script's name, and the variables in brackets.</summary>
    public string Name => Variables.IsEmpty ? Script : $"{Script} [{string.Join(' ', Variables)}]";
}

/// <summary>A variable with a value.</summary>
internal readonly record struct ScriptVariable(string Name, string Value)
{
    /// <summary>On one line, whatever the value is.</summary>
    public override string ToString() => $"{Name}={ScriptText.Show(Value)}";
}
