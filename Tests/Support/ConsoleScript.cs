using System.Text;

namespace RiscvXv6.Tests.Support;

/// <summary>Collects a console's output and says what to type next, and when.</summary>
internal sealed class ConsoleScript(IReadOnlyList<Typing> script)
{
    private readonly StringBuilder _output = new();
    private int _next;
    private int _seen;

    public string Output => _output.ToString();

    /// <summary>The output's length so far.</summary>
    public int Printed => _output.Length;

    /// <summary>The script says that the run is over.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Takes one character of output; gives the text to type now, or null.</summary>
    public string? Take(char printed)
    {
        _output.Append(printed);
        if (_next == script.Count || !EndsWith(script[_next].After))
        {
            return null;
        }

        _seen = _output.Length;
        string? text = script[_next++].Text;
        IsOver |= text is null;
        return text;
    }

    private bool EndsWith(string text)
    {
        int start = _output.Length - text.Length;
        if (start < _seen)
        {
            return false;
        }

        for (int index = 0; index < text.Length; index++)
        {
            if (_output[start + index] != text[index])
            {
                return false;
            }
        }

        return true;
    }
}
