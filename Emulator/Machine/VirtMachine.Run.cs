using RiscvXv6.Devices.Memory;
using RiscvXv6.Devices.Platform;
using RiscvXv6.Devices.Timing;
using RiscvXv6.Devices.Uart;
using RiscvXv6.Emulator.Cpu;

namespace RiscvXv6.Emulator.Machine;

/// <content>The run loop, and what harts, devices and the host ask of it.</content>
internal sealed unsafe partial class VirtMachine : IHartEnvironment, IPlatformControl, ISerialSink, IWriteObserver
{
    /// <summary>Quanta between two flushes of the console while the guest is busy: some 10 ms of guest time.</summary>
    private const int QuantaPerFlush = 1000;

    /// <summary>Host events taken between two turns at most: a flood must not keep the guest from its turn.</summary>
    private const int HostEventsPerTurn = 256;

    /// <summary>
    /// Where the clock ends, after 584 years at 1 GHz: so early that no delay added to it wraps. Only a guest that sleeps
    /// until then gets there.
    /// </summary>
    private const ulong LastCycle = ulong.MaxValue - (1UL << 48);

    private readonly HostMailbox _mailbox = new();
    private readonly Pacer _pacer;
    private readonly TurnOrder _turns;
    private readonly Func<int, bool> _isRunnable;
    private readonly Queue<byte> _consoleBacklog = new();
    private int _pendingConsoleInput;
    private MachineExit? _exit;
    private bool _resetRequested;
    private bool _htifRequested;
    private bool _courtesyNoticed;
    private Hart? _running;
    private Hart? _interruptedTurn;
    private TurnStart _turnStart;
    private ulong _turnEndCycles;
    private ulong _retiredBeforeReset;
    private int _quantaSinceFlush;

    /// <summary>Told of each host event as it takes effect; a recorder of runs subscribes.</summary>
    public Action<HostEventRecord>? HostEventTaken { get; set; }

    /// <summary>
    /// Runs until the guest or the host ends it, or the clock reaches a limit. A turn that the limit cuts short goes on in
    /// the next run, so that many short runs are one long one.
    /// </summary>
    /// <param name="limitCycles">The cycle at which to give up; may be overrun by the stall of one instruction.</param>
    public MachineExit Run(ulong limitCycles = ulong.MaxValue)
    {
        _exit = null;
        while (_exit is null)
        {
            if (_mailbox.HasRequests)
            {
                ServeRequests();
            }

            if (_exit is not null)
            {
                break;
            }

            if (Debug.IsHalted)
            {
                WaitWhileHalted();
                continue;
            }

            // At one cycle what is due comes first, then the host's events one by one, each with what it made due: an order that
            // does not depend on when within the cycle they arrived, so that a replay finds it again.
            Scheduler.RunDue();
            ulong pauseCycles = limitCycles;
            if (_replay is not null)
            {
                pauseCycles = Math.Min(limitCycles, TakeRecordedEvents());
            }
            else if (!_mailbox.IsEmpty)
            {
                TakeHostEvents();
            }

            if (_exit is not null)
            {
                // A host's request has ended the run. An idle machine would wait for another one.
                break;
            }

            if (Clock.NowCycles >= LastCycle)
            {
                End(new MachineExit(MachineExitKind.MachineError, Message: "the guest's clock has reached its end"));
            }
            else if (Clock.NowCycles >= limitCycles)
            {
                _exit = new MachineExit(MachineExitKind.StopRequested, Reason: StopReason.Limit);
            }
            else if (Debug.SteppedHart >= 0 && Debug.OthersAreHeld)
            {
                StepAlone();
            }
            else
            {
                RunTurn(pauseCycles);
            }
        }

        FlushOutputs();
        if (_exit.Reason != StopReason.Limit)
        {
            Debug.TellEnd(_exit);
        }

        return _exit;
    }

    /// <summary>Sends bytes to the console's receiver. From any thread.</summary>
    public void PostConsoleInput(ReadOnlySpan<byte> bytes)
    {
        Interlocked.Add(ref _pendingConsoleInput, bytes.Length);
        _mailbox.Post(new HostEvent.ConsoleInput(bytes.ToArray()));
    }

    /// <summary>Console input, in bytes, that waits for room in the receiver. From any thread.</summary>
    public int PendingConsoleInput => Volatile.Read(ref _pendingConsoleInput);

    /// <summary>Sends a break to the console's receiver. From any thread.</summary>
    public void PostConsoleBreak() => _mailbox.Post(new HostEvent.ConsoleBreak());

    /// <summary>Says that no more console input will come. From any thread.</summary>
    public void PostConsoleClosed() => _mailbox.Post(new HostEvent.ConsoleClosed());

