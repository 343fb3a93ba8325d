using RiscvXv6.Devices.Bus;
using RiscvXv6.Devices.Interrupts;
using RiscvXv6.Devices.Registers;
using RiscvXv6.Devices.State;
using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Devices.Clint;

/// <summary>
/// The core-local interruptor: software interrupts, and the machine timer. The layout is SiFive's, which ACLINT's MSWI and
/// MTIMER devices keep.
/// </summary>
/// <remarks>
/// An mtimecmp resets to 0, as on QEMU, so mip.MTIP is up until it is first written (ACLINT leaves its reset value open).
/// </remarks>
public sealed class Clint : IMmioDevice, IStateful<ClintState>, IRegisterMapped
{
    private readonly RegisterTable<ClintRegister> _table;
    private readonly RegisterFile<ClintRegister> _registers;
    private readonly MachineTime _time;
    private readonly IInterruptLine[] _software;
    private readonly TimerComparator[] _timers;

    /// <param name="time">The machine's counter, shared with the harts' <c>time</c> and their Sstc comparators.</param>
    /// <param name="scheduler">Wakes the comparators.</param>
    /// <param name="harts">The harts' lines, by hart id.</param>
    public Clint(MachineTime time, EventScheduler scheduler, ReadOnlySpan<ClintHartLines> harts)
    {
        _table = ClintRegisters.CreateTable(harts.Length);
        _registers = new RegisterFile<ClintRegister>(_table);
        _time = time;
        _software = new IInterruptLine[harts.Length];
        _timers = new TimerComparator[harts.Length];
        for (int hart = 0; hart < harts.Length; hart++)
        {
            _software[hart] = harts[hart].Software;
            _timers[hart] = new TimerComparator(time, scheduler, $"mtimecmp{hart}", harts[hart].Timer);
        }

        UpdateInterrupts();
    }

    public string Name => "clint";

    public AccessWidths Widths => AccessWidths.Word | AccessWidths.Double;

    public RegisterTable Registers => _table;

    public BusStatus Read(ulong offset, int sizeBytes, out ulong value) => Peek(offset, sizeBytes, out value);

    public BusStatus Write(ulong offset, int sizeBytes, ulong value)
    {
        if (!_table.TryFindForWrite(offset, out var hit))
        {
            return OutsideRegisters(offset);
        }

        if (!hit.Spec.Accepts(sizeBytes))
        {
            return BusStatus.Fault;
        }

        if (hit.Id == ClintRegister.Mtime)
        {
            _time.SetNowTicks(hit.Merge(_time.NowTicks, sizeBytes, value));
            return BusStatus.Ok;
        }

        _registers.Write(hit, sizeBytes, value);
        UpdateInterrupt(hit.Element);
        return BusStatus.Ok;
    }

    public BusStatus Peek(ulong offset, int sizeBytes, out ulong value)
    {
        value = 0;
        if (!_table.TryFindForRead(offset, out var hit))
        {
            return OutsideRegisters(offset);
        }

        if (!hit.Spec.Accepts(sizeBytes))
        {
            return BusStatus.Fault;
        }

        value = hit.Id == ClintRegister.Mtime
            ? hit.Extract(_time.NowTicks, sizeBytes)
            : _registers.Peek(hit, sizeBytes);
        return BusStatus.Ok;
    }

    /// <summary>Back to reset values; mtime counts from 0 again (ACLINT "MTIME Register").</summary>
    public void Reset()
    {
        _registers.Reset();
        _time.SetNowTicks(0);
        UpdateInterrupts();
    }

    public ClintState Save() => new(_registers.Save(), _time.OffsetTicks);

    /// <summary>The clock has to be restored before.</summary>
    public void Restore(ClintState state)
    {
        var (registers, timeOffsetTicks) = state;
        _registers.Restore(registers);
        _time.SetOffsetTicks(timeOffsetTicks);
        UpdateInterrupts();
    }

    private static BusStatus OutsideRegisters(ulong offset) =>
        offset < ClintRegisters.RegisterBytes ? BusStatus.Ok : BusStatus.Fault;

    private void UpdateInterrupts()
    {
        for (int hart = 0; hart < _timers.Length; hart++)
        {
            UpdateInterrupt(hart);
        }
    }

    private void UpdateInterrupt(int hart)
    {
        _software[hart].Set(_registers[ClintRegister.Msip, hart] != 0);
        _timers[hart].Set(_registers[ClintRegister.Mtimecmp, hart], isEnabled: true);
    }
}
