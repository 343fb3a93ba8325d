using System.Security.Cryptography;
using System.Text;
using NUnit.Framework;
using RiscvXv6.Emulator.Cli;
using RiscvXv6.Emulator.Cli.Network;
using RiscvXv6.Emulator.Cli.Options;
using RiscvXv6.Emulator.Cli.Replay;
using RiscvXv6.Emulator.Machine;
using RiscvXv6.Emulator.Replay;
using RiscvXv6.Tests.Cli;
using RiscvXv6.Tests.Xv6.Network;

namespace RiscvXv6.Tests.Replay;

/// <summary>
/// A command line's machine in this process, where its memory can be compared: assembled of the same parts as the program's own session,
/// with the test at the keyboard.
/// </summary>
internal sealed class RecordedSession : LiveGuest, IConsoleSink
{
    private readonly VirtMachine _machine;
    private readonly Recording? _recording;
    private readonly RunRecord? _record;
    private readonly Thread _thread;
    private readonly MachineSetup _setup;
    private MachineExit? _exit;

    private RecordedSession(Request.Run request)
    {
        _record = request.Record;
        var host = _record is null ? HostNetwork.Real() : HostNetwork.Silent(ReplayRequest.Resolver(_record));
        var recorded = new RecordingFiles();
        _setup = MachineFiles.Load(request.Options, static _ => { }, _record is null ? recorded : new RecordedFiles(_record));
        var network = new NetworkBuilder(request.Options.Network, request.Options.RtcBaseNanoseconds, host: host);
        _machine = new VirtMachine(_setup with { Nics = network.Nics }, this, new HostWallClock());
        if (_record is null)
        {
            _recording = new Recording(request, recorded, host, _machine, static _ => { });
        }
        else
        {
            _machine.Replay(_record.ToReplay());
        }

        _thread = new Thread(Run) { IsBackground = true };
        _thread.Start();
    }

    public VirtMachine Machine => _machine;

    /// <summary>Starts a run that is recorded.</summary>
    public static RecordedSession Record(params string[] arguments) =>
        new((Request.Run)FrontDoors.Parse(arguments, null, CommandLineDriver.Host));

    /// <summary>Runs a record to its end.</summary>
    public static Ending Replay(string path)
    {
        using var session = new RecordedSession(ReplayRequest.Prepare(new Request.Replay(path, [], CommandLineDriver.Host)));
        return session.WaitForEnd();
    }

    public override void Type(string text) => _machine.PostConsoleInput(Encoding.Latin1.GetBytes(text));

    /// <summary>Waits until the run has ended.</summary>
    public Ending WaitForEnd()
    {
        Assert.That(_thread.Join(TimeSpan.FromSeconds(180)), Is.True, $"the machine ends; so far:\n{Output}");
        var ram = _machine.Harts[0].Ram;
        byte[] memory = new byte[ram.Range.SizeBytes];
        ram.TryRead(ram.Range.Base, memory);
        return new Ending(
            Output,
            Convert.ToHexString(SHA256.HashData(memory)),
            _machine.Clock.NowCycles,
            _machine.RetiredInstructions,
            _exit,
            _record is null || ReplayOutcome.Of(_record, _exit!, _machine).IsFaithful);
    }

    public override void Dispose()
    {
        _machine.RequestStop(StopReason.Quit);
        _thread.Join();
        _machine.Dispose();
        _recording?.Dispose();
        foreach (var disk in _setup.Disks.Values)
        {
            (disk as IDisposable)?.Dispose();
        }
    }

    private void Run()
    {
        try
        {
            _exit = _machine.Run();
            _recording?.Ended(_exit);
        }
        catch (InvalidDataException e)
        {
            _exit = new MachineExit(MachineExitKind.MachineError, Message: e.Message);
        }
    }

    void IConsoleSink.Write(byte value) => Print((char)value);

    void IConsoleSink.Flush()
    {
    }

    /// <summary>All that two runs are compared by.</summary>
    internal sealed record Ending(string Output, string Memory, ulong Cycles, ulong Retired, MachineExit? Exit, bool IsFaithful);
}
