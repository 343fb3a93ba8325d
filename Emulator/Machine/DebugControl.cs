using RiscvXv6.Emulator.Cpu;
using RiscvXv6.Emulator.Cpu.Debugging;
using RiscvXv6.Emulator.Cpu.Translation;

namespace RiscvXv6.Emulator.Machine;

/// <summary>
/// The machine in a debugger's hands. All of it is for the machine's thread, between two turns: whoever sits on another one
/// asks by <see cref="VirtMachine.TryAsk{T}"/>.
/// </summary>
/// <remarks>
/// Halting, looking, stepping the hart whose turn it is, and going on leave the run as it would have been: the same
/// instructions follow at the same cycles. What a debugger writes, and a step out of turn, are host events like keys, and
/// a replay has them.
/// </remarks>
internal sealed unsafe class DebugControl
{
    private readonly VirtMachine _machine;
    private readonly BlockCache _blocks;
    private readonly DebugMemory _memory;
    private ulong _rangeStart;
    private ulong _rangeEnd;

    internal DebugControl(VirtMachine machine, BlockCache blocks)
    {
        _machine = machine;
        _blocks = blocks;
        _memory = new DebugMemory(machine.Bus);
    }

    /// <summary>The machine has halted: tells why.</summary>
    public event Action<DebugStop>? Stopped;

    /// <summary>The machine goes on, or begins a step.</summary>
    public event Action? Resumed;

    /// <summary>The run is over.</summary>
    public event Action<MachineExit>? Ended;

    public bool IsHalted { get; private set; }

    /// <summary>Why the machine halted last; null if it never did.</summary>
    public DebugStop? LastStop { get; private set; }

    /// <summary>The hart that is being stepped, or -1.</summary>
    internal int SteppedHart { get; private set; } = -1;

    /// <summary>While one hart is stepped, the others do not run.</summary>
    internal bool OthersAreHeld { get; private set; }

    /// <summary>Halts the machine where it is. Does nothing if it is halted.</summary>
    public void Halt()
    {
        if (!IsHalted)
        {
            Halt(new DebugStop(DebugStopKind.Requested, _machine.CurrentHart));
        }
    }

    /// <summary>Lets all harts go on.</summary>
    public void Resume() => GoOn(-1, othersRun: true, 0, 0);

    /// <summary>
    /// Has a hart execute one instruction, or enter one trap; then the machine halts, unless something else halts it before.
    /// A hart that waits for an interrupt has its step when one comes, or at once without moving if nobody else runs.
    /// </summary>
    /// <param name="hart">0 to the number of harts less one.</param>
    /// <param name="othersRun">The others have their turns meanwhile; else they stand still.</param>
    /// <param name="rangeStart">With <paramref name="rangeEnd"/>: goes on until the pc has left the range.</param>
    /// <param name="rangeEnd">The first address after the range; equal to the start for none.</param>
    public void Step(int hart, bool othersRun, ulong rangeStart = 0, ulong rangeEnd = 0) =>
        GoOn(hart, othersRun, rangeStart, rangeEnd);

    /// <summary>Stops any hart that is about to execute the instruction at a virtual address, in whatever address space.</summary>
    public void AddBreakpoint(ulong address)
    {
        if (_blocks.Stops.AddBreakpoint(address))
        {
            _blocks.Stops.Tidy();
            _blocks.Clear();
        }
    }

    /// <summary>Removes one breakpoint; false if there is none at the address.</summary>
    public bool RemoveBreakpoint(ulong address) => _blocks.Stops.RemoveBreakpoint(address);

    /// <summary>Stops any hart after an instruction that loads or stores one of these bytes.</summary>
    /// <param name="kind">Which accesses.</param>
    /// <param name="address">Virtual.</param>
    /// <param name="length">In bytes; 0 counts as 1, and what would wrap is cut.</param>
    public void AddWatchpoint(WatchKind kind, ulong address, ulong length)
    {
        _blocks.Stops.AddWatchpoint(Watch(kind, address, length));
        foreach (var hart in _machine.Harts)
        {
            hart.ForgetTranslations();
        }
    }

    /// <summary>Removes a watchpoint; false if there is none like it.</summary>
    public bool RemoveWatchpoint(WatchKind kind, ulong address, ulong length) =>
        _blocks.Stops.RemoveWatchpoint(Watch(kind, address, length));

    /// <summary>Removes all breakpoints and watchpoints.</summary>
    public void ClearStops()
    {
        _blocks.Stops.Clear();
        _blocks.Clear();
    }

    /// <summary>Where a virtual address of a hart lies at present, whatever the permissions.</summary>
    public bool TryTranslate(int hart, ulong virtualAddress, out ulong physical) =>
        _memory.TryTranslate(_machine.Harts[hart], virtualAddress, out physical);

