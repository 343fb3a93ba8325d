namespace RiscvXv6.Emulator.Machine;

/// <content>A run again, from its record.</content>
internal sealed unsafe partial class VirtMachine
{
    private Queue<HostEventRecord>? _replay;

    /// <summary>
    /// Takes all input from a record from now on, each event where it took effect when it was recorded. The host can only stop the run,
    /// and no time is waited for. Once, before the machine runs. The machine must have been assembled as the recorded one was.
    /// </summary>
    /// <param name="records">What <see cref="HostEventTaken"/> told, in its order, perhaps with marks between.</param>
    /// <exception cref="InvalidDataException">The record speaks of a hart that this machine does not have.</exception>
    public void Replay(IEnumerable<HostEventRecord> records)
    {
        _replay = new Queue<HostEventRecord>(records);
        int lastHart = _replay.Select(static record => HartOf(record.Event)).DefaultIfEmpty().Max();
        if (lastHart >= _harts.Length)
        {
            throw new InvalidDataException($"the record speaks of hart {lastHart}, and there are {_harts.Length}");
        }

        _pacer.IsReplaying = true;
    }

    /// <summary>Takes what the record has for the present moment.</summary>
    /// <returns>The cycle of the next event, at which the harts must pause.</returns>
    /// <exception cref="InvalidDataException">The run has passed the next event's place: it is not the recorded one.</exception>
    private ulong TakeRecordedEvents()
    {
        while (_mailbox.TryTake(out var item))
        {
            if (item is HostEvent.Stop)
            {
                Obey(item);
            }
        }

        while (_replay!.TryPeek(out var next) && next.Cycle <= Clock.NowCycles)
        {
            if (next.Cycle != Clock.NowCycles || next.Retired != RetiredInstructions)
            {
                throw new InvalidDataException(
                    $"the record has an event at cycle {next.Cycle}, instruction {next.Retired}, but the run is at cycle"
                    + $" {Clock.NowCycles}, instruction {RetiredInstructions}: it is another machine's record");
            }

            _replay.Dequeue();
            if (next.Event is HostEvent.Mark)
            {
                continue;
            }

            Note(next.Event);
            switch (next.Event)
            {
                case HostEvent.ChannelMessage message:
                    _channels.Replay(message);
                    break;
                case HostEvent.ConsoleInput input:
                    Interlocked.Add(ref _pendingConsoleInput, input.Bytes.Length);
                    Obey(input);
                    break;
                default:
                    Obey(next.Event);
                    break;
            }

            Scheduler.RunDue();
        }

        return _replay.TryPeek(out var following) ? following.Cycle : ulong.MaxValue;
    }

    private static int HartOf(HostEvent item) => item switch
    {
        HostEvent.RegisterWrite write => write.Hart,
        HostEvent.CsrWrite write => write.Hart,
        HostEvent.StepOutOfTurn step => step.Hart,
        _ => 0,
    };
}
