using System.Globalization;

namespace RiscvXv6.Emulator.Cli.Scripts;

/// <summary>Commands to GitHub's runner, which shows a failure beside the line of the script.</summary>
internal static class GitHubAnnotations
{
    /// <summary>The runner sets this to <c>true</c>.</summary>
    public const string Variable = "GITHUB_ACTIONS";

    public static string Error(string file, int line, int column, string title, string message) => string.Create(
        CultureInfo.InvariantCulture,
        $"::error file={Property(file)},line={line},col={column},title={Property(title)}::{Data(message)}\n");

    private static string Data(string text) => text
        .Replace("%", "%25", StringComparison.Ordinal)
        .Replace("\r", "%0D", StringComparison.Ordinal)
        .Replace("\n", "%0A", StringComparison.Ordinal);

    private static string Property(string text) => Data(text)
        .Replace(":", "%3A", StringComparison.Ordinal)
        .Replace(",", "%2C", StringComparison.Ordinal);
}
