using System.Net.Sockets;
using RiscvXv6.Emulator.Cli.Debugger;
using RiscvXv6.Emulator.Cli.Logging;
using RiscvXv6.Emulator.Cli.Network;
using RiscvXv6.Emulator.Cli.Options;
using RiscvXv6.Emulator.Cli.Replay;
using RiscvXv6.Emulator.Cli.Terminal;
using RiscvXv6.Emulator.Diagnostics;
using RiscvXv6.Emulator.Diagnostics.Hangs;
using RiscvXv6.Emulator.Gdb;
using RiscvXv6.Emulator.Machine;
using RiscvXv6.Emulator.Monitor;
using RiscvXv6.Emulator.Replay;

namespace RiscvXv6.Emulator.Cli;

/// <summary>
/// One machine and everything around it that belongs to the host: terminal, signals, log. Other threads than the machine's
/// reach it only through its mailbox.
/// </summary>
internal sealed class MachineSession : IDisposable
{
    /// <summary>A signal ends the program within half a second, whatever the machine or a stalled reader does.</summary>
    private const int SignalPatienceMilliseconds = 350;

    private const int DrainStepMilliseconds = 50;

    private readonly MachineOptions _options;
    private readonly ConsoleWriter _writer;
    private readonly MachineLog? _log;
    private readonly VirtMachine _machine;
    private readonly GuestPrograms _programs;
    private readonly NetworkBuilder _network;
    private readonly NetworkReport? _report;
    private readonly RunRecord? _replay;
    private readonly Recording? _recording;
    private readonly bool _readsInput;
    private readonly RawTerminal? _terminal;
    private readonly SharedScreen _screen;
    private readonly MonitorConsole? _monitor;
    private readonly ConsoleSwitch _keyboard;
    private readonly SignalTraps _signals;
    private readonly GdbServer? _debugger;
    private readonly ManualResetEventSlim _finished = new();
    private WriteStatus _outputStatus;
    private int _signal;
    private bool _hasHung;

    private MachineSession(Request.Run request, Socket? debuggerPort)
    {
        var options = request.Options;
        _options = options;
        _replay = request.Record;

        // First what is read: nothing is written over while something else may be wrong, and a disk can't be its own log.
        var early = new List<string>();
        Action<string> notice = early.Add;
        var recorded = options.RecordPath is not null ? new RecordingFiles() : null;
        var setup = MachineFiles.Load(
            options, line => notice(line), _replay is not null ? new RecordedFiles(_replay) : recorded ?? new FileSource());
        _log = options.Log.IsOn ? MachineLog.Open(options.Log) : null;
        _screen = new SharedScreen(StandardStreams.Write, UnixCalls.IsOutputTerminal, UnixCalls.ScreenColumns);
        _writer = SerialPort.Open(options.Serial, _screen.WriteGuest, OutputEnded);
        notice = Notice;
        early.ForEach(Notice);
        var host = _replay is null ? HostNetwork.Real() : HostNetwork.Silent(ReplayRequest.Resolver(_replay));
        _network = new NetworkBuilder(options.Network, options.RtcBaseNanoseconds, host: host);
        try
        {
            _machine = new VirtMachine(setup with { Nics = _network.Nics }, _writer, new HostWallClock());
        }
        catch (InsufficientMemoryException e)
        {
            throw new UsageException($"-m: {e.Message}; ask for less memory", e);
        }

        _programs = new GuestPrograms(_machine);
        new HangWatch(_machine, _programs, NoticeHang).Attach();
        _report = options.Network.ReportPath is { } path ? new NetworkReport(path) : null;
        foreach (var (index, card) in _machine.Nics.Index())
        {
            card.Advice = line => Notice($"{card.Name}: {line}{PlaceOfAccess()}");
            if (_report is not null)
            {
                _machine.ObservePackets(index, _report.Observe(card.Name));
            }
        }

        _debugger = debuggerPort is null ? null : new GdbServer(debuggerPort, _machine, NewMonitor().Execute, Notice);
        _recording = recorded is null ? null : new Recording(request, recorded, host, _machine, Notice);
        bool hasConsole = options.Serial.Kind == SerialKind.Stdio;
        _readsInput = (hasConsole || options.Monitor == MonitorPlace.Stdio) && (_replay is null || request.Invocation!.Host.IsTerminal);
        _terminal = _readsInput ? new RawTerminal(keepsSignals: !HasEscapeKeys) : null;
        _monitor = options.Monitor == MonitorPlace.None || !HasEscapeKeys
            ? null
            : new MonitorConsole(_machine, NewMonitor(), _screen, $"RiscvXv6 {VersionText.Version} monitor - type 'help' for more information");
        _keyboard = new ConsoleSwitch(_machine, _screen, _monitor, hasConsole, isReplay: _replay is not null, _finished);
        _signals = new SignalTraps(_terminal, Signalled);
    }

