using System.Numerics;
using RiscvXv6.Devices.Bus;
using RiscvXv6.Devices.Interrupts;
using RiscvXv6.Devices.Registers;
using RiscvXv6.Devices.State;

namespace RiscvXv6.Devices.Plic;

/// <summary>
/// The platform-level interrupt controller, with the registers of the RISC-V PLIC specification and the behaviour of
/// QEMU's <c>virt</c>: 95 sources, priorities 0 to 7, and two contexts per hart, M then S.
/// </summary>
/// <remarks>
/// Deviation: the specification's gateway for level-triggered sources looks at the line again when the source is completed.
/// This one, as QEMU's, latches a request when the line is asserted (or asserted anew: <see cref="IInterruptLine.Pulse"/>),
/// drops it when the line drops, and looks no further. xv6 of 2019 never acknowledges its disk, and would otherwise
/// be interrupted for ever.
/// </remarks>
public sealed class Plic : IMmioDevice, IStateful<PlicState>, IRegisterMapped
{
    private readonly RegisterTable<PlicRegister> _table;
    private readonly RegisterFile<PlicRegister> _registers;
    private readonly IInterruptLine[] _contexts;
    private readonly PlicSource[] _sources = new PlicSource[PlicRegisters.SourceCount];
    private readonly uint[] _claimed = new uint[PlicRegisters.WordCount];
    private readonly uint[] _levels = new uint[PlicRegisters.WordCount];

    /// <param name="harts">The harts' lines, by hart id.</param>
    public Plic(ReadOnlySpan<PlicHartLines> harts)
    {
        _table = PlicRegisters.CreateTable(2 * harts.Length);
        _registers = new RegisterFile<PlicRegister>(_table);
        _contexts = new IInterruptLine[2 * harts.Length];
        for (int hart = 0; hart < harts.Length; hart++)
        {
            _contexts[2 * hart] = harts[hart].MachineExternal;
            _contexts[2 * hart + 1] = harts[hart].SupervisorExternal;
        }

        for (int id = 0; id < _sources.Length; id++)
        {
            _sources[id] = new PlicSource(this, id);
        }

        UpdateInterrupts();
    }

    public string Name => "plic";

    /// <summary>Four bytes only, as on QEMU: any other width is an access fault.</summary>
    public AccessWidths Widths => AccessWidths.Word;

    public RegisterTable Registers => _table;

    /// <summary>The line of a source.</summary>
    /// <param name="id">1 to 95.</param>
    /// <exception cref="ArgumentOutOfRangeException">No such source: a mistake in the machine's assembly.</exception>
    public IInterruptLine Source(int id) =>
        id is > 0 and < PlicRegisters.SourceCount
            ? _sources[id]
            : throw new ArgumentOutOfRangeException(nameof(id), id, $"1 to {PlicRegisters.SourceCount - 1}");

    public BusStatus Read(ulong offset, int sizeBytes, out ulong value)
    {
        if (!_table.TryFindForRead(offset, out var hit))
        {
            value = 0;
            return BusStatus.Ok;
        }

        value = hit.Id == PlicRegister.ClaimComplete ? Claim(hit.Group) : _registers.Read(hit, sizeBytes);
        return BusStatus.Ok;
    }

    public BusStatus Write(ulong offset, int sizeBytes, ulong value)
    {
        if (!_table.TryFindForWrite(offset, out var hit))
        {
            return BusStatus.Ok;
        }

        if (hit.Id == PlicRegister.ClaimComplete)
        {
            Complete(value);
        }
        else
        {
            _registers.Write(hit, sizeBytes, value);
        }

        UpdateInterrupts();
        return BusStatus.Ok;
    }

    public BusStatus Peek(ulong offset, int sizeBytes, out ulong value)
    {
        value = 0;
        if (_table.TryFindForRead(offset, out var hit))
        {
            value = hit.Id == PlicRegister.ClaimComplete ? (uint)BestSource(hit.Group) : _registers.Peek(hit, sizeBytes);
        }

        return BusStatus.Ok;
    }

    /// <summary>Forgets everything but the levels of the lines, which are the devices' own.</summary>
    public void Reset()
    {
        _registers.Reset();
        Array.Clear(_claimed);
        UpdateInterrupts();
    }

