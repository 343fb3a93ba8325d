using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Emulator.Replay;

/// <summary>
/// Keeps a run's input while it runs. Everything happens on the machine's thread. A file that can't be written ends the recording, and not the run.
/// </summary>
internal sealed class RunRecorder
{
    /// <summary>So much of a run may be lost by a kill.</summary>
    private const long FlushNanoseconds = 100_000_000;

    private const int WaitingMaxBytes = 256 * 1024;

    private readonly RecordWriter _writer;
    private readonly VirtMachine _machine;
    private readonly IWallClock _wall;
    private readonly Action<Exception> _failed;
    private long _lastFlushNanoseconds;
    private bool _hasFailed;

    /// <param name="writer">Which has begun.</param>
    /// <param name="machine">That is to run.</param>
    /// <param name="wall">The host's clock: for how often to write, and nothing else.</param>
    /// <param name="failed">Told why, if the file can't be written.</param>
    public RunRecorder(RecordWriter writer, VirtMachine machine, IWallClock wall, Action<Exception> failed)
    {
        (_writer, _machine, _wall, _failed) = (writer, machine, wall, failed);
        _lastFlushNanoseconds = wall.ElapsedNanoseconds;
        machine.HostEventTaken += Take;
        machine.Network.WhenQuiet(Quiet);
    }

    /// <summary>The run is over.</summary>
    public void Ended(MachineExit exit)
    {
        if (!_hasFailed)
        {
            _writer.Add(new RunEnding(_machine.Clock.NowCycles, _machine.RetiredInstructions, exit.Kind, exit.Code, exit.Reason));
            Flush();
        }
    }

    private void Take(HostEventRecord record)
    {
        if (_hasFailed)
        {
            return;
        }

        _writer.Add(record);
        if (_writer.WaitingBytes > WaitingMaxBytes)
        {
            Flush();
        }
    }

    /// <summary>The machine is between two turns; says how far it has come.</summary>
    private void Quiet()
    {
        long now = _wall.ElapsedNanoseconds;
        if (_hasFailed || now - _lastFlushNanoseconds < FlushNanoseconds)
        {
            return;
        }

        _lastFlushNanoseconds = now;
        _writer.Add(new HostEventRecord(_machine.Clock.NowCycles, _machine.RetiredInstructions, new HostEvent.Mark()));
        Flush();
    }

    private void Flush()
    {
        try
        {
            _writer.Flush();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _hasFailed = true;
            _failed(e);
        }
    }
}