    /// <summary>Runs the machine to its end.</summary>
    /// <returns>The program's exit code.</returns>
    /// <exception cref="UsageException">A file or the debugger's port can't be used; nothing was started.</exception>
    public static int Run(Request.Run request)
    {
        // Before anything that takes time: whoever starts a machine to debug it tries the port at once.
        var debuggerPort = request.Options.Debugger.Port is null ? null : DebuggerPort.Listen(request.Options.Debugger);
        foreach (string notice in request.Notices)
        {
            StandardStreams.Complain($"riscvxv6: {notice}\n");
        }

        using var session = new MachineSession(request, debuggerPort);
        return session.Run();
    }

    public void Dispose()
    {
        _finished.Set();
        Deliver();
        _terminal?.Dispose();
        _writer.Dispose();
        _machine.Dispose();
        _report?.Dispose();
        _recording?.Dispose();
        _log?.Dispose();
        _signals.Ended();
    }

    /// <summary>Where the driver is whose access to a card made it speak; nothing if the card spoke of its own accord.</summary>
    private unsafe string PlaceOfAccess() =>
        _machine.RunningHart is { } hart && _programs.TryDescribe(hart, hart.State->Pc, out string place) ? $" [{place}]" : "";

    /// <summary>A line for each thing that is wrong with the guest, and once where there is more.</summary>
    private void NoticeHang(HangFinding finding)
    {
        Notice($"{finding.Sentence} [{finding.Code}]");
        if (!_hasHung)
        {
            _hasHung = true;
            Notice("more about it: info hang in the monitor, and docs/hangs.md");
        }
    }

    /// <summary>The monitor alone at standard input has the keys of the two together.</summary>
    private bool HasEscapeKeys => _options.Serial.HasEscapeKeys || _options.Monitor == MonitorPlace.Stdio;

    private MachineMonitor NewMonitor() => new(_machine, _programs, new MonitorSurroundings
    {
        Version = VersionText.Version,
        Network = _options.Network,
        Links = () => [.. _network.Account(_machine.Nics).Select(static card => card.Link)],
        Disks = _options.VirtioDisks.ToDictionary(static disk => disk.Slot, disk => DiskName(disk.DriveId)),
    });

    private string DiskName(string id)
    {
        var drive = _options.Drives.First(drive => drive.Id == id);
        string kept = drive.ReadOnly ? ", read-only" : drive.Snapshot ? ", snapshot" : "";
        return $"{id}: {drive.Path} (raw{kept})";
    }

    private int Run()
    {
        if (_readsInput)
        {
            new ConsoleReader(_terminal!.Read, new EscapeKeys(HasEscapeKeys), _keyboard).Start();
        }

        _log?.Started(_options);
        if (_log?.HartLog(_options.Log.Items, _programs) is { } observer)
        {
            _machine.Observe(observer);
        }

        if (_options.Debugger.StartsHalted)
        {
            _machine.Debug.Halt();
            if (_monitor is not null && _terminal is not null && UnixCalls.IsOutputTerminal)
            {
                Notice($"halted before the first instruction;{(_debugger is null ? "" : " gdb, or")} Ctrl-A c and then cont lets it go");
            }
        }

        _debugger?.Start();
        var (exit, outcome) = _replay is null ? (_machine.Run(), null) : Replay(_replay);
        _recording?.Ended(exit);
        _machine.RefuseRequests();
        _debugger?.Dispose();
        _log?.Ended(exit);
        _monitor?.End();
        Deliver();
        _terminal?.Restore();
        AccountForPackets();
        return outcome is null ? Report(exit) : ReportReplay(exit, outcome.Value);
    }

