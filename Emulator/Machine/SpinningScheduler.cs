using RiscvXv6.Devices.Bus;
using RiscvXv6.Devices.Memory;
using RiscvXv6.Emulator.Cpu;
using RiscvXv6.Guest.Elf;
using RiscvXv6.Guest.Symbols;
using RiscvXv6.Guest.Symbols.Types;

namespace RiscvXv6.Emulator.Machine;

/// <summary>
/// Which harts of an xv6 of 2021 to 2023 have nothing to do. Its scheduler never waits (wfi): it goes round the process table
/// until a process is runnable. By the kernel's own account (<c>cpus[].proc</c>, <c>proc[].state</c>), found through its debug information,
/// such a hart is told from one that works.
/// </summary>
/// <remarks>docs/adr/0013 says what follows from it for the order of turns.</remarks>
internal sealed unsafe class SpinningScheduler : IHartObserver
{
    /// <summary>A hart's cycles without a process and without a trap after which its handlers are surely done.</summary>
    private const ulong SettledCycles = 20_000;

    private readonly SystemBus _bus;
    private readonly ElfSymbol _scheduler;
    private readonly Marks[] _harts;
    private ulong _processors;
    private ulong _processorBytes;
    private ulong _processes;
    private ulong _processBytes;
    private ulong _processCount;
    private int _stateBytes;
    private ulong _runnable;

    private SpinningScheduler(SystemBus bus, ElfSymbol scheduler, int harts)
    {
        _bus = bus;
        _scheduler = scheduler;
        _harts = new Marks[harts];
    }

    private struct Marks
    {
        /// <summary>The hart's own cycles when it last had something to do.</summary>
        public ulong Busy;

        /// <summary>It was seen in the scheduler, which no hart ever leaves for good.</summary>
        public bool Schedules;
    }

    /// <summary>The range of the function <c>scheduler</c>; false if the kernel has none.</summary>
    public static bool TryFindScheduler(ElfFile kernel, out ElfSymbol scheduler) =>
        kernel.TryFindSymbol("scheduler"u8, out scheduler) && scheduler.SizeBytes > 0;

    /// <summary>Null if the kernel has not got what it takes to tell. Reads debug information: some 50 ms of the host's.</summary>
    public static SpinningScheduler? Find(ElfFile kernel, SystemBus bus, int harts)
    {
        var types = new ProgramInfo(kernel).Types;
        if (!TryFindScheduler(kernel, out var scheduler)
            || !types.TryFindVariable("cpus", out var processors)
            || processors.Type is not ArrayType { Element: StructureType processor } processorTable
            || processorTable.Count < (ulong)harts
            || !processor.TryFindMember("proc", out var current)
            || !types.TryFindVariable("proc", out var processes)
            || processes.Type is not ArrayType { Element: StructureType process } processTable
            || !process.TryFindMember("state", out var state)
            || state.Type is not EnumerationType { SizeBytes: 4 or 8 } states)
        {
            return null;
        }

        var runnable = states.Names.Where(static name => name.Value == "RUNNABLE").Select(static name => name.Key).ToArray();
        ulong processorEnd = processors.Address + processorTable.SizeBytes;
        ulong processEnd = processes.Address + processTable.SizeBytes;
        if (runnable.Length != 1
            || bus.FindMemory(processors.Address, processorTable.SizeBytes) is null || processorEnd < processors.Address
            || bus.FindMemory(processes.Address, processTable.SizeBytes) is null || processEnd < processes.Address)
        {
            return null;
        }

        return new SpinningScheduler(bus, scheduler, harts)
        {
            _processors = processors.Address + current.OffsetBytes,
            _processorBytes = processor.SizeBytes,
            _processes = processes.Address + state.OffsetBytes,
            _processBytes = process.SizeBytes,
            _processCount = processTable.Count,
            _stateBytes = (int)state.Type.SizeBytes,
            _runnable = (ulong)runnable[0],
        };
    }

    /// <summary>After a reset the kernel boots anew: nobody is in its scheduler.</summary>
    public void Reset() => Array.Clear(_harts);

    /// <summary>A hart's turn is over.</summary>
    public void TurnEnded(Hart hart)
    {
        ref var marks = ref _harts[hart.HartId];
        if (hart.State->Privilege != PrivilegeMode.Supervisor || Read(_processors + (ulong)hart.HartId * _processorBytes, 8) != 0)
        {
            marks.Busy = hart.State->RunCycles;
        }
        else
        {
            marks.Schedules |= hart.State->Pc - _scheduler.Value < _scheduler.SizeBytes;
        }
    }

    /// <summary>The hart goes round the table, and no interrupt waits for it.</summary>
    public bool HasNothingToDo(Hart hart)
    {
        ref readonly var marks = ref _harts[hart.HartId];
        return marks.Schedules && hart.State->RunCycles - marks.Busy >= SettledCycles && !hart.State->WakePending;
    }

    /// <summary>There is a process that the next round would find.</summary>
    public bool AnyProcessIsRunnable()
    {
        for (ulong index = 0; index < _processCount; index++)
        {
            if (Read(_processes + index * _processBytes, _stateBytes) == _runnable)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Interrupts are what ends idleness; their handlers work, with or without a process.</summary>
    public void TrapTaken(Hart hart, ulong cause, ulong trapValue) =>
        _harts[hart.HartId].Busy = hart.State->RunCycles + (hart.State->Cycle - hart.State->QuantumStartCycle);

    public void BusFault(Hart hart, ulong physicalAddress, int sizeBytes, bool isStore)
    {
    }

    public void BlockBuilt(Hart hart, ulong virtualPc, GuestMemory memory, ulong physicalPc, int sizeBytes)
    {
    }

    private ulong Read(ulong address, int sizeBytes)
    {
        _bus.Peek(address, sizeBytes, out ulong value);
        return value;
    }
}
