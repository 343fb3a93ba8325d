using System.Collections.Immutable;
using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Emulator.Scripts;

/// <summary>
/// Runs one case: on one thread, which is the machine's, so that every step begins and ends at a cycle that follows from the guest alone.
/// </summary>
internal sealed partial class ScriptRunner : IDisposable
{
    private readonly ScriptCase _case;
    private readonly ScriptMachine _assembly;
    private readonly ScriptConsole _console = new();
    private readonly PowerSupply _power = new();
    private readonly MachineSetup _setup;
    private readonly ImmutableArray<PoweredDisk> _disks;
    private readonly CancellationToken _cancellation;
    private VirtMachine? _machine;
    private Func<ScriptDiagnosis>? _diagnose;
    private MachineExit? _exit;
    private ScriptStep? _step;
    private ulong _deadlineCycles;
    private ulong _cycles;
    private ulong _instructions;
    private int _boots;
    private int _promptEnd = -1;
    private int _answersSeen;
    private volatile bool _isHostTimeOver;

    private ScriptRunner(ScriptCase scriptCase, ScriptMachine assembly, CancellationToken cancellation)
    {
        _case = scriptCase;
        _assembly = assembly;
        _cancellation = cancellation;
        var slots = assembly.Setup.Disks.OrderBy(static disk => disk.Key).ToArray();
        _disks = [.. slots.Select(slot => new PoweredDisk(slot.Value, _power))];
        _setup = assembly.Setup with
        {
            Disks = slots.Index().ToDictionary(
                static slot => slot.Item.Key, Devices.Virtio.IBlockBackend (slot) => _disks[slot.Index]),
        };
        _power.Cut = () => _machine?.RequestStop(StopReason.Limit);
    }

    /// <summary>Runs it to its end.</summary>
    /// <param name="cancellation">Ends it soon, with a failure that says so.</param>
    public static ScriptResult Run(ScriptCase scriptCase, ScriptMachine assembly, CancellationToken cancellation)
    {
        using var runner = new ScriptRunner(scriptCase, assembly, cancellation);
        using var registration = cancellation.Register(() => Volatile.Read(ref runner._machine)?.RequestStop(StopReason.Limit));
        return runner.Run();
    }

    public void Dispose() => SwitchOff();

    private ScriptResult Run()
    {
        ScriptFailure? failure = null;
        try
        {
            foreach (var pattern in _case.Rejected)
            {
                _console.Reject(pattern);
            }

            SwitchOn();
            Do(_case.Steps);
        }
        catch (StepFailedException e)
        {
            // Where the guest goes on well and only said something else, what its harts do is of no interest.
            bool isOfInterest = _machine is not null && e.Kind is not (ScriptFailureKind.NotExpected or ScriptFailureKind.Disk);
            var diagnosis = isOfInterest ? _diagnose?.Invoke() : null;
            failure = new ScriptFailure(e.Kind, _step?.Place ?? _case.Place, _step?.Title ?? "boot", e.Message)
            {
                Machine = diagnosis?.Report ?? "",
                Findings = string.Join('\n', diagnosis?.Findings ?? []),
            };
        }

        SwitchOff();
        return new ScriptResult(
            failure,
            _console.Transcript,
            _cycles,
            _instructions,
            (ulong)((UInt128)_cycles * 1000 / (uint)_setup.CpuMegahertz));
    }

    private void Do(ImmutableArray<ScriptStep> steps)
    {
        foreach (var step in steps)
        {
            if (step is ScriptStep.Repeat repeat)
            {
                for (int turn = 0; turn < repeat.Times; turn++)
                {
                    Do(repeat.Steps);
                }

                continue;
            }

            _step = step;
            _isHostTimeOver = false;
            _deadlineCycles = (_machine?.Clock.NowCycles ?? 0) + CyclesOf(step.Limit.GuestNanoseconds);
            using var limit = new Timer(
                _ =>
                {
                    _isHostTimeOver = true;
                    Volatile.Read(ref _machine)?.RequestStop(StopReason.Limit);
                },
                null,
                TimeSpan.FromSeconds(step.Limit.HostSeconds),
                Timeout.InfiniteTimeSpan);
            Do(step);
        }
    }