    public PlicState Save() => new(_registers.Save(), new ValueArray<uint>(_claimed), new ValueArray<uint>(_levels));

    public void Restore(PlicState state)
    {
        var (registers, claimed, levels) = state;
        _registers.Restore(registers);
        claimed.AsSpan().CopyTo(_claimed);
        levels.AsSpan().CopyTo(_levels);
        UpdateInterrupts();
    }

    /// <summary>A request of the source waits to be claimed.</summary>
    /// <param name="id">1 to 95, here and below.</param>
    public bool IsPending(int id) => ((uint)_registers[PlicRegister.Pending, id >> 5] & (1u << id)) != 0;

    /// <summary>The source was claimed and is not yet completed.</summary>
    public bool IsClaimed(int id) => TestBit(_claimed, id);

    /// <summary>The level of the source's line.</summary>
    public bool IsAsserted(int id) => TestBit(_levels, id);

    /// <summary>A context has enabled the source: 2 h for hart h's M-mode, 2 h + 1 for its S-mode.</summary>
    public bool IsEnabled(int context, int id) =>
        ((uint)_registers[PlicRegister.Enable, context, id >> 5] & (1u << id)) != 0;

    /// <summary>The source's priority; 0 never interrupts.</summary>
    public int PriorityOf(int id) => (int)_registers[PlicRegister.Priority, id - 1];

    /// <summary>What a source's priority has to exceed to interrupt a context.</summary>
    public int ThresholdOf(int context) => (int)_registers[PlicRegister.Threshold, context, 0];

    /// <summary>Contexts: two for each hart.</summary>
    public int ContextCount => _contexts.Length;

    internal void SetLevel(int id, bool asserted)
    {
        if (TestBit(_levels, id) == asserted)
        {
            return;
        }

        if (asserted)
        {
            Assert(id);
            return;
        }

        _levels[id >> 5] &= ~(1u << id);
        _registers[PlicRegister.Pending, id >> 5] &= ~(1u << id);
        UpdateInterrupts();
    }

    internal void Assert(int id)
    {
        _levels[id >> 5] |= 1u << id;
        _registers[PlicRegister.Pending, id >> 5] |= 1u << id;
        UpdateInterrupts();
    }

    private static bool TestBit(uint[] words, int id) => (words[id >> 5] & (1u << id)) != 0;

    /// <summary>PLIC "Interrupt Claim Process": the claim clears the source's pending bit, atomically.</summary>
    private ulong Claim(int context)
    {
        int id = BestSource(context);
        if (id != 0)
        {
            _registers[PlicRegister.Pending, id >> 5] &= ~(1u << id);
            _claimed[id >> 5] |= 1u << id;
            UpdateInterrupts();
        }

        return (uint)id;
    }

    /// <summary>
    /// Deviation: PLIC "Interrupt Completion" ignores a source that the context has not enabled; QEMU completes it, and so
    /// does this.
    /// </summary>
    private void Complete(ulong id)
    {
        if (id < PlicRegisters.SourceCount)
        {
            _claimed[id >> 5] &= ~(1u << (int)id);
        }
    }

    /// <summary>
    /// The source that a context would claim: pending, enabled, not claimed, above the threshold, and of those the highest
    /// priority and then the lowest id. Zero if there is none.
    /// </summary>
    private int BestSource(int context)
    {
        int best = 0;
        ulong bestPriority = _registers[PlicRegister.Threshold, context, 0];
        for (int word = 0; word < PlicRegisters.WordCount; word++)
        {
            uint candidates = (uint)_registers[PlicRegister.Pending, word]
                & (uint)_registers[PlicRegister.Enable, context, word]
                & ~_claimed[word];
            for (; candidates != 0; candidates &= candidates - 1)
            {
                int id = 32 * word + BitOperations.TrailingZeroCount(candidates);
                ulong priority = _registers[PlicRegister.Priority, id - 1];
                if (priority > bestPriority)
                {
                    best = id;
                    bestPriority = priority;
                }
            }
        }

        return best;
    }

    private void UpdateInterrupts()
    {
        for (int context = 0; context < _contexts.Length; context++)
        {
            _contexts[context].Set(BestSource(context) != 0);
        }
    }
}