    private (MachineExit Exit, ReplayOutcome? Outcome) Replay(RunRecord record)
    {
        _machine.Replay(record.ToReplay());
        try
        {
            var exit = _machine.Run();
            return (exit, ReplayOutcome.Of(record, exit, _machine));
        }
        catch (InvalidDataException e)
        {
            return (new MachineExit(MachineExitKind.MachineError, Message: e.Message), ReplayOutcome.Departed(_machine, e.Message));
        }
    }

    /// <summary>As the recorded run, but that whoever ended that one from outside is not there.</summary>
    private int ReportReplay(MachineExit exit, ReplayOutcome outcome)
    {
        if (outcome.Line is null)
        {
            return Report(exit);
        }

        StandardStreams.Complain($"riscvxv6: replay: {outcome.Line}\n");
        return outcome.IsFaithful ? ExitCode.Success : ExitCode.MachineError;
    }

    private int Report(MachineExit exit)
    {
        switch (exit.Kind)
        {
            case MachineExitKind.PowerOff:
                return ExitCode.Success;
            case MachineExitKind.GuestFailure:
                return ExitCode.OfGuest(exit.Code);
            case MachineExitKind.MachineError:
                StandardStreams.Complain($"riscvxv6: {exit.Message}\n");
                return ExitCode.MachineError;
        }

        if (_outputStatus == WriteStatus.Failed)
        {
            StandardStreams.Complain("riscvxv6: the console's output can't be written; is it closed, or the disk full?\n");
            return ExitCode.MachineError;
        }

        switch (exit.Reason)
        {
            case StopReason.Signal:
                StandardStreams.Complain(SignalLine(_signal));
                break;
            case StopReason.Quit:
                StandardStreams.Complain("riscvxv6: terminated\n");
                break;
            case StopReason.Debugger:
                StandardStreams.Complain("riscvxv6: terminated by the debugger\n");
                break;
        }

        // As QEMU: whoever ends the machine from outside gets no failure.
        return ExitCode.Success;
    }

    /// <summary>
    /// Without the program's name: a grader ends the machine by a signal, takes standard error for output too, and some of its tests count
    /// how often "xv6" stands in that.
    /// </summary>
    private static string SignalLine(int number) => $"machine: terminating on signal {number}\n";

    private void AccountForPackets()
    {
        var cards = _network.Account(_machine.Nics);
        _report?.Write(cards, _machine.Clock, Notice);
        if (_options.Network.PrintsTable)
        {
            StandardStreams.Complain(NetworkTable.Text(cards, _machine.Clock));
        }
    }

    /// <summary>Waits for the reader of the output; after a signal, not for long.</summary>
    private void Deliver()
    {
        int patience = SignalPatienceMilliseconds / DrainStepMilliseconds;
        while (!_writer.Drain(DrainStepMilliseconds))
        {
            if (Volatile.Read(ref _signal) != 0 && --patience <= 0)
            {
                return;
            }
        }
    }

    private void Notice(string line)
    {
        _writer.Drain(DrainStepMilliseconds);
        _screen.Around(() => StandardStreams.Complain($"riscvxv6: {line}\n"));
        _log?.Notice(line);
    }

    private void OutputEnded(WriteStatus status)
    {
        _outputStatus = status;
        _machine.RequestStop(StopReason.OutputClosed);
    }

    private void Signalled(int number)
    {
        // timeout(1) sends its signal twice, to the program and to its group: the second must not cut the first one short.
        if (Interlocked.CompareExchange(ref _signal, number, 0) != 0)
        {
            return;
        }

        _machine.RequestStop(StopReason.Signal);
        if (!_finished.Wait(SignalPatienceMilliseconds))
        {
            // The machine does not come to a turn's end, or its output is stuck: end without it.
            _terminal?.Restore();
            StandardStreams.Complain(SignalLine(number));
            Environment.Exit(ExitCode.Success);
        }
    }
}
