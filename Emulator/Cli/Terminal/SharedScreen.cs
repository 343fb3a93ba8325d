using System.Text;

namespace RiscvXv6.Emulator.Cli.Terminal;

/// <summary>
/// Standard output, where the guest's console and the monitor's line meet. On a terminal what comes from elsewhere is put above the
/// line that is being typed, which is drawn again below it; anywhere else there are only plain lines.
/// </summary>
/// <param name="write">Writes all it gets, and says how that ended.</param>
/// <param name="isTerminal">Lines can be drawn over.</param>
/// <param name="columns">How wide the terminal is at present.</param>
internal sealed class SharedScreen(ConsoleWrite write, bool isTerminal, Func<int> columns)
{
    /// <summary>To the line's start, and nothing right of it.</summary>
    private const string Erase = "\r\e[K";

    private const string OneUp = "\e[A";

    private readonly Lock _lock = new();

    /// <summary>What stands of an unfinished line of the guest's above the typed one; null if that can't be told.</summary>
    private string? _guestLine = "";
    private string? _prompt;
    private string _text = "";
    private int _cursor;

    /// <summary>A person looks at it.</summary>
    public bool IsTerminal => isTerminal;

    /// <summary>The guest's output, as it comes.</summary>
    public WriteStatus WriteGuest(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            if (_prompt is null || !isTerminal || bytes.IsEmpty)
            {
                return write(bytes);
            }

            // What the guest has printed of a line it goes on with, though the typed line is below that by now.
            string continued = _guestLine is { Length: > 0 } begun ? $"{Erase}{OneUp}{Erase}{begun}" : Erase;
            _guestLine = Continue(_guestLine ?? "", bytes);
            byte[] tail = Encoding.ASCII.GetBytes((bytes[^1] == '\n' ? "" : "\n") + Drawing());
            return write([.. Encoding.ASCII.GetBytes(continued), .. bytes, .. tail]);
        }
    }

    /// <summary>Shows a line to type in, as far as it is typed.</summary>
    public WriteStatus Show(string prompt, string text, int cursor)
    {
        lock (_lock)
        {
            bool isNew = _prompt != prompt;
            bool isChanged = isNew || _text != text || _cursor != cursor;
            (_prompt, _text, _cursor) = (prompt, text, cursor);
            if (isTerminal)
            {
                return isChanged ? Write((isNew ? "" : "\r") + Drawing()) : WriteStatus.Done;
            }

            return isNew ? Write(prompt) : WriteStatus.Done;
        }
    }

    /// <summary>The line is typed: it stays on the screen.</summary>
    public WriteStatus Enter(string text)
    {
        lock (_lock)
        {
            string prompt = _prompt ?? "";
            _prompt = null;
            _guestLine = "";
            return Write(isTerminal ? $"{Erase}{prompt}{text}\n" : $"{text}\n");
        }
    }

    /// <summary>Puts a text, of whole lines, above the line being typed, or at the end if there is none.</summary>
    public WriteStatus Print(string text)
    {
        lock (_lock)
        {
            if (text.Length == 0)
            {
                return WriteStatus.Done;
            }

            _guestLine = "";

            if (_prompt is null)
            {
                return Write(text);
            }

            return Write(isTerminal ? $"{Erase}{text}{Drawing()}" : $"\n{text}{_prompt}");
        }
    }

    /// <summary>Takes the line that is being typed away.</summary>
    public void Hide()
    {
        lock (_lock)
        {
            if (_prompt is not null)
            {
                _prompt = null;
                Write(isTerminal ? Erase : "\n");
            }
        }
    }

    /// <summary>Has something written by another way, such as a complaint, above the line that is being typed.</summary>
    public void Around(Action act)
    {
        lock (_lock)
        {
            if (_prompt is not null)
            {
                Write(isTerminal ? Erase : "\n");
            }

            act();
            _guestLine = "";
            if (_prompt is not null)
            {
                Write(isTerminal ? Drawing() : _prompt);
            }
        }
    }

    /// <summary>The guest's unfinished line after more of it, if it can be drawn again: short, and of plain characters.</summary>
    private string? Continue(string line, ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(line);
        foreach (byte value in bytes)
        {
            switch (value)
            {
                case (byte)'\n' or (byte)'\r':
                    text.Clear();
                    break;
                case (byte)'\b':
                    text.Length = Math.Max(0, text.Length - 1);
                    break;
                case >= (byte)' ' and <= (byte)'~':
                    text.Append((char)value);
                    break;
                default:
                    return null;
            }
        }

        return text.Length < columns() ? text.ToString() : null;
    }

    private WriteStatus Write(string text) => write(Encoding.ASCII.GetBytes(text));

    /// <summary>Prompt and text, or of a long one the part around the cursor; then the cursor in its place.</summary>
    private string Drawing()
    {
        const int Least = 10;
        int room = Math.Max(columns() - _prompt!.Length - 1, Least);
        int first = Math.Max(0, _cursor - room);
        string visible = _text.Substring(first, Math.Min(room, _text.Length - first));
        int back = visible.Length - (_cursor - first);
        return $"\r{_prompt}{visible}\e[K{(back > 0 ? $"\e[{back}D" : "")}";
    }
}
