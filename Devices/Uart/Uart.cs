using RiscvXv6.Devices.Bus;
using RiscvXv6.Devices.Interrupts;
using RiscvXv6.Devices.Registers;
using RiscvXv6.Devices.State;
using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Devices.Uart;

/// <summary>
/// A 16550A with registers one byte apart, as QEMU's <c>virt</c> has it. A byte stored to THR leaves at once, so the
/// transmitter is always empty when software looks.
/// </summary>
/// <remarks>
/// xv6 of 2020 to 2022 enables the transmitter-empty interrupt and never reads IIR, so the cause stays up and the line
/// with it. It works on QEMU because QEMU's UART raises its line anew whenever its causes are looked at while one is
/// active, and the PLIC latches each raise. So does this one, by <see cref="IInterruptLine.Pulse"/>: otherwise a byte that arrives
/// while that cause is up would interrupt nobody.
/// Deviation: MCR resets to OUT2 and the divisor to 12, as in QEMU; the data sheet says 0 and nothing.
/// </remarks>
public sealed partial class Uart : IMmioDevice, IStateful<UartState>, IRegisterMapped
{
    /// <summary>Baud rate of divisor 1: the device tree's clock of 3,686,400 Hz over 16.</summary>
    public const ulong BaudBase = 230_400;

    private const int TimeoutCharacters = 4;

    private readonly RegisterFile<UartRegister> _registers = new(UartRegisters.Table);
    private readonly ReceiveFifo _received = new();
    private readonly IGuestClock _clock;
    private readonly ISerialSink _sink;
    private readonly IInterruptLine _line;
    private readonly ScheduledEvent _timeout;
    private bool _transmitterEmptyPending;
    private bool _timeoutPending;

    /// <param name="name">As traces print it: <c>uart0</c>.</param>
    /// <param name="clock">Times the character timeout.</param>
    /// <param name="scheduler">Wakes the character timeout.</param>
    /// <param name="sink">Where transmitted bytes go.</param>
    /// <param name="line">INTR.</param>
    public Uart(string name, IGuestClock clock, EventScheduler scheduler, ISerialSink sink, IInterruptLine line)
    {
        Name = name;
        _clock = clock;
        _sink = sink;
        _line = line;
        _timeout = scheduler.Create($"{name}.timeout", OnTimeout);
    }

    public string Name { get; }

    /// <summary>Any: a wide access reaches the one register at its offset, as in QEMU from 8.0 on.</summary>
    public AccessWidths Widths => AccessWidths.Any;

    public RegisterTable Registers => UartRegisters.Table;

    public int RegisterBank => Has(UartRegister.Lcr, Lcr.DivisorLatch) ? UartRegisters.DivisorBank : 0;

    private bool FifosEnabled => Has(UartRegister.Fcr, Fcr.Enable);

    private bool IsLoopedBack => Has(UartRegister.Mcr, Mcr.Loopback);

    public BusStatus Read(ulong offset, int sizeBytes, out ulong value)
    {
        value = 0;
        if (offset >= UartRegisters.RegisterBytes)
        {
            return BusStatus.Fault;
        }

        if (UartRegisters.Table.TryFindForRead(offset, out var hit, RegisterBank))
        {
            value = Value(hit);
            ActOnRead(hit.Id, (byte)value);
        }

        return BusStatus.Ok;
    }

    public BusStatus Write(ulong offset, int sizeBytes, ulong value)
    {
        if (offset >= UartRegisters.RegisterBytes)
        {
            return BusStatus.Fault;
        }

        if (UartRegisters.Table.TryFindForWrite(offset, out var hit, RegisterBank))
        {
            byte old = (byte)_registers[hit.Id];
            _registers.Write(hit, sizeof(byte), (byte)value);
            ActOnWrite(hit.Id, old, (byte)value);
        }

        return BusStatus.Ok;
    }

    public BusStatus Peek(ulong offset, int sizeBytes, out ulong value)
    {
        value = 0;
        if (offset >= UartRegisters.RegisterBytes)
        {
            return BusStatus.Fault;
        }

        if (UartRegisters.Table.TryFindForRead(offset, out var hit, RegisterBank))
        {
            value = Value(hit);
        }

        return BusStatus.Ok;
    }

    /// <summary>NS16550A "Reset": registers, FIFOs and causes.</summary>
    public void Reset()
    {
        _registers.Reset();
        _transmitterEmptyPending = false;
        IsAttended = false;
        ClearReceiver();
        _line.Set(false);
        ReceiveSpaceAvailable?.Invoke();
    }

    public UartState Save() => new(
        _registers.Save(),
        _received.Save(),
        _transmitterEmptyPending,
        _timeoutPending,
        IsAttended,
        _timeout.IsScheduled ? _timeout.DeadlineCycles : EventScheduler.Never);

    public void Restore(UartState state)
    {
        (var registers, var received, _transmitterEmptyPending, _timeoutPending, bool isAttended, ulong timeoutCycles) = state;
        IsAttended = isAttended;
        _registers.Restore(registers);
        _received.Restore(received);
        if (timeoutCycles == EventScheduler.Never)
        {
            _timeout.Cancel();
        }
        else
        {
            _timeout.ScheduleAt(timeoutCycles);
        }

        _line.Set(Cause() != Iir.None);
    }

    private bool Has(UartRegister register, byte bit) => (_registers[register] & bit) != 0;

    private byte Value(in RegisterHit<UartRegister> hit) => hit.Id switch
    {
        UartRegister.Rbr => _received.Head,
        UartRegister.Iir => (byte)(Cause() | (FifosEnabled ? Iir.FifosEnabled : 0)),
        UartRegister.Lsr => LineStatus(),
        _ => (byte)_registers.Peek(hit, sizeof(byte)),
    };

    private byte LineStatus()
    {
        int status = Lsr.TransmitterIdle | (byte)_registers[UartRegister.Lsr] & Lsr.Overrun;
        status |= _received.Count > 0 ? Lsr.DataReady : 0;
        status |= _received.HeadIsBreak ? Lsr.Break : 0;
        status |= FifosEnabled && _received.HoldsBreak ? Lsr.FifoError : 0;
        return (byte)status;
    }

    /// <summary>NS16550A "Interrupt Identification Register": the most urgent enabled cause, as IIR bits 3:0 show it.</summary>
    private byte Cause()
    {
        if (Has(UartRegister.Ier, Ier.LineStatus) && (LineStatus() & (Lsr.Overrun | Lsr.Break)) != 0)
        {
            return Iir.LineStatus;
        }

        if (Has(UartRegister.Ier, Ier.ReceivedData))
        {
            if (_timeoutPending)
            {
                return Iir.CharacterTimeout;
            }

            if (_received.Count >= TriggerLevel())
            {
                return Iir.ReceivedData;
            }
        }

        if (Has(UartRegister.Ier, Ier.TransmitterEmpty) && _transmitterEmptyPending)
        {
            return Iir.TransmitterEmpty;
        }

        return Has(UartRegister.Ier, Ier.ModemStatus) && Has(UartRegister.Msr, Msr.Deltas) ? Iir.ModemStatus : Iir.None;
    }

    private void UpdateInterrupt()
    {
        if (Cause() == Iir.None)
        {
            _line.Set(false);
        }
        else
        {
            _line.Pulse();
        }
    }
}
