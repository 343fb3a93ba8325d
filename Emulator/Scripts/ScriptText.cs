using System.Globalization;
using System.Text;

namespace RiscvXv6.Emulator.Scripts;

/// <summary>What a guest or a script says, made fit for a line of a report.</summary>
internal static class ScriptText
{
    private const int Longest = 120;

    /// <summary>One line: control characters escaped, the end cut off if there is too much.</summary>
    public static string Show(string text)
    {
        var shown = new StringBuilder();
        foreach (char c in text)
        {
            if (shown.Length >= Longest)
            {
                return shown.Append("...").ToString();
            }

            Append(shown, c);
        }

        return shown.ToString();
    }

    /// <summary>Lines of output: line feeds and tabs stay, other control characters are escaped.</summary>
    public static string ShowLines(ReadOnlySpan<char> text)
    {
        var shown = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            if (c is '\n' or '\t')
            {
                shown.Append(c);
            }
            else
            {
                Append(shown, c);
            }
        }

        return shown.ToString();
    }

    private static void Append(StringBuilder shown, char c)
    {
        switch (c)
        {
            case '\n':
                shown.Append("\\n");
                break;
            case '\t':
                shown.Append("\\t");
                break;
            case < ' ' or > '~':
                shown.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}");
                break;
            default:
                shown.Append(c);
                break;
        }
    }
}
