using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using RiscvXv6.Emulator.Cli.Network;
using RiscvXv6.Emulator.Cli.Options;
using RiscvXv6.Emulator.Cli.Terminal;
using RiscvXv6.Emulator.Text;

namespace RiscvXv6.Emulator.Cli.Scripts;

/// <summary><c>riscvxv6 test</c>: reads all scripts, runs their cases side by side, and writes down how they went.</summary>
internal sealed class TestSession : IDisposable
{
    /// <summary>After a signal a machine stops at the end of a turn; one that does not is left behind.</summary>
    private const int SignalPatienceMilliseconds = 2000;

    /// <summary>Larger files are no scripts, and not even read to say so.</summary>
    private const ulong MostScriptBytes = 64 << 20;

    private readonly TestCommand _command;
    private readonly IReadOnlyList<GuestTest> _tests;
    private readonly TestOutcome[] _outcomes;
    private readonly TestArtifacts? _artifacts;
    private readonly FileStream? _junit;
    private readonly FileStream? _json;
    private readonly CancellationTokenSource _cancellation = new();
    private int _next;
    private UsageException? _fault;

    private TestSession(TestCommand command, IReadOnlyList<GuestTest> tests)
    {
        _command = command;
        _tests = tests;
        _outcomes = [.. tests.Select(static test => new TestOutcome(test, null, 0))];

        // Before anything runs, so that a result does not get lost for want of a folder.
        _artifacts = command.ArtifactsFolder is { } folder ? new TestArtifacts(folder, tests) : null;
        _junit = command.JUnitPath is { } junit ? PacketFiles.OpenFile("--junit", junit) : null;
        _json = command.JsonPath is { } json ? PacketFiles.OpenFile("--json", json) : null;
    }

    /// <returns>The program's exit code: 0 if all passed, 1 if not, 2 if a script can't be used.</returns>
    /// <exception cref="UsageException">The command line, or a file that it names, can't be used.</exception>
    public static int Run(TestCommand command)
    {
        IReadOnlyList<GuestTest> tests;
        try
        {
            tests = Read(command);
        }
        catch (ScriptException e)
        {
            StandardStreams.Complain($"riscvxv6: {e.Message}\n");
            if (Environment.GetEnvironmentVariable(GitHubAnnotations.Variable) == "true")
            {
                _ = StandardStreams.Write(Encoding.UTF8.GetBytes(
                    GitHubAnnotations.Error(e.Place.File, e.Place.Line, e.Place.Column, "bad script", e.Complaint)));
            }

            return ExitCode.BadCommandLine;
        }

        if (command.Lists)
        {
            _ = StandardStreams.Write(Encoding.UTF8.GetBytes(
                string.Concat(tests.Select(static test => $"{test.Case.Place.File}: {test.Case.Name}\n"))));
            return ExitCode.Success;
        }

        using var session = new TestSession(command, tests);
        return session.Run();
    }

    public void Dispose()
    {
        _junit?.Dispose();
        _json?.Dispose();
        _cancellation.Dispose();
    }

    /// <summary>All cases of all scripts that the command line wants.</summary>
    private static List<GuestTest> Read(TestCommand command)
    {
        var tests = new List<GuestTest>();
        var used = new HashSet<string>();
        foreach (string script in command.Scripts)
        {
            byte[] bytes = MachineFiles.Read("test", script, "check the path", MostScriptBytes);
            var (cases, names) = ScriptReader.Read(script, bytes, command.Choices);
            tests.AddRange(cases);
            used.UnionWith(names);
        }

        if (command.Choices.FirstOrDefault(choice => !used.Contains(choice.Name)) is { } unknown)
        {
            throw new UsageException($"test: no script has a variable {OptionValues.Quote(unknown.Name)}"
                + NearestName.Suggest(unknown.Name, used.Concat(MachineKey.Names))
                + "; it is one of a script's matrix, or an option of its machine");
        }

        if (command.Only is { } only)
        {
            var pattern = new Regex(
                string.Join(".*", only.Split('*').Select(Regex.Escape)),
                RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
            tests.RemoveAll(test => !pattern.IsMatch(test.Case.Name));
            if (tests.Count == 0)
            {
                throw new UsageException($"test: --only: no case has {OptionValues.Quote(only)} in its name; --list prints them");
            }
        }

        if (tests.SelectMany(static test => test.Kept).GroupBy(static kept => kept.Path).FirstOrDefault(static group => group.Count() > 1)
            is { } twice)
        {
            throw new UsageException(
                $"test: several cases keep a disk as {twice.Key}; put a variable into its name: keep: disk-${{harts}}.img");
        }

        return tests;
    }

    private int Run()
    {
        var watch = Stopwatch.StartNew();
        using var progress = new TestProgress(_tests.Count);
        var traps = new SignalTraps(null, _ => _cancellation.Cancel());
        Thread[] workers = [.. Enumerable.Range(0, Math.Min(_command.Jobs, _tests.Count)).Select(
            index => new Thread(() => Work(progress)) { IsBackground = true, Name = $"test {index}" })];
        foreach (var worker in workers)
        {
            worker.Start();
        }

        foreach (var worker in workers)
        {
            while (!worker.Join(SignalPatienceMilliseconds) && !_cancellation.IsCancellationRequested)
            {
            }

            if (_cancellation.IsCancellationRequested)
            {
                worker.Join(SignalPatienceMilliseconds);
            }
        }

        TestOutcome[] outcomes;
        lock (_outcomes)
        {
            outcomes = [.. _outcomes];
        }

        progress.Ended(outcomes, watch.Elapsed.TotalSeconds);
        Write(outcomes);
        traps.Ended();
        return _fault is not null ? throw _fault
            : outcomes.All(static outcome => outcome.Passed) ? ExitCode.Success
            : ExitCode.MachineError;
    }

    private void Work(TestProgress progress)
    {
        for (int index; (index = Interlocked.Increment(ref _next) - 1) < _tests.Count && !_cancellation.IsCancellationRequested;)
        {
            var test = _tests[index];
            progress.Started(index, test.Case.Name);
            Func<int, string>? capturePath = _artifacts is { } kept ? boot => kept.Capture(test, boot) : null;
            var outcome = new GuestTestRunner(test, capturePath).Run(_cancellation.Token);
            try
            {
                _artifacts?.Write(outcome);
            }
            catch (UsageException e)
            {
                _fault ??= e;
            }

            // A sweep of thousands of cases must not keep all that they printed.
            if (outcome.Passed && _command.JsonPath is null)
            {
                outcome = outcome with { Result = outcome.Result! with { Transcript = "" } };
            }

            lock (_outcomes)
            {
                _outcomes[index] = outcome;
            }

            progress.Finished(index, outcome);
        }
    }

    private void Write(TestOutcome[] outcomes)
    {
        try
        {
            if (_junit is not null)
            {
                JUnitFile.Write(_junit, outcomes);
                _junit.Flush();
            }

            if (_json is not null)
            {
                JsonFile.Write(_json, outcomes, test => _artifacts?.Transcript(test));
            }
        }
        catch (IOException e)
        {
            _fault ??= new UsageException($"test: a report can't be written: {HostError.Reason(e)}", e);
        }
    }
}
