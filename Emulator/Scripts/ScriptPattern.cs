using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace RiscvXv6.Emulator.Scripts;

/// <summary>
/// What a step looks for in the console's output: a text as it stands, or a regular expression. Output and patterns are bytes,
/// one to a character; carriage returns are left out of both.
/// </summary>
internal sealed class ScriptPattern
{
    private readonly Regex? _regex;

    private ScriptPattern(string text, Regex? regex)
    {
        Text = text;
        _regex = regex;
    }

    /// <summary>What is looked for, or the expression.</summary>
    public string Text { get; }

    public bool IsRegex => _regex is not null;

    /// <summary>A text as it stands.</summary>
    /// <param name="text">Not empty.</param>
    public static ScriptPattern Literal(string text) => new(BytesOf(text), null);

    /// <summary>
    /// A regular expression, in which <c>^</c> and <c>$</c> are the ends of lines. It takes time that is linear in the output, whatever
    /// it says; so it can't look around or back.
    /// </summary>
    public static bool TryParseRegex(string text, out ScriptPattern? pattern, out string error)
    {
        try
        {
            const RegexOptions Options = RegexOptions.Multiline | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking;
            pattern = new ScriptPattern(text, new Regex(BytesOf(text), Options));
            error = "";
            return true;
        }
        catch (RegexParseException e)
        {
            // The runtime's own words are not in the build; the error's name says as much.
            string words = string.Concat(e.Error.ToString().Select(static c => char.IsUpper(c) ? $" {char.ToLowerInvariant(c)}" : $"{c}"));
            error = string.Create(CultureInfo.InvariantCulture, $"{words.Trim()}, after {e.Offset} characters");
        }
        catch (NotSupportedException)
        {
            error = "it looks around, or back to a group; neither is possible here";
        }

        pattern = null;
        return false;
    }

    /// <summary>The first match at or behind a place.</summary>
    public bool TryFind(ReadOnlySpan<char> output, int start, out int index, out int length)
    {
        if (_regex is null)
        {
            int at = output[start..].IndexOf(Text, StringComparison.Ordinal);
            (index, length) = (start + at, Text.Length);
            return at >= 0;
        }

        foreach (var match in _regex.EnumerateMatches(output, start))
        {
            (index, length) = (match.Index, match.Length);
            return true;
        }

        (index, length) = (0, 0);
        return false;
    }

    public override string ToString() => IsRegex ? $"/{Text}/" : $"'{ScriptText.Show(Text)}'";

    private static string BytesOf(string text) =>
        Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text)).Replace("\r", "", StringComparison.Ordinal);
}
