using RiscvXv6.Devices.Timing;
using RiscvXv6.Devices.Virtio;
using RiscvXv6.Emulator.Cpu;
using RiscvXv6.Emulator.Cpu.Debugging;

namespace RiscvXv6.Emulator.Machine;

/// <content>What debuggers, monitors and watchers ask, between two turns.</content>
internal sealed unsafe partial class VirtMachine
{
    private readonly List<Sampler> _samplers = [];
    private readonly HartObservers _hartObservers = new();
    private ulong _nextSampleCycle = EventScheduler.Never;

    /// <summary>What it was made of.</summary>
    public MachineSetup Setup => _setup;

    /// <summary>The hart whose instructions are being executed; null between turns.</summary>
    public Hart? RunningHart => _running;

    /// <summary>How often any disk may have changed since the machine was made.</summary>
    public ulong DiskWrites => (ulong)_virtio.Sum(static slot => slot.Device is VirtioBlk disk ? (long)disk.WriteCount : 0);

    /// <summary>Halting, stepping, breakpoints, registers and memory; on the machine's thread.</summary>
    public DebugControl Debug { get; }

    /// <summary>The hart whose turn was cut short, or else the first one that does not wait.</summary>
    public int CurrentHart => _interruptedTurn?.HartId ?? Math.Max(0, Array.FindIndex(_harts, static hart => !hart.State->Waiting));

    /// <summary>
    /// Has the machine's thread do something between two turns, also while it is halted or idle. From any thread. After the
    /// machine's end nothing is done.
    /// </summary>
    /// <param name="request">Looks, or acts through <see cref="Debug"/>; what it throws ends the run.</param>
    public void Post(Action request) => _mailbox.PostRequest(new MachineRequest(request, static () => { }));

