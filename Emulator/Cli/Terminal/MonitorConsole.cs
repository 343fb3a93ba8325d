using System.Collections.Concurrent;
using RiscvXv6.Emulator.Machine;
using RiscvXv6.Emulator.Monitor;

namespace RiscvXv6.Emulator.Cli.Terminal;

/// <summary>
/// The monitor at a terminal or a pipe: a line is read, run on the machine's thread, and answered. Keys come on the keyboard's thread, which may wait
/// for the machine and for whoever reads; the machine waits for nobody.
/// </summary>
internal sealed class MonitorConsole
{
    private const string HaltedPrompt = "(riscvxv6, halted) ";

    /// <summary>How long the end of a step is waited for before the next line may be typed.</summary>
    private const int PersonsPatienceMilliseconds = 2000;

    /// <summary>A script on a slow host is to get the same answers in the same order.</summary>
    private const int ScriptsPatienceMilliseconds = 30_000;

    private const int StepLookMilliseconds = 20;

    private readonly VirtMachine _machine;
    private readonly MachineMonitor _monitor;
    private readonly SharedScreen _screen;
    private readonly LineEditor _editor;
    private readonly string _banner;
    private readonly Lock _lock = new();
    private readonly ConcurrentQueue<string> _news = new();
    private volatile bool _isHalted;
    private volatile bool _isOpen;
    private volatile bool _isOver;
    private bool _wasGreeted;

    /// <param name="machine">Answers.</param>
    /// <param name="monitor">This front end's own.</param>
    /// <param name="screen">Where lines and answers go.</param>
    /// <param name="banner">What is said when it is opened first.</param>
    public MonitorConsole(VirtMachine machine, MachineMonitor monitor, SharedScreen screen, string banner)
    {
        _machine = machine;
        _monitor = monitor;
        _screen = screen;
        _banner = banner;
        _editor = new LineEditor(MachineMonitor.LongestLine, Complete);
        monitor.Halted = Tell;
        machine.Debug.Resumed += () => _isHalted = false;
    }

    /// <summary>Whether the machine was halted when last heard of.</summary>
    public bool IsHalted => _isHalted;

    /// <summary>The monitor gets the keys from now on.</summary>
    public void Open()
    {
        lock (_lock)
        {
            _isOpen = true;
            if (!_machine.TryAsk(() => _machine.Debug.IsHalted, out bool isHalted))
            {
                _isOver = true;
                return;
            }

            _isHalted = isHalted;
            if (!_wasGreeted)
            {
                _wasGreeted = true;
                _screen.Print($"{_banner}\n");
            }

            if (isHalted)
            {
                _screen.Print("the machine is halted; cont lets it go on\n");
            }

            _news.Clear();
            ShowLine();
        }
    }

    /// <summary>The guest gets the keys again; what was typed is kept.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _isOpen = false;
            _screen.Hide();
        }
    }

    /// <summary>The machine has ended.</summary>
    public void End()
    {
        _isOver = true;
        _screen.Hide();
    }

    /// <summary>Keys, on the keyboard's thread.</summary>
    public void Accept(ReadOnlySpan<byte> keys)
    {
        lock (_lock)
        {
            foreach (byte key in keys)
            {
                Accept(key);
            }
        }
    }

    private void Accept(byte key)
    {
        if (_isOver)
        {
            return;
        }

        switch (_editor.Accept(key))
        {
            case LineEdit.Entered:
                _screen.Enter(_editor.Entered);
                Run(_editor.Entered);
                ShowLine();
                break;
            case LineEdit.Cancelled:
                _screen.Enter("^C");
                ShowLine();
                break;
            case LineEdit.Choices:
                _screen.Print($"{string.Join("  ", _editor.Choices)}\n");
                break;
            case LineEdit.Changed:
                ShowLine();
                break;
        }
    }

    private void Run(string line)
    {
        bool isThere = _machine.TryAsk(
            () =>
            {
                using var text = new StringWriter { NewLine = "\n" };
                _monitor.Execute(line, text);
                return (Text: text.ToString(), _machine.Debug.IsHalted, _monitor.IsStepping, _monitor.HasQuit);
            },
            out var answer);
        if (!isThere)
        {
            _isOver = true;
            return;
        }

        _isHalted = answer.IsHalted;
        _isOver = answer.HasQuit;
        _screen.Print(answer.Text);
        if (answer.IsStepping)
        {
            AwaitStep();
        }
    }

    /// <summary>A step is done soon, unless its hart waits: then the person need not.</summary>
    private void AwaitStep()
    {
        int patience = _screen.IsTerminal ? PersonsPatienceMilliseconds : ScriptsPatienceMilliseconds;
        for (int waited = 0; waited < patience && _news.IsEmpty && !_isOver; waited += StepLookMilliseconds)
        {
            Thread.Sleep(StepLookMilliseconds);
        }

        PrintNews();
    }

    /// <summary>On the machine's thread, which must not wait for the screen.</summary>
    private void Tell(string news)
    {
        _isHalted = true;
        if (_isOpen)
        {
            _news.Enqueue(news);
            ThreadPool.QueueUserWorkItem(_ =>
            {
                lock (_lock)
                {
                    PrintNews();
                    if (_isOpen)
                    {
                        ShowLine();
                    }
                }
            });
        }
    }

    private void PrintNews()
    {
        while (_news.TryDequeue(out string? news))
        {
            _screen.Print(news);
        }
    }

    private void ShowLine()
    {
        if (!_isOver && _isOpen)
        {
            _screen.Show(_isHalted ? HaltedPrompt : MachineMonitor.Prompt, _editor.Text, _editor.Cursor);
        }
    }

    private string[] Complete(string text)
    {
        string before = text.TrimStart();
        string blanks = text[..^before.Length];
        string help = "";
        if (before.StartsWith("help ", StringComparison.Ordinal))
        {
            help = "help ";
            before = before[help.Length..];
        }

        return
        [
            .. _monitor.Commands.Select(static command => command.Name)
                .Where(name => name.StartsWith(before, StringComparison.Ordinal))
                .Where(name => before.Contains(' ') || !name.Contains(' '))
                .Select(name => blanks + help + name),
        ];
    }
}
