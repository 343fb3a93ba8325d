using RiscvXv6.Emulator.Cpu;
using RiscvXv6.Guest.Elf;

namespace RiscvXv6.Emulator.Machine;

/// <content>Harts that have nothing to do and do not say so.</content>
internal sealed unsafe partial class VirtMachine
{
    /// <summary>Turns that end in the scheduler before its kernel is looked at: one that waits (wfi) does so in its first round.</summary>
    private const int TurnsBeforeLooking = 50;

    /// <summary>What a hart with nothing to do gets while others work.</summary>
    private const ulong SpinningQuantumCycles = 1000;

    private SpinningScheduler? _spinning;
    private ElfSymbol _scheduler;
    private int _turnsInScheduler;
    private bool _mayLookForScheduler;

    private void PrepareIdle() => _mayLookForScheduler =
        _setup.Kernel is { } kernel && SpinningScheduler.TryFindScheduler(kernel, out _scheduler);

    /// <summary>A turn has ended by itself. Which kernel it is shows in the first turns of its scheduler.</summary>
    private void NoteTurnEnd(Hart hart)
    {
        _spinning?.TurnEnded(hart);
        if (!_mayLookForScheduler)
        {
            return;
        }

        if (hart.State->Waiting)
        {
            _mayLookForScheduler = false;
        }
        else if (hart.State->Pc - _scheduler.Value < _scheduler.SizeBytes && ++_turnsInScheduler == TurnsBeforeLooking)
        {
            _mayLookForScheduler = false;
            _spinning = SpinningScheduler.Find(_setup.Kernel!, Bus, _harts.Length);
            if (_spinning is not null)
            {
                Observe(_spinning);
            }
        }
    }

    /// <summary>No hart does anything that could matter before the next event.</summary>
    private bool AllHaveNothingToDo()
    {
        foreach (var hart in _harts)
        {
            bool isIdle = hart.State->Waiting ? !hart.State->WakePending : _spinning!.HasNothingToDo(hart);
            if (!isIdle)
            {
                return false;
            }
        }

        return !_spinning!.AnyProcessIsRunnable();
    }

    private ulong QuantumCyclesOf(Hart hart)
    {
        ulong quantum = _turns.NextQuantumCycles();
        return _spinning is not null && _spinning.HasNothingToDo(hart) ? Math.Min(quantum, SpinningQuantumCycles) : quantum;
    }
}
