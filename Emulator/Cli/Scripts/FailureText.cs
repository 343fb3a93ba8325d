using System.Text;
using RiscvXv6.Emulator.Scripts;

namespace RiscvXv6.Emulator.Cli.Scripts;

/// <summary>What a person is told of a case that failed. Nothing in it depends on the host.</summary>
internal static class FailureText
{
    /// <summary>Before each line that is not ours, so that no line of a guest's is taken for one.</summary>
    private const string Quoted = "    | ";

    private const int TailLines = 20, LongestLine = 200;

    /// <summary>Lines, each indented by two blanks.</summary>
    /// <param name="failure">Of <paramref name="outcome"/>.</param>
    public static string Of(TestOutcome outcome, ScriptFailure failure)
    {
        var text = new StringBuilder();
        text.Append($"  at {failure.Place}: {failure.Step}\n");
        text.Append($"  {failure.Message}\n");
        foreach (string finding in failure.Findings.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            text.Append($"  {finding}\n");
        }

        foreach (string notice in outcome.Notices)
        {
            text.Append($"  notice: {notice}\n");
        }

        if (outcome.Result is { Transcript.Length: > 0 } result)
        {
            text.Append("  the console's last lines:\n");
            Quote(text, Tail(result.Transcript));
        }

        if (failure.Machine.Length > 0)
        {
            text.Append("  the machine:\n");
            Quote(text, failure.Machine);
        }

        text.Append($"  again: {outcome.Test.Command}\n");
        return text.ToString();
    }

    /// <summary>The last lines of a transcript, shown as text.</summary>
    public static string Tail(string transcript)
    {
        int start = transcript.Length;
        for (int lines = 0; lines <= TailLines && start > 0; lines++)
        {
            start = Math.Max(0, transcript.LastIndexOf('\n', start - 1));
        }

        return ScriptText.ShowLines(transcript.AsSpan(start > 0 ? start + 1 : 0).ToString().Replace("\r", "", StringComparison.Ordinal));
    }

    private static void Quote(StringBuilder text, string lines)
    {
        foreach (string line in lines.TrimEnd('\n').Split('\n'))
        {
            text.Append(Quoted).Append(line.Length > LongestLine ? line[..LongestLine] + "..." : line).Append('\n');
        }
    }
}
