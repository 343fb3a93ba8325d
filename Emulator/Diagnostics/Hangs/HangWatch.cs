using RiscvXv6.Devices.Memory;
using RiscvXv6.Emulator.Cpu;
using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Emulator.Diagnostics.Hangs;

/// <summary>
/// Looks at a machine as it runs, and says why the guest hangs when it does: each finding once, and none on a guest that is well.
/// It costs nothing for an instruction: it is told of traps, and looks between turns a thousand times a second of guest time.
/// </summary>
internal sealed class HangWatch : IHartObserver
{
    /// <summary>Looks at the harts in a second of guest time.</summary>
    private const ulong LooksPerSecond = 1000;

    /// <summary>Every so many of them it looks at devices and at the kernel as well.</summary>
    private const int LooksPerRound = 10;

    private readonly VirtMachine _machine;
    private readonly HangFindings _findings;
    private readonly FaultWatch _faults;
    private readonly SpinWatch _spins;
    private readonly StormWatch _storms;
    private readonly InterruptWatch _interrupts;
    private readonly PanicWatch _panics;
    private readonly SleepLockWatch _sleepLocks;
    private int _looks;

    /// <param name="machine">The machine, before it runs.</param>
    /// <param name="programs">What runs in it.</param>
    /// <param name="told">Told of each finding, on the machine's thread.</param>
    public HangWatch(VirtMachine machine, GuestPrograms programs, Action<HangFinding> told)
    {
        _machine = machine;
        _findings = new HangFindings(machine, programs, told);
        _faults = new FaultWatch(_findings);
        _spins = new SpinWatch(_findings);
        _storms = new StormWatch(_findings);
        _interrupts = new InterruptWatch(_findings);
        _panics = new PanicWatch(_findings, programs, _faults);
        _sleepLocks = new SleepLockWatch(_findings);
    }

    /// <summary>What was found so far.</summary>
    public IReadOnlyList<HangFinding> Findings => _findings.All;

    /// <summary>Begins to watch. Once.</summary>
    public void Attach()
    {
        _machine.Observe(this);
        _machine.Sample(_machine.Clock.CyclesPerSecond / LooksPerSecond, Look);
        _machine.NothingScheduled = NothingScheduled;
    }

    /// <summary>The last exception that a hart took, but for system calls, in words; or null.</summary>
    public string? LastException(int hart) => _faults.LastException(hart);

    void IHartObserver.TrapTaken(Hart hart, ulong cause, ulong trapValue)
    {
        _storms.TrapTaken(hart, cause);
        _faults.TrapTaken(hart, cause, trapValue);
    }

    void IHartObserver.BusFault(Hart hart, ulong physicalAddress, int sizeBytes, bool isStore) =>
        _faults.BusFault(hart, physicalAddress, sizeBytes, isStore);

    void IHartObserver.BlockBuilt(Hart hart, ulong virtualPc, GuestMemory memory, ulong physicalPc, int sizeBytes)
    {
    }

    private void Look()
    {
        ulong now = _machine.Clock.NowCycles;
        _spins.Look(now);
        _storms.Look();
        if (++_looks % LooksPerRound == 0)
        {
            _panics.Look();
            _interrupts.Look(now);
            _sleepLocks.Look(now);
        }
    }

    private void NothingScheduled(bool isOver)
    {
        ulong now = _machine.Clock.NowCycles;
        _panics.LookNow();
        _interrupts.LookWhileStopped();
        if (!_findings.IsOver && (isOver || WaitReport.NothingCanInterrupt(_machine)))
        {
            _findings.Add(HangCodes.AllWaiting, 0, () => WaitReport.Sentence(_findings.Look()), isFatal: true);
        }
    }
}