    private void Do(ScriptStep step)
    {
        switch (step)
        {
            case ScriptStep.WaitFor waitFor:
                WaitFor(waitFor.Pattern);
                break;
            case ScriptStep.Wait wait:
                ulong until = RequireMachine().Clock.NowCycles + CyclesOf(wait.Nanoseconds);
                RunUntil(() => _machine!.Clock.NowCycles >= until, "", until);
                break;
            case ScriptStep.Send send:
                Type(send.Bytes);
                break;
            case ScriptStep.Run run:
                RunCommand(run);
                break;
            case ScriptStep.Expect expect:
                foreach (var pattern in expect.Patterns)
                {
                    Expect(pattern, _console.Text[_console.CommandStart..]);
                }

                break;
            case ScriptStep.Reject reject:
                foreach (var pattern in reject.Patterns)
                {
                    _console.Reject(pattern);
                }

                break;
            case ScriptStep.PowerCut cut:
                CutPower(cut);
                break;
            case ScriptStep.Boot:
                if (_machine is not null)
                {
                    throw new StepFailedException(
                        ScriptFailureKind.Impossible, "the machine is on; cut its power, or wait for its exit code, first");
                }

                SwitchOn();
                break;
            case ScriptStep.CheckDisk check:
                Check(check);
                break;
            case ScriptStep.NetFaults faults:
                _ = RequireMachine();
                _assembly.ChooseFaults?.Invoke(faults.Stage);
                break;
            case ScriptStep.NetSend send:
                SendDatagram(send);
                break;
            case ScriptStep.NetAnswer answer:
                AwaitAnswer(answer.Pattern);
                break;
            case ScriptStep.ExitCode exitCode:
                AwaitExit(exitCode.Code);
                break;
        }
    }

    private void RunUntil(Func<bool> isDone, string otherwise, ulong untilCycles = ulong.MaxValue) =>
        RunUntil(isDone, () => otherwise, untilCycles);

    /// <summary>Lets the guest run until something holds.</summary>
    /// <param name="otherwise">What to say if that does not come in time.</param>
    private void RunUntil(Func<bool> isDone, Func<string> otherwise, ulong untilCycles = ulong.MaxValue)
    {
        var machine = _machine!;
        while (true)
        {
            if (_console.Rejection is { } rejection)
            {
                throw new StepFailedException(ScriptFailureKind.Rejected, $"the guest printed {rejection}");
            }

            if (isDone())
            {
                return;
            }

            string what = otherwise() is { Length: > 0 } text ? text + ": " : "";
            if (_exit is not null)
            {
                throw _exit.Kind == MachineExitKind.MachineError
                    ? new StepFailedException(ScriptFailureKind.Machine, what + (_exit.Message ?? "the machine can't go on"))
                    : new StepFailedException(ScriptFailureKind.Ended, $"{what}the guest ended with code {_exit.Code}");
            }

            if (_console.IsTooLong)
            {
                throw new StepFailedException(
                    ScriptFailureKind.NotExpected, $"{what}the guest has printed more than {ScriptConsole.MostOutput >> 20} MiB");
            }

            if (_cancellation.IsCancellationRequested)
            {
                throw new StepFailedException(ScriptFailureKind.Interrupted, "interrupted");
            }

            if (_isHostTimeOver)
            {
                throw new StepFailedException(
                    ScriptFailureKind.HostTime,
                    $"{what}{_step!.Limit.HostSeconds} s of the host's time are over; that says nothing of the guest"
                    + ": give it more (within: host …), or a faster host");
            }

            if (machine.Clock.NowCycles >= Math.Max(_deadlineCycles, untilCycles == ulong.MaxValue ? 0 : untilCycles))
            {
                throw new StepFailedException(
                    ScriptFailureKind.NotSeen,
                    $"{what}{ScriptLimit.Describe(_step!.Limit.GuestNanoseconds)} of guest time are over");
            }

            var exit = machine.Run(untilCycles == ulong.MaxValue ? _deadlineCycles : untilCycles);
            if (exit.Kind != MachineExitKind.StopRequested)
            {
                _exit = exit;
            }
        }
    }

    private IReadOnlyList<ScriptDoor> Doors => _assembly.Doors?.Invoke() ?? [];

    private VirtMachine RequireMachine() =>
        _machine ?? throw new StepFailedException(ScriptFailureKind.Impossible, "the machine is off; boot it first");

    private void SwitchOn()
    {
        _boots++;
        if (_boots > 1)
        {
            _console.Remark($"boot {_boots}");
        }

        _exit = null;
        _answersSeen = 0;
        _power.SwitchOn();
        _machine = new VirtMachine(_setup with { Nics = _assembly.Connect(_boots) }, _console, _assembly.Wall);
        _console.ConnectTo(_machine);
        _diagnose = _assembly.Inspect?.Invoke(_machine);
        if (_step is not null)
        {
            _deadlineCycles = CyclesOf(_step.Limit.GuestNanoseconds);
        }
    }

    private void SwitchOff()
    {
        if (_machine is { } machine)
        {
            _cycles += machine.Clock.NowCycles;
            _instructions += machine.RetiredInstructions;
            _console.ConnectTo(null);
            Volatile.Write(ref _machine, null);
            machine.Dispose();
        }
    }

    private ulong CyclesOf(ulong nanoseconds) => (ulong)((UInt128)nanoseconds * (uint)_setup.CpuMegahertz / 1000);

    /// <summary>Ends a case at once, from however deep.</summary>
    private sealed class StepFailedException(ScriptFailureKind kind, string message) : Exception(message)
    {
        public ScriptFailureKind Kind { get; } = kind;
    }
}
