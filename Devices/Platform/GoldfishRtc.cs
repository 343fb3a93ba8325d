using RiscvXv6.Devices.Bus;
using RiscvXv6.Devices.Interrupts;
using RiscvXv6.Devices.Registers;
using RiscvXv6.Devices.State;
using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Devices.Platform;

/// <summary>
/// The Goldfish real-time clock with its alarm, as QEMU's <c>virt</c> has it. It counts from a base that is an input of the
/// machine, by the machine's own clock: the wall plays no part.
/// </summary>
public sealed class GoldfishRtc : IMmioDevice, IStateful<GoldfishRtcState>, IRegisterMapped
{
    private const ulong NanosecondsPerSecond = 1_000_000_000;

    private readonly RegisterFile<GoldfishRtcRegister> _registers = new(GoldfishRtcRegisters.Table);
    private readonly IGuestClock _clock;
    private readonly IInterruptLine _line;
    private readonly ScheduledEvent _alarm;
    private ulong _offsetNs;
    private bool _interruptPending;

    /// <param name="clock">Drives the time.</param>
    /// <param name="scheduler">Wakes the alarm.</param>
    /// <param name="line">The interrupt line; source 11 of the PLIC on <c>virt</c>.</param>
    /// <param name="baseNs">Time at cycle 0, in ns since 1970-01-01 00:00 UTC.</param>
    public GoldfishRtc(IGuestClock clock, EventScheduler scheduler, IInterruptLine line, ulong baseNs)
    {
        _clock = clock;
        _line = line;
        _offsetNs = baseNs;
        _alarm = scheduler.Create("rtc.alarm", Fire);
    }

    public string Name => "rtc";

    /// <summary>Four bytes only, as on QEMU.</summary>
    public AccessWidths Widths => AccessWidths.Word;

    public RegisterTable Registers => GoldfishRtcRegisters.Table;

    /// <summary>The time now, in ns since 1970.</summary>
    public ulong NowNs => GuestNs + _offsetNs;

    private ulong GuestNs => (ulong)((UInt128)_clock.NowCycles * NanosecondsPerSecond / _clock.CyclesPerSecond);

    private ulong AlarmNs =>
        (_registers[GoldfishRtcRegister.AlarmHigh] << 32) | _registers[GoldfishRtcRegister.AlarmLow];

    private bool IsArmed => _registers[GoldfishRtcRegister.AlarmStatus] != 0;

    public BusStatus Read(ulong offset, int sizeBytes, out ulong value)
    {
        var status = Peek(offset, sizeBytes, out value);
        if (offset == GoldfishRtcRegisters.Table[GoldfishRtcRegister.TimeLow].Offset)
        {
            _registers[GoldfishRtcRegister.TimeHigh] = NowNs >> 32;
        }

        return status;
    }

    public BusStatus Write(ulong offset, int sizeBytes, ulong value)
    {
        if (!GoldfishRtcRegisters.Table.TryFindForWrite(offset, out var hit))
        {
            return OutsideRegisters(offset);
        }

        switch (hit.Id)
        {
            case GoldfishRtcRegister.TimeLow:
                SetTime((NowNs & ~0xfffffffful) | value);
                break;
            case GoldfishRtcRegister.TimeHigh:
                SetTime((NowNs & 0xffffffff) | (value << 32));
                break;
            case GoldfishRtcRegister.AlarmLow:
                _registers.Write(hit, sizeBytes, value);
                _registers[GoldfishRtcRegister.AlarmStatus] = 1;
                break;
            case GoldfishRtcRegister.ClearAlarm:
                _registers[GoldfishRtcRegister.AlarmStatus] = 0;
                break;
            case GoldfishRtcRegister.ClearInterrupt:
                _interruptPending = false;
                break;
            default:
                _registers.Write(hit, sizeBytes, value);
                break;
        }

        ScheduleAlarm();
        UpdateInterrupt();
        return BusStatus.Ok;
    }

    public BusStatus Peek(ulong offset, int sizeBytes, out ulong value)
    {
        if (!GoldfishRtcRegisters.Table.TryFindForRead(offset, out var hit))
        {
            value = 0;
            return OutsideRegisters(offset);
        }

        value = hit.Id == GoldfishRtcRegister.TimeLow ? (uint)NowNs : _registers.Peek(hit, sizeBytes);
        return BusStatus.Ok;
    }

    /// <summary>Disarms the alarm and disables the interrupt; the time goes on.</summary>
    public void Reset()
    {
        _registers.Reset();
        _interruptPending = false;
        ScheduleAlarm();
        UpdateInterrupt();
    }

    public GoldfishRtcState Save() => new(_registers.Save(), _offsetNs, _interruptPending);

    /// <summary>The clock has to be restored before.</summary>
    public void Restore(GoldfishRtcState state)
    {
        (var registers, _offsetNs, _interruptPending) = state;
        _registers.Restore(registers);
        ScheduleAlarm();
        UpdateInterrupt();
    }

    private static BusStatus OutsideRegisters(ulong offset) =>
        offset < GoldfishRtcRegisters.RegisterBytes ? BusStatus.Ok : BusStatus.Fault;

    private void SetTime(ulong ns) => _offsetNs += ns - NowNs;

    /// <summary>Fires an armed alarm whose time has come, otherwise schedules it: to be called after any change.</summary>
    private void ScheduleAlarm()
    {
        ulong deadline = IsArmed ? AlarmCycles() : EventScheduler.Never;
        if (deadline == EventScheduler.Never)
        {
            _alarm.Cancel();
        }
        else if (deadline <= _clock.NowCycles)
        {
            _alarm.Cancel();
            Fire();
        }
        else
        {
            _alarm.ScheduleAt(deadline);
        }
    }

    /// <summary>The first cycle at which the time is not before the alarm's.</summary>
    private ulong AlarmCycles()
    {
        ulong now = NowNs;
        if (AlarmNs <= now)
        {
            return _clock.NowCycles;
        }

        var guestNs = (UInt128)GuestNs + (AlarmNs - now);
        var cycles = (guestNs * _clock.CyclesPerSecond + NanosecondsPerSecond - 1) / NanosecondsPerSecond;
        return cycles < EventScheduler.Never ? (ulong)cycles : EventScheduler.Never;
    }

    private void Fire()
    {
        _registers[GoldfishRtcRegister.AlarmStatus] = 0;
        _interruptPending = true;
        UpdateInterrupt();
    }

    private void UpdateInterrupt() =>
        _line.Set(_interruptPending && _registers[GoldfishRtcRegister.InterruptEnabled] != 0);
}
