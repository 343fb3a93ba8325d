using System.Diagnostics;
using System.Globalization;
using System.Text;
using RiscvXv6.Emulator.Cli.Terminal;

namespace RiscvXv6.Emulator.Cli.Scripts;

/// <summary>
/// What a run of tests prints: a line for each case, in their order, with the report of a failure; on a terminal also a line that lives.
/// </summary>
internal sealed class TestProgress : IDisposable
{
    private const int RefreshMilliseconds = 200, UsualWidth = 80;
    private const string Erase = "\r\x1b[K", Red = "\x1b[31m", Green = "\x1b[32m", Plain = "\x1b[0m";

    private readonly Lock _lock = new();
    private readonly bool _isTerminal;
    private readonly bool _hasColors;
    private readonly bool _annotates;
    private readonly int _count;
    private readonly TestOutcome?[] _outcomes;
    private readonly SortedDictionary<int, (string Name, Stopwatch Watch)> _running = [];
    private readonly Timer? _timer;
    private int _printed;
    private int _finished;
    private bool _isLive;
    private bool _isOver;

    /// <param name="count">Cases in all.</param>
    public TestProgress(int count)
    {
        string terminal = Environment.GetEnvironmentVariable("TERM") ?? "";
        _isTerminal = !Console.IsOutputRedirected && terminal is not ("" or "dumb");
        _hasColors = _isTerminal && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        _annotates = Environment.GetEnvironmentVariable(GitHubAnnotations.Variable) == "true";
        _count = count;
        _outcomes = new TestOutcome?[count];
        if (_isTerminal)
        {
            _timer = new Timer(_ => Refresh(), null, RefreshMilliseconds, RefreshMilliseconds);
        }
    }

    public void Started(int index, string name)
    {
        lock (_lock)
        {
            _running[index] = (name, Stopwatch.StartNew());
        }
    }

    public void Finished(int index, TestOutcome outcome)
    {
        lock (_lock)
        {
            _running.Remove(index);
            _outcomes[index] = outcome;
            _finished++;
            var text = new StringBuilder();
            for (; _printed < _count && _outcomes[_printed] is { } next; _printed++)
            {
                Describe(text, next);
            }

            Print(text.ToString());
        }
    }

    /// <summary>Prints what is left, and the sums.</summary>
    public void Ended(IReadOnlyList<TestOutcome> outcomes, double hostSeconds)
    {
        _timer?.Dispose();
        lock (_lock)
        {
            _isOver = true;
            var text = new StringBuilder();
            for (; _printed < _count; _printed++)
            {
                if (_outcomes[_printed] is { } outcome)
                {
                    Describe(text, outcome);
                }
            }

            int incomplete = outcomes.Count(static outcome => outcome.IsIncomplete);
            text.Append(CultureInfo.InvariantCulture, $"{outcomes.Count(static outcome => outcome.Passed)} passed, ");
            text.Append(CultureInfo.InvariantCulture, $"{outcomes.Count(static outcome => outcome.Failure is not null)} failed");
            text.Append(incomplete > 0 ? string.Create(CultureInfo.InvariantCulture, $", {incomplete} not run") : "");
            text.Append(CultureInfo.InvariantCulture, $" in {hostSeconds:0.0} s\n");
            Print(text.ToString());
        }
    }

    public void Dispose()
    {
        _timer?.Dispose();
        lock (_lock)
        {
            Print("");
        }
    }

    private void Describe(StringBuilder text, TestOutcome outcome)
    {
        if (outcome.IsIncomplete || outcome.Result is not { } result)
        {
            return;
        }

        string times = string.Create(
            CultureInfo.InvariantCulture, $"{result.GuestNanoseconds / 1e9:0.000} s guest, {outcome.HostSeconds:0.0} s host");
        text.Append($"{(outcome.Passed ? Colored(Green, "ok") : Colored(Red, "FAIL"))}  {outcome.Test.Case.Name}  ({times})\n");
        if (outcome.Failure is { } failure)
        {
            text.Append(FailureText.Of(outcome, failure));
            if (_annotates)
            {
                text.Append(GitHubAnnotations.Error(
                    failure.Place.File,
                    failure.Place.Line,
                    failure.Place.Column,
                    outcome.Test.Case.Name,
                    $"{failure.Step}: {failure.Message}"));
            }
        }
    }

    private string Colored(string color, string word) => _hasColors ? color + word + Plain : word;

    private void Refresh()
    {
        lock (_lock)
        {
            if (_running.Count == 0 || _isOver)
            {
                return;
            }

            int failed = _outcomes.Count(static outcome => outcome?.Failure is not null);
            string names = string.Join(", ", _running.Values.Select(static running =>
                string.Create(CultureInfo.InvariantCulture, $"{running.Name} {running.Watch.Elapsed.TotalSeconds:0} s")));
            string line = string.Create(CultureInfo.InvariantCulture, $"[{_finished}/{_count}] {failed} failed, running: {names}");
            int width = Width() - 1;
            Write(Erase + (line.Length > width ? line[..Math.Max(0, width)] : line));
            _isLive = true;
        }
    }

    private static int Width()
    {
        try
        {
            return Console.WindowWidth is > 10 and var width ? width : UsualWidth;
        }
        catch (IOException)
        {
            return UsualWidth;
        }
    }

    private void Print(string text)
    {
        Write((_isLive ? Erase : "") + text);
        _isLive = false;
    }

    private static void Write(string text) => _ = StandardStreams.Write(Encoding.UTF8.GetBytes(text));
}
