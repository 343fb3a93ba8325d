namespace RiscvXv6.Emulator.Scripts;

/// <summary>Where something stands in a script.</summary>
/// <param name="File">As it was named on the command line.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
internal readonly record struct ScriptPlace(string File, int Line, int Column)
{
    public override string ToString() => string.Create(
        System.Globalization.CultureInfo.InvariantCulture, $"{File}:{Line}:{Column}");
}
