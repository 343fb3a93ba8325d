using System.Runtime.InteropServices;
using RiscvXv6.Devices.Bus;
using RiscvXv6.Devices.Memory;
using RiscvXv6.Devices.Timing;
using RiscvXv6.Emulator.Cpu.Csr;
using RiscvXv6.Emulator.Cpu.Execution;
using RiscvXv6.Emulator.Cpu.Translation;
using RiscvXv6.Emulator.Cpu.Traps;

namespace RiscvXv6.Emulator.Cpu;

/// <summary>
/// One hardware thread: its state, what it caches about addresses, and everything an engine asks of it that is not worth
/// inlining. An engine (the interpreter, or one that translates) runs it through <see cref="IExecutionEngine"/>.
/// </summary>
internal sealed unsafe partial class Hart : IDisposable
{
    private readonly TranslationContext[] _contexts;
    private readonly IHartEnvironment _environment;
    private ulong _fetchIdentity;
    private bool _reservationWatched;

    /// <param name="hartId">mhartid.</param>
    /// <param name="bus">The physical address space.</param>
    /// <param name="ram">Its main memory, which has the fast path.</param>
    /// <param name="blocks">The predecoded code, shared by all harts.</param>
    /// <param name="clock">The machine's clock.</param>
    /// <param name="scheduler">The machine's events.</param>
    /// <param name="environment">The machine.</param>
    public Hart(
        int hartId,
        SystemBus bus,
        GuestMemory ram,
        BlockCache blocks,
        GuestClock clock,
        EventScheduler scheduler,
        IHartEnvironment environment)
    {
        HartId = hartId;
        Bus = bus;
        Ram = ram;
        Blocks = blocks;
        Clock = clock;
        Scheduler = scheduler;
        _environment = environment;
        State = (HartState*)NativeMemory.AllocZeroed((nuint)sizeof(HartState));
        JumpCache = (JumpEntry*)NativeMemory.AllocZeroed(JumpEntry.Count, (nuint)sizeof(JumpEntry));
        _contexts =
        [
            new TranslationContext(PrivilegeMode.User, false),
            new TranslationContext(PrivilegeMode.Supervisor, false),
            new TranslationContext(PrivilegeMode.Supervisor, true),
            new TranslationContext(PrivilegeMode.Machine, false),
        ];
        DataContext = FetchContext = _contexts[3];
        FlushTranslations();
    }

    public int HartId { get; }

    /// <summary>Unmanaged, so that its address holds for the life of the hart.</summary>
    public HartState* State { get; }

    public SystemBus Bus { get; }

    public GuestMemory Ram { get; }

    public BlockCache Blocks { get; }

    public GuestClock Clock { get; }

    public EventScheduler Scheduler { get; }

    /// <summary>Where jumps land, by virtual address.</summary>
    public JumpEntry* JumpCache { get; }

    /// <summary>How loads and stores see memory at present.</summary>
    public TranslationContext DataContext { get; private set; }

    /// <summary>How instruction fetches see memory at present.</summary>
    public TranslationContext FetchContext { get; private set; }

    /// <summary>Null unless somebody traces.</summary>
    public IHartObserver? Observer { get; set; }

    /// <summary>Puts the hart in its reset state.</summary>
    public void Reset(ulong resetPc)
    {
        DropReservation();
        HartReset.Apply(ref *State, (ulong)HartId, resetPc);
        FlushTranslations();
        SelectContexts();
    }

    /// <summary>Drives bits of mip; the level of <paramref name="bit"/> becomes <paramref name="asserted"/>.</summary>
    public void SetInterruptLine(int bit, bool asserted)
    {
        ulong mask = 1UL << bit;
        State->LineInterrupts = asserted ? State->LineInterrupts | mask : State->LineInterrupts & ~mask;
    }

    /// <summary>Forgets all cached translations (sfence.vma, satp, PMP).</summary>
    public void FlushTranslations()
    {
        foreach (var context in _contexts)
        {
            context.Flush();
            context.FetchIdentity = ++_fetchIdentity;
        }
    }

    /// <summary>Forgets the translations of one page.</summary>
    public void FlushTranslation(ulong virtualAddress)
    {
        foreach (var context in _contexts)
        {
            context.FlushPage(virtualAddress);
            context.FetchIdentity = ++_fetchIdentity;
        }
    }