    /// <summary>Asks the machine to stop between two quanta. From any thread.</summary>
    public void RequestStop(StopReason reason) => _mailbox.Post(new HostEvent.Stop(reason));

    ulong IHartEnvironment.TimeTicks(ulong cycle) => cycle / Clock.CyclesPerTick + _time.OffsetTicks;

    void IHartEnvironment.SupervisorTimerChanged(Hart hart) => SupervisorTimerChanged(hart);

    void IHartEnvironment.ReservationUnwatched(Hart hart)
    {
        int page = PageOf(hart.State->ReservationAddress);
        bool stillWatched = page == _htif?.PageIndex;
        foreach (var other in _harts)
        {
            stillWatched |= other != hart && other.State->ReservationValid && PageOf(other.State->ReservationAddress) == page;
        }

        if (!stillWatched)
        {
            _ram.Unwatch(page);
        }
    }

    void IPlatformControl.PowerOff(int exitCode) => End(exitCode == 0
        ? new MachineExit(MachineExitKind.PowerOff)
        : new MachineExit(MachineExitKind.GuestFailure, exitCode));

    void IPlatformControl.Reset()
    {
        if (_setup.ResetEndsRun)
        {
            End(new MachineExit(MachineExitKind.PowerOff));
            return;
        }

        _resetRequested = true;
        LeaveLoop();
    }

    void ISerialSink.Transmit(byte value)
    {
        _pacer.NoteWork();
        _console.Write(value);
    }

    void IWriteObserver.CodeOverwritten(GuestMemory memory, int pageIndex) => _blocks.DropPage(pageIndex);

    void IWriteObserver.WatchedWrite(ulong address, ulong length)
    {
        foreach (var hart in _harts)
        {
            if (hart != _running)
            {
                hart.BreakReservation(address, length);
            }
        }

        if (_htif is not null && _htif.Covers(address, length))
        {
            _htifRequested = true;
            LeaveLoop();
        }
    }

    void IWriteObserver.PageGuarded(GuestMemory memory, int pageIndex)
    {
        foreach (var hart in _harts)
        {
            hart.DropStoresTo(memory, pageIndex);
        }
    }

    private void RunTurn(ulong limitCycles)
    {
        if (_interruptedTurn is null)
        {
            if (_spinning is not null && AllHaveNothingToDo())
            {
                Idle(limitCycles);
                return;
            }

            var place = _turns.Place;
            int turn = _turns.Next(_isRunnable);
            if (turn < 0)
            {
                Idle(limitCycles);
                return;
            }

            _running = _harts[turn];
            _turnStart = new TurnStart(Clock.NowCycles, place, _running.State->Waiting);
            _running.State->Waiting = false;
            _turnEndCycles = Clock.NowCycles + QuantumCyclesOf(_running);
        }
        else
        {
            _running = _interruptedTurn;
            _interruptedTurn = null;
        }

        var hart = _running;
        ulong before = Clock.NowCycles;
        ulong limit = Debug.SteppedHart == hart.HartId ? Math.Min(limitCycles, before + 1) : limitCycles;
        _engine.Run(hart, Math.Min(_turnEndCycles, limit));
        if (hart.Stop is not null)
        {
            // The hart left its loop for the debugger's sake alone: its turn is not over.
            hart.State->ExitRequested = _exit is not null || _resetRequested || _htifRequested;
        }

        if ((Clock.NowCycles >= limit || hart.Stop is not null) && IsTurnUnfinished(hart))
        {
            _interruptedTurn = hart;
        }
        else
        {
            NoteTurnEnd(hart);
        }

        EndTurn();
        TakeStop(hart, before);
        _pacer.Busy();
    }

    private void EndTurn()
    {
        var hart = _running!;

        if (hart.State->PmpCourtesyUsed && !_courtesyNoticed)
        {
            NoticeCourtesy();
        }

        _running = null;
        if (_htifRequested)
        {
            _htifRequested = false;
            _htif!.Poll();
        }

        if (_resetRequested)
        {
            _resetRequested = false;
            Reset();
        }

        if (++_quantaSinceFlush >= QuantaPerFlush)
        {
            _quantaSinceFlush = 0;
            FlushOutputs();
        }

        if (Clock.NowCycles >= _nextSampleCycle)
        {
            TakeSamples();
        }
    }

    /// <summary>
    /// A hart that stops for the debugger at the first instruction of its turn has begun it in no way that a record shows. If
    /// something from outside comes in between, the turn has not begun: a replay takes the event before any turn.
    /// </summary>
    private void TakeBackUnusedTurn()
    {
        if (_interruptedTurn is not null && Clock.NowCycles == _turnStart.Cycle)
        {
            _turns.Restore(_turnStart.Place);
            _interruptedTurn.State->Waiting = _turnStart.WasWaiting;
            _interruptedTurn = null;
        }
    }

