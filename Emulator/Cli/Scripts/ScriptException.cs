using RiscvXv6.Emulator.Scripts;

namespace RiscvXv6.Emulator.Cli.Scripts;

/// <summary>A script can't be used; one line says where, what is wrong and what to do.</summary>
internal sealed class ScriptException(ScriptPlace place, string message) : Exception($"{place}: {message}")
{
    public ScriptPlace Place { get; } = place;

    /// <summary>Without the place.</summary>
    public string Complaint { get; } = message;
}
