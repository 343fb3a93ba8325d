using System.Text;
using RiscvXv6.Devices.Timing;
using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Emulator.Scripts;

/// <summary>
/// The terminal of a script: keeps what the guest prints, and stops the machine when something appears that the script waits for, or that
/// must not appear. On the machine's thread, byte by byte, so that the host's time plays no part.
/// </summary>
internal sealed class ScriptConsole : IConsoleSink
{
    /// <summary>A guest that prints more than this has gone wrong.</summary>
    public const int MostOutput = 16 << 20;

    /// <summary>How far back a regular expression sees.</summary>
    private const int RegexWindow = 64 * 1024;

    /// <summary>
    /// The guest has come to rest when it has printed nothing for so long. Regular expressions are tried then and at the end of each line.
    /// </summary>
    private const ulong QuietMicroseconds = 5000;

    private readonly List<(ScriptPattern Pattern, int From)> _rejected = [];
    private readonly StringBuilder _transcript = new();
    private char[] _text = new char[4096];
    private int _length;
    private ScriptPattern? _goal;
    private string _echo = "";
    private int _echoed;
    private bool _isPrompt;
    private bool _isWatching;
    private ScheduledEvent? _quiet;
    private VirtMachine? _machine;

    /// <summary>The output so far, without carriage returns.</summary>
    public ReadOnlySpan<char> Text => _text.AsSpan(0, _length);

    /// <summary>The output as it came, with lines in brackets for what was done to the machine.</summary>
    public string Transcript => _transcript.ToString();

    /// <summary>What is before this has been waited for.</summary>
    public int Seen { get; private set; }

    /// <summary>Where the output of the last command begins.</summary>
    public int CommandStart { get; private set; }

    /// <summary>Where the match that was waited for begins; -1 until it is there.</summary>
    public int FoundAt { get; private set; } = -1;

    /// <summary>Something was typed since anything was waited for.</summary>
    public bool IsCommandPending { get; private set; }

    /// <summary>What was printed although it must not be.</summary>
    public ScriptPattern? Rejection { get; private set; }

    public bool IsTooLong { get; private set; }

    /// <summary>Takes the output of another machine from now on; null while there is none.</summary>
    public void ConnectTo(VirtMachine? machine)
    {
        _machine = machine;
        _quiet = machine?.Scheduler.Create("script.quiet", Quiet);
        _echo = "";
        _echoed = 0;
        Seen = CommandStart = _length;
        IsCommandPending = false;
    }

    /// <summary>Puts a line of ours into the transcript.</summary>
    public void Remark(string text)
    {
        if (_transcript.Length > 0 && _transcript[^1] != '\n')
        {
            _transcript.Append('\n');
        }

        _transcript.Append('[').Append(text).Append("]\n");
    }

    /// <summary>The script has typed.</summary>
    /// <param name="echo">What the guest will say first, if it echoes; that is not counted as output.</param>
    public void Typed(string echo)
    {
        Seen = CommandStart = _length;
        IsCommandPending = true;
        _echo = echo;
        _echoed = 0;
    }

    /// <summary>
    /// Waits for a prompt behind what was seen: it counts when it is the last that was printed, and the guest then says nothing more for
    /// a while. What looks like a prompt in the midst of some output is none.
    /// </summary>
    public void WaitForPrompt(ScriptPattern pattern)
    {
        FoundAt = -1;
        _goal = pattern;
        _isPrompt = true;
        UpdateWatch();
        ScheduleWatch();
    }

    /// <summary>Waits for a pattern behind what was seen; it may be there already.</summary>
    public void WaitFor(ScriptPattern pattern)
    {
        FoundAt = -1;
        _goal = pattern;
        _isPrompt = false;
        UpdateWatch();
        if (_echoed == _echo.Length)
        {
            Search();
        }

        ScheduleWatch();
    }

    /// <summary>Forgets what was waited for.</summary>
    public void StopWaiting()
    {
        _goal = null;
        UpdateWatch();
    }