    /// <summary>Reads memory as the hart's present mode and page table place it; permissions are ignored, devices only looked at.</summary>
    /// <returns>How many bytes were read before one that is not there.</returns>
    public int Read(int hart, ulong virtualAddress, Span<byte> bytes) =>
        _memory.Read(_machine.Harts[hart], virtualAddress, bytes);

    /// <summary>Reads physical memory; devices are only looked at.</summary>
    /// <returns>How many bytes were read before one that is not there.</returns>
    public int ReadPhysical(ulong address, Span<byte> bytes) => _memory.ReadPhysical(address, bytes);

    /// <summary>Writes RAM as the hart's present mode and page table place it, whatever the permissions.</summary>
    /// <returns>False if not all of it is RAM; then nothing was written.</returns>
    public bool TryWrite(int hart, ulong virtualAddress, ReadOnlySpan<byte> bytes)
    {
        var pieces = new List<(ulong Physical, int Offset, int Length)>();
        for (int done = 0; done < bytes.Length;)
        {
            ulong address = virtualAddress + (ulong)done;
            int length = Math.Min(bytes.Length - done, PageSizeBytes - (int)(address & (PageSizeBytes - 1)));
            if (!TryTranslate(hart, address, out ulong physical) || !_machine.IsRam(physical, length))
            {
                return false;
            }

            pieces.Add((physical, done, length));
            done += length;
        }

        foreach (var (physical, offset, length) in pieces)
        {
            TryWritePhysical(physical, bytes.Slice(offset, length));
        }

        return true;
    }

    /// <summary>Writes RAM.</summary>
    /// <returns>False if not all of it is RAM; then nothing was written.</returns>
    public bool TryWritePhysical(ulong address, ReadOnlySpan<byte> bytes)
    {
        if (!_machine.IsRam(address, bytes.Length))
        {
            return false;
        }

        _machine.Take(new HostEvent.MemoryWrite(address, bytes.ToArray()));
        return true;
    }

    public ulong ReadRegister(int hart, HartRegister register)
    {
        var state = _machine.Harts[hart].State;
        return register switch
        {
            HartRegister.Privilege => (ulong)state->Privilege,
            HartRegister.Pc => state->Pc,
            < HartRegister.Pc => state->X[(int)register],
            _ => state->F[register - HartRegister.F0],
        };
    }

    /// <summary>Reads a CSR, whatever the hart's privilege; false if there is none.</summary>
    public bool TryReadCsr(int hart, int number, out ulong value) => _machine.Harts[hart].TryPeekCsr(number, out value);

    /// <summary>Writes a register; x0 stays zero, and a privilege that does not exist is ignored.</summary>
    public void WriteRegister(int hart, HartRegister register, ulong value) =>
        _machine.Take(new HostEvent.RegisterWrite(hart, register, value));

    /// <summary>Writes a CSR, whatever the hart's privilege; its WARL rules hold.</summary>
    /// <returns>False if there is none, or it is read-only.</returns>
    public bool TryWriteCsr(int hart, int number, ulong value)
    {
        if (Cpu.Csr.CsrFile.Find(number) is not { Write: not null, IsReadOnly: false })
        {
            return false;
        }

        _machine.Take(new HostEvent.CsrWrite(hart, number, value));
        return true;
    }

    /// <summary>Resets the machine, as its reset button would.</summary>
    public void RequestReset() => _machine.Take(new HostEvent.Reset());

    /// <summary>Ends the run, as the guest's power-off would.</summary>
    public void RequestPowerDown() => _machine.Take(new HostEvent.PowerDown());

    /// <summary>A hart stopped by itself, or the step is done.</summary>
    internal void Halt(DebugStop stop)
    {
        IsHalted = true;
        SteppedHart = -1;
        LastStop = stop;
        Stopped?.Invoke(stop);
    }

    internal void TellEnd(MachineExit exit) => Ended?.Invoke(exit);

    /// <summary>A stepped hart has moved: is that all?</summary>
    internal bool IsStepDone(Hart hart) => hart.State->Pc < _rangeStart || hart.State->Pc >= _rangeEnd;

    private const int PageSizeBytes = Devices.Memory.GuestMemory.PageSizeBytes;

    private void GoOn(int hart, bool othersRun, ulong rangeStart, ulong rangeEnd)
    {
        SteppedHart = hart;
        OthersAreHeld = !othersRun;
        _rangeStart = rangeStart;
        _rangeEnd = rangeEnd;
        IsHalted = false;
        foreach (var each in _machine.Harts)
        {
            // Others may stand at a breakpoint too, and have not been told of yet.
            bool wasTold = LastStop is { Kind: DebugStopKind.Breakpoint } stop && stop.Hart == each.HartId;
            if (wasTold || each.HartId == hart)
            {
                each.PassBreakpoint();
            }
        }

        Resumed?.Invoke();
    }

    private static Watchpoint Watch(WatchKind kind, ulong address, ulong length) =>
        new(kind, address, Math.Min(Math.Max(length, 1), ulong.MaxValue - address + (address == 0 ? 0UL : 1UL)));
}