    /// <summary>True if nothing but the caller's limit ended the turn.</summary>
    private bool IsTurnUnfinished(Hart hart) =>
        !hart.State->Waiting
        && !hart.State->ExitRequested
        && Clock.NowCycles < _turnEndCycles
        && Clock.NowCycles < Scheduler.NextDeadlineCycles;

    private bool IsRunnable(int hart) => !_harts[hart].State->Waiting || _harts[hart].State->WakePending;

    private void Idle(ulong limitCycles)
    {
        FlushOutputs();
        ulong deadline = Math.Min(Scheduler.NextDeadlineCycles, limitCycles);
        bool isOver = deadline == EventScheduler.Never && !_pacer.MayBeWoken && _mailbox.IsEmpty;
        if (NothingScheduled is { } told)
        {
            if (Scheduler.NextDeadlineCycles == EventScheduler.Never && _mailbox.IsEmpty && _replay is null or { Count: 0 })
            {
                told(isOver);
            }
        }
        else if (isOver)
        {
            _setup.Notice?.Invoke(
                "every hart waits (wfi) and nothing is left that could wake one: the guest has hung; stop it with Ctrl-A x or SIGTERM");
        }

        _pacer.Idle(deadline);
    }

    private void FlushOutputs()
    {
        _console.Flush();
        foreach (var action in _whenQuiet)
        {
            action();
        }
    }

    private void TakeHostEvents()
    {
        for (int left = HostEventsPerTurn; left > 0 && _mailbox.TryTake(out var item); left--)
        {
            Note(item!);
            if (item is HostEvent.ChannelMessage message)
            {
                _channels.Deliver(message, isKept: HostEventTaken is not null);
            }
            else
            {
                Obey(item!);
            }

            Scheduler.RunDue();
        }
    }

    private void Note(HostEvent item)
    {
        TakeBackUnusedTurn();
        HostEventTaken?.Invoke(new HostEventRecord(Clock.NowCycles, RetiredInstructions, item));
        _pacer.NoteHostEvent();
    }

    private void Obey(HostEvent item)
    {
        switch (item)
        {
            case HostEvent.ConsoleInput input:
                foreach (byte value in input.Bytes.Span)
                {
                    _consoleBacklog.Enqueue(value);
                }

                FeedConsole();
                break;
            case HostEvent.ConsoleBreak:
                _serialInput.EnqueueBreak();
                break;
            case HostEvent.ConsoleClosed:
                _pacer.InputIsLive = false;
                break;
            case HostEvent.Stop stop:
                End(new MachineExit(MachineExitKind.StopRequested, Reason: stop.Reason));
                break;
            default:
                ObeyDebugger(item);
                break;
        }
    }

    private void FeedConsole()
    {
        Span<byte> chunk = stackalloc byte[256];
        while (_consoleBacklog.Count > 0 && _serialInput.Space > 0)
        {
            int length = Math.Min(Math.Min(_consoleBacklog.Count, _serialInput.Space), chunk.Length);
            for (int index = 0; index < length; index++)
            {
                chunk[index] = _consoleBacklog.Dequeue();
            }

            _serialInput.Enqueue(chunk[..length]);
            Interlocked.Add(ref _pendingConsoleInput, -length);
        }
    }

    private void SupervisorTimerChanged(Hart hart) => _supervisorTimers[hart.HartId].Update(
        hart.State->Stimecmp, (hart.State->Menvcfg & Cpu.Csr.EnvironmentBits.Stce) != 0);

    private void NoticeCourtesy()
    {
        _courtesyNoticed = true;
        _setup.Notice?.Invoke(
            "the kernel entered S- or U-mode without any PMP entry, as xv6 before August 2021 does; real hardware would stop it"
            + " (make this machine do so with --strict-pmp)");
    }

    private void ForgetJumps()
    {
        foreach (var hart in _harts)
        {
            hart.FlushJumps();
        }
    }

    private void EndByHtif(int code) => ((IPlatformControl)this).PowerOff(code);

    private void End(MachineExit exit)
    {
        _exit ??= exit;
        LeaveLoop();
    }

    private void LeaveLoop()
    {
        if (_running is not null)
        {
            _running.State->ExitRequested = true;
        }
    }

    /// <summary>How things stood when the present turn began.</summary>
    private readonly record struct TurnStart(ulong Cycle, (ulong Random, int Next) Place, bool WasWaiting);

    private int PageOf(ulong address) => (int)((address - _ram.Range.Base) >> GuestMemory.PageShift);
}