    /// <summary>From now on the pattern must not appear.</summary>
    public void Reject(ScriptPattern pattern)
    {
        _rejected.Add((pattern, _length));
        UpdateWatch();
    }

    public void Write(byte value)
    {
        if (_machine is null || IsTooLong)
        {
            return;
        }

        _transcript.Append((char)value);
        if (value == '\r')
        {
            return;
        }

        if (_length == MostOutput)
        {
            IsTooLong = true;
            Stop();
            return;
        }

        if (_length == _text.Length)
        {
            Array.Resize(ref _text, _length * 2);
        }

        _text[_length++] = (char)value;
        foreach (var (pattern, from) in _rejected)
        {
            if (!pattern.IsRegex && EndsWith(pattern.Text, from))
            {
                Refuse(pattern);
            }
        }

        if (_echoed < _echo.Length)
        {
            FollowEcho((char)value);
        }
        else if (_goal is { IsRegex: false } literal && !_isPrompt && FoundAt < 0 && EndsWith(literal.Text, Seen))
        {
            Found(_length - literal.Text.Length, literal.Text.Length);
        }

        if (_isWatching)
        {
            if (value == '\n')
            {
                TryRegexes();
            }

            ScheduleWatch();
        }
    }

    public void Flush()
    {
    }

    private void FollowEcho(char value)
    {
        if (_echo[_echoed] != value)
        {
            // The guest says something else: all of it is output.
            _echo = "";
            _echoed = 0;
            Search();
        }
        else if (++_echoed == _echo.Length)
        {
            Seen = CommandStart = _length;
        }
    }

    private void ScheduleWatch()
    {
        if (_isWatching && _machine is not null)
        {
            _quiet!.ScheduleAt(_machine.Clock.NowCycles + QuietMicroseconds * (_machine.Clock.CyclesPerSecond / 1_000_000));
        }
    }

    private void TryRegexes()
    {
        foreach (var (pattern, from) in _rejected)
        {
            if (pattern.IsRegex && pattern.TryFind(Text, Math.Max(from, _length - RegexWindow), out _, out _))
            {
                Refuse(pattern);
            }
        }

        if (_goal is { IsRegex: true } && _echoed == _echo.Length)
        {
            Search();
        }
    }

    /// <summary>Nothing was printed for a while.</summary>
    private void Quiet()
    {
        TryRegexes();
        if (_goal is null || !_isPrompt || FoundAt >= 0)
        {
            return;
        }

        int start = Math.Max(Seen, _length - RegexWindow);
        while (_goal.TryFind(Text, start, out int index, out int length))
        {
            if (index + length == _length)
            {
                Found(index, length);
                return;
            }

            start = index + Math.Max(1, length);
        }
    }

    private void Search()
    {
        if (_goal is null || _isPrompt || FoundAt >= 0)
        {
            return;
        }

        int start = _goal.IsRegex ? Math.Max(Seen, _length - RegexWindow) : Seen;
        if (_goal.TryFind(Text, start, out int index, out int length))
        {
            Found(index, length);
        }
    }

    private void Found(int index, int length)
    {
        FoundAt = index;
        Seen = index + length;
        IsCommandPending = false;
        Stop();
    }

    private void Refuse(ScriptPattern pattern)
    {
        Rejection ??= pattern;
        Stop();
    }

    /// <summary>The machine comes to rest at the end of the present turn: a cycle that follows from its own state.</summary>
    private void Stop() => _machine?.RequestStop(StopReason.Limit);

    private void UpdateWatch() =>
        _isWatching = _goal is { IsRegex: true } || _goal is not null && _isPrompt
            || _rejected.Exists(static rejected => rejected.Pattern.IsRegex);

    private bool EndsWith(string text, int from) =>
        _length - text.Length >= from && _text.AsSpan(_length - text.Length, text.Length).SequenceEqual(text);
}