    /// <summary>Forgets where jumps land: the block cache was emptied.</summary>
    public void FlushJumps()
    {
        foreach (var context in _contexts)
        {
            context.FetchIdentity = ++_fetchIdentity;
        }
    }

    /// <summary>From now on, stores to the page must take the slow path.</summary>
    public void DropStoresTo(GuestMemory memory, int pageIndex)
    {
        ulong hostPage = (ulong)(memory.HostBase + ((ulong)pageIndex << GuestMemory.PageShift));
        foreach (var context in _contexts)
        {
            context.DropStoresTo(hostPage);
        }
    }

    /// <summary>Chooses the contexts that privilege and mstatus ask for.</summary>
    public void SelectContexts()
    {
        var mode = State->Privilege;
        FetchContext = _contexts[(int)mode];
        if (mode == PrivilegeMode.Supervisor)
        {
            FetchContext = _contexts[1];
        }

        // Priv "Memory Privilege in mstatus Register": MPRV makes loads and stores behave as in mode MPP.
        if ((State->Mstatus & MstatusBits.Mprv) != 0)
        {
            mode = (PrivilegeMode)((State->Mstatus >> MstatusBits.MppShift) & 3);
        }

        DataContext = mode switch
        {
            PrivilegeMode.User => _contexts[0],
            PrivilegeMode.Supervisor => (State->Mstatus & MstatusBits.Sum) != 0 ? _contexts[2] : _contexts[1],
            _ => _contexts[3],
        };
    }

    /// <summary>Takes the interrupt that is pending and enabled, if any; the state is exact.</summary>
    public bool TakePendingInterrupt()
    {
        int cause = TrapUnit.PendingInterrupt(in *State);
        if (cause < 0)
        {
            return false;
        }

        TakeTrap(TrapCause.InterruptFlag | (uint)cause, 0);
        return true;
    }

    /// <summary>
    /// Enters the trap handler from the instruction at the hart's pc, which does not retire. Entering costs one cycle, so
    /// that a handler which faults at its own first instruction cannot stop the clock.
    /// </summary>
    public StepResult TakeTrap(ulong cause, ulong trapValue)
    {
        Observer?.TrapTaken(this, cause, trapValue);
        TrapUnit.Take(ref *State, cause, State->Pc, trapValue);
        State->Cycle++;
        State->StallCycles++;
        DropReservation();
        SelectContexts();
        return StepResult.Leave;
    }

    /// <summary>Begins a quantum: the hart's cycle follows the clock.</summary>
    public void BeginQuantum()
    {
        State->ExitRequested = false;
        State->Cycle = State->QuantumStartCycle = Clock.NowCycles;
    }

    /// <summary>Ends a quantum: the clock follows the hart, and its reservation is guarded while others run.</summary>
    public void EndQuantum()
    {
        State->RunCycles += State->Cycle - State->QuantumStartCycle;
        State->QuantumStartCycle = State->Cycle;
        Clock.AdvanceTo(State->Cycle);
        if (State->ReservationValid && !_reservationWatched && Bus.FindMemory(State->ReservationAddress) is { } memory)
        {
            memory.Watch(PageOf(memory, State->ReservationAddress));
            _reservationWatched = true;
        }
    }

    /// <summary>Another hart or a device wrote: a reservation that overlaps is lost (Unpriv "Load-Reserved/Store-Conditional").</summary>
    public void BreakReservation(ulong address, ulong length)
    {
        if (State->ReservationValid
            && address < State->ReservationAddress + (ulong)State->ReservationSize
            && State->ReservationAddress < address + length)
        {
            DropReservation();
        }
    }

    public void Dispose()
    {
        foreach (var context in _contexts)
        {
            context.Dispose();
        }

        NativeMemory.Free(State);
        NativeMemory.Free(JumpCache);
        FreeScratch();
    }

    private void DropReservation()
    {
        State->ReservationValid = false;
        if (_reservationWatched)
        {
            _reservationWatched = false;
            _environment.ReservationUnwatched(this);
        }
    }

    private static int PageOf(GuestMemory memory, ulong address) =>
        (int)((address - memory.Range.Base) >> GuestMemory.PageShift);
}
