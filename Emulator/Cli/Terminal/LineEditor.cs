namespace RiscvXv6.Emulator.Cli.Terminal;

/// <summary>What a key did to a line.</summary>
internal enum LineEdit
{
    /// <summary>Nothing that shows.</summary>
    None,

    /// <summary>The line or the cursor changed.</summary>
    Changed,

    /// <summary>The line is done: <see cref="LineEditor.Entered"/> has it.</summary>
    Entered,

    /// <summary>The line was given up.</summary>
    Cancelled,

    /// <summary>There are several ways to go on: <see cref="LineEditor.Choices"/> has them.</summary>
    Choices,
}

/// <summary>
/// A line being typed: keys as a terminal sends them (ECMA-48 for the arrows), a history, and completion. Draws nothing.
/// </summary>
/// <param name="longest">A line takes no more characters than this.</param>
/// <param name="complete">What the text before the cursor may begin, in full.</param>
internal sealed class LineEditor(int longest, Func<string, IReadOnlyList<string>> complete)
{
    private const int HistoryLength = 100;
    private const byte EscapeByte = 0x1b;
    private const byte Delete = 0x7f;

    private readonly List<string> _history = [];
    private readonly List<byte> _sequence = [];
    private string _unfinished = "";
    private int _historyIndex;
    private bool _wasReturn;

    /// <summary>The line so far.</summary>
    public string Text { get; private set; } = "";

    /// <summary>Characters before the cursor.</summary>
    public int Cursor { get; private set; }

    /// <summary>The line that was entered last.</summary>
    public string Entered { get; private set; } = "";

    /// <summary>What the text before the cursor may begin.</summary>
    public IReadOnlyList<string> Choices { get; private set; } = [];

    /// <summary>Takes one byte from the terminal, or from a file of lines.</summary>
    public LineEdit Accept(byte key)
    {
        bool followsReturn = _wasReturn;
        _wasReturn = key == '\r';
        if (_sequence.Count > 0)
        {
            return AcceptSequence(key);
        }

        switch (key)
        {
            case (byte)'\n' when followsReturn:
                return LineEdit.None;
            case (byte)'\r' or (byte)'\n':
                return Enter();
            case EscapeByte:
                _sequence.Add(key);
                return LineEdit.None;
            case (byte)'\t':
                return Complete();
            case Delete or (byte)'\b':
                return Remove(Cursor - 1, Cursor);
            case < 0x20:
                return Control((char)(key + '@'));
            case < Delete:
                return Insert((char)key);
            default:
                return LineEdit.None;
        }
    }

    private LineEdit Control(char letter)
    {
        switch (letter)
        {
            case 'A':
                return MoveTo(0);
            case 'B':
                return MoveTo(Cursor - 1);
            case 'C':
                Text = "";
                Cursor = 0;
                _historyIndex = _history.Count;
                return LineEdit.Cancelled;
            case 'D':
                return Remove(Cursor, Cursor + 1);
            case 'E':
                return MoveTo(Text.Length);
            case 'F':
                return MoveTo(Cursor + 1);
            case 'K':
                return Remove(Cursor, Text.Length);
            case 'L':
                return LineEdit.Changed;
            case 'N':
                return Recall(_historyIndex + 1);
            case 'P':
                return Recall(_historyIndex - 1);
            case 'U':
                return Remove(0, Cursor);
            case 'W':
                return Remove(WordStart(), Cursor);
            default:
                return LineEdit.None;
        }
    }

    /// <summary>ECMA-48 "Control sequence introducer": ESC [, numbers, a letter; some terminals send ESC O and a letter.</summary>
    private LineEdit AcceptSequence(byte key)
    {
        const int Longest = 8;
        _sequence.Add(key);
        bool isOpen = _sequence.Count == 2 ? key is (byte)'[' or (byte)'O' : key is < 0x40 or > 0x7e;
        if (isOpen && _sequence.Count < Longest)
        {
            return LineEdit.None;
        }

        string sequence = System.Text.Encoding.ASCII.GetString([.. _sequence[1..]]);
        _sequence.Clear();
        return sequence switch
        {
            "[A" or "OA" => Recall(_historyIndex - 1),
            "[B" or "OB" => Recall(_historyIndex + 1),
            "[C" or "OC" => MoveTo(Cursor + 1),
            "[D" or "OD" => MoveTo(Cursor - 1),
            "[H" or "OH" or "[1~" or "[7~" => MoveTo(0),
            "[F" or "OF" or "[4~" or "[8~" => MoveTo(Text.Length),
            "[3~" => Remove(Cursor, Cursor + 1),
            _ => LineEdit.None,
        };
    }

    private LineEdit Insert(char character)
    {
        if (Text.Length >= longest)
        {
            return LineEdit.None;
        }

        Text = Text.Insert(Cursor, character.ToString());
        Cursor++;
        return LineEdit.Changed;
    }

    private LineEdit Remove(int from, int to)
    {
        if (from < 0 || to > Text.Length || from >= to)
        {
            return LineEdit.None;
        }

        Text = Text.Remove(from, to - from);
        Cursor = from;
        return LineEdit.Changed;
    }

    private LineEdit MoveTo(int position)
    {
        if (position < 0 || position > Text.Length || position == Cursor)
        {
            return LineEdit.None;
        }

        Cursor = position;
        return LineEdit.Changed;
    }

    private int WordStart()
    {
        int start = Cursor;
        while (start > 0 && Text[start - 1] == ' ')
        {
            start--;
        }

        while (start > 0 && Text[start - 1] != ' ')
        {
            start--;
        }

        return start;
    }

    private LineEdit Recall(int index)
    {
        if (index < 0 || index > _history.Count || index == _historyIndex)
        {
            return LineEdit.None;
        }

        if (_historyIndex == _history.Count)
        {
            _unfinished = Text;
        }

        _historyIndex = index;
        Text = index == _history.Count ? _unfinished : _history[index];
        Cursor = Text.Length;
        return LineEdit.Changed;
    }

    private LineEdit Enter()
    {
        Entered = Text;
        if (Entered.Trim().Length > 0 && (_history.Count == 0 || _history[^1] != Entered))
        {
            _history.Add(Entered);
            if (_history.Count > HistoryLength)
            {
                _history.RemoveAt(0);
            }
        }

        _historyIndex = _history.Count;
        Text = "";
        Cursor = 0;
        return LineEdit.Entered;
    }

    private LineEdit Complete()
    {
        string before = Text[..Cursor];
        var found = complete(before);
        if (found.Count == 0)
        {
            return LineEdit.None;
        }

        int common = found[0].Length;
        foreach (string choice in found)
        {
            common = Math.Min(common, CommonLength(found[0], choice));
        }

        string completed = found[0][..common] + (found.Count == 1 && Cursor == Text.Length ? " " : "");
        if (completed.Length > Cursor && completed.Length - Cursor + Text.Length <= longest)
        {
            Text = completed + Text[Cursor..];
            Cursor = completed.Length;
            return LineEdit.Changed;
        }

        Choices = found;
        return found.Count > 1 ? LineEdit.Choices : LineEdit.None;
    }

    private static int CommonLength(string a, string b)
    {
        int length = 0;
        while (length < a.Length && length < b.Length && a[length] == b[length])
        {
            length++;
        }

        return length;
    }
}