    /// <summary>Has the machine's thread answer a question, as <see cref="Post"/>, and waits. From any thread but the machine's.</summary>
    /// <returns>False if the machine ended first.</returns>
    /// <remarks>What the question throws, the asker gets.</remarks>
    public bool TryAsk<T>(Func<T> question, out T? answer)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _mailbox.PostRequest(new MachineRequest(
            () =>
            {
                try
                {
                    result.SetResult(question());
                }
                catch (Exception e)
                {
                    result.SetException(e);
                }
            },
            () => result.TrySetCanceled()));
        try
        {
            answer = result.Task.GetAwaiter().GetResult();
            return true;
        }
        catch (TaskCanceledException)
        {
            answer = default;
            return false;
        }
    }

    /// <summary>Answers all who ask from now on, and all who wait, that the machine has ended. From any thread.</summary>
    public void RefuseRequests() => _mailbox.CloseRequests();

    /// <summary>Tells of traps, bus faults and predecoded code. Before the machine runs, or in a request.</summary>
    public void Observe(IHartObserver observer)
    {
        _hartObservers.Add(observer);
        foreach (var hart in _harts)
        {
            hart.Observer = _hartObservers;
        }
    }

    /// <summary>Who observes.</summary>
    public IReadOnlyList<IHartObserver> Observers => _hartObservers.All;

    /// <summary>
    /// Told when every hart waits and no event is scheduled, instead of the plain notice; true if nothing can come from outside
    /// either, so that the guest waits for ever. It may be told again and again.
    /// </summary>
    public Action<bool>? NothingScheduled { get; set; }

    /// <summary>Looks at the machine now and then, between two turns. Before the machine runs, or in a request.</summary>
    /// <param name="everyCycles">At least so far apart; an idle machine is looked at when it wakes.</param>
    /// <param name="sample">Must not change the machine.</param>
    public void Sample(ulong everyCycles, Action sample)
    {
        _samplers.Add(new Sampler(everyCycles, sample) { NextCycle = Clock.NowCycles + everyCycles });
        _nextSampleCycle = Math.Min(_nextSampleCycle, Clock.NowCycles + everyCycles);
    }

    /// <summary>True if all these bytes are RAM.</summary>
    internal bool IsRam(ulong address, int length) => length == 0 || _ram.Range.Contains(address, (ulong)length);

    /// <summary>Takes an event that came by a request rather than through the mailbox.</summary>
    internal void Take(HostEvent item)
    {
        Note(item);
        Obey(item);
    }

    private void ServeRequests()
    {
        while (_mailbox.TryTakeRequest(out var request))
        {
            request!.Do();
        }
    }

    /// <summary>The machine is halted: nothing moves but what is asked. Only an end from outside is more urgent.</summary>
    private void WaitWhileHalted()
    {
        FlushOutputs();
        if (_mailbox.StopIsWanted)
        {
            while (_exit is null && _mailbox.TryTake(out var item))
            {
                if (item is HostEvent.Stop stop)
                {
                    Note(stop);
                    Obey(stop);
                }
            }

            return;
        }

        _mailbox.WaitForRequest();
    }

    /// <summary>After a turn: did a hart stop at something, or is a step done?</summary>
    private void TakeStop(Hart hart, ulong before)
    {
        if (hart.Stop is { } stop)
        {
            hart.Stop = null;
            Debug.Halt(new DebugStop(
                stop.Watch == WatchKind.None ? DebugStopKind.Breakpoint : DebugStopKind.Watchpoint,
                hart.HartId,
                stop.Address,
                stop.Watch));
        }
        else if (Debug.SteppedHart == hart.HartId && Clock.NowCycles != before && Debug.IsStepDone(hart))
        {
            Debug.Halt(new DebugStop(DebugStopKind.Stepped, hart.HartId, hart.State->Pc));
        }
    }

    /// <summary>A step of a hart while the others are held. In its own turn that is a short turn; else an intrusion.</summary>
    private void StepAlone()
    {
        var hart = _harts[Debug.SteppedHart];
        if (_interruptedTurn == hart)
        {
            RunTurn(Clock.NowCycles + 1);
            return;
        }

        if (!IsRunnable(hart.HartId))
        {
            Debug.Halt(new DebugStop(DebugStopKind.Stepped, hart.HartId, hart.State->Pc));
            return;
        }

        ulong before = Clock.NowCycles;
        Take(new HostEvent.StepOutOfTurn(hart.HartId));
        TakeStop(hart, before);
    }

    private void StepOutOfTurn(Hart hart)
    {
        hart.State->Waiting = false;
        _running = hart;
        _engine.Run(hart, Clock.NowCycles + 1);
        EndTurn();
    }

    private void TakeSamples()
    {
        _nextSampleCycle = EventScheduler.Never;
        foreach (var sampler in _samplers)
        {
            if (Clock.NowCycles >= sampler.NextCycle)
            {
                sampler.NextCycle = Clock.NowCycles + sampler.EveryCycles;
                sampler.Look();
            }

            _nextSampleCycle = Math.Min(_nextSampleCycle, sampler.NextCycle);
        }
    }

    private void ObeyDebugger(HostEvent item)
    {
        switch (item)
        {
            case HostEvent.MemoryWrite write:
                _ram.TryWrite(write.Address, write.Bytes.Span);
                break;
            case HostEvent.CsrWrite write:
                _harts[write.Hart].TryPokeCsr(write.Number, write.Value);
                break;
            case HostEvent.RegisterWrite write:
                WriteRegister(_harts[write.Hart], write.Register, write.Value);
                break;
            case HostEvent.StepOutOfTurn step:
                StepOutOfTurn(_harts[step.Hart]);
                break;
            case HostEvent.Reset:
                _interruptedTurn = null;
                if (_setup.ResetEndsRun)
                {
                    End(new MachineExit(MachineExitKind.PowerOff));
                }
                else
                {
                    Reset();
                }

                break;
            case HostEvent.PowerDown:
                End(new MachineExit(MachineExitKind.PowerOff));
                break;
        }
    }

    private static void WriteRegister(Hart hart, HartRegister register, ulong value)
    {
        var state = hart.State;
        switch (register)
        {
            case HartRegister.X0:
                break;
            case HartRegister.Pc:
                hart.Redirect(value, state->Privilege);
                break;
            case HartRegister.Privilege:
                if (value is 0 or 1 or 3)
                {
                    hart.Redirect(state->Pc, (PrivilegeMode)value);
                }

                break;
            case < HartRegister.Pc:
                state->X[(int)register] = value;
                break;
            case <= HartRegister.F31:
                state->F[register - HartRegister.F0] = value;
                break;
        }
    }

    private sealed class Sampler(ulong everyCycles, Action look)
    {
        public ulong EveryCycles { get; } = everyCycles;

        public Action Look { get; } = look;

        public ulong NextCycle { get; set; }
    }
}
