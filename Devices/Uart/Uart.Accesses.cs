namespace RiscvXv6.Devices.Uart;

/// <summary>What loads and stores do besides moving a value.</summary>
public sealed partial class Uart
{
    private void ActOnRead(UartRegister register, byte value)
    {
        if (register is UartRegister.Rbr or UartRegister.Lsr)
        {
            Attend();
        }

        switch (register)
        {
            case UartRegister.Rbr:
                TakeReceived();
                break;
            case UartRegister.Iir when (value & ~Iir.FifosEnabled) == Iir.TransmitterEmpty:
                _transmitterEmptyPending = false;
                UpdateInterrupt();
                break;
            case UartRegister.Lsr when (value & (Lsr.Overrun | Lsr.Break)) != 0:
                _registers[UartRegister.Lsr] &= unchecked((byte)~Lsr.Overrun);
                _received.AcknowledgeBreak();
                UpdateInterrupt();
                break;
            case UartRegister.Msr when (value & Msr.Deltas) != 0:
                _registers[UartRegister.Msr] &= Msr.Levels;
                UpdateInterrupt();
                break;
        }
    }

    private void ActOnWrite(UartRegister register, byte old, byte value)
    {
        switch (register)
        {
            case UartRegister.Thr:
                Transmit(value);
                break;
            case UartRegister.Ier:
                ChangeEnables(old);
                break;
            case UartRegister.Fcr:
                ControlFifos(old, value);
                break;
            case UartRegister.Mcr:
                ConnectModem();
                break;
        }
    }

    private void Transmit(byte value)
    {
        if (IsLoopedBack)
        {
            Accept(value, isBreak: false);
        }
        else
        {
            _sink.Transmit(value);
        }

        _transmitterEmptyPending = true;
        UpdateInterrupt();
    }

    /// <summary>
    /// NS16550A "Interrupt Enable Register". Setting IER bit 1 while the transmitter is empty, as it always is, raises
    /// its cause even if a load of IIR had cleared it; the data sheet does not say so, but chips do it, and drivers start
    /// their output so.
    /// </summary>
    private void ChangeEnables(byte old)
    {
        byte enables = (byte)_registers[UartRegister.Ier];
        if (((old ^ enables) & Ier.TransmitterEmpty) != 0)
        {
            _transmitterEmptyPending = (enables & Ier.TransmitterEmpty) != 0;
        }

        if (old != enables)
        {
            UpdateInterrupt();
        }

        if ((enables & Ier.ReceivedData) != 0)
        {
            Attend();
        }
    }

    /// <summary>
    /// NS16550A "FIFO Control Register": a change of the enable clears both FIFOs, and the other bits count only if
    /// the enable is written as 1. The transmitter's FIFO is always empty; that it was cleared raises its cause, as in QEMU.
    /// </summary>
    private void ControlFifos(byte old, byte value)
    {
        bool isEnable = (value & Fcr.Enable) != 0;
        if (!isEnable)
        {
            _registers[UartRegister.Fcr] = 0;
        }

        bool isChange = ((old ^ value) & Fcr.Enable) != 0;
        if (isChange || (isEnable && (value & Fcr.ClearReceiver) != 0))
        {
            ClearReceiver();
        }

        if (isChange || (isEnable && (value & Fcr.ClearTransmitter) != 0))
        {
            _transmitterEmptyPending = true;
        }

        UpdateInterrupt();
        IsAttended |= isEnable;
        ReceiveSpaceAvailable?.Invoke();
    }

    /// <summary>
    /// NS16550A "Modem Control Register": in loopback the four outputs feed the four inputs; otherwise the other end is
    /// always there and ready. A change of an input shows in MSR, of RI only its trailing edge.
    /// </summary>
    private void ConnectModem()
    {
        byte before = (byte)_registers[UartRegister.Msr];
        int levels = Msr.Cts | Msr.Dsr | Msr.Dcd;
        if (IsLoopedBack)
        {
            levels = (Has(UartRegister.Mcr, Mcr.Rts) ? Msr.Cts : 0)
                | (Has(UartRegister.Mcr, Mcr.Dtr) ? Msr.Dsr : 0)
                | (Has(UartRegister.Mcr, Mcr.Out1) ? Msr.Ring : 0)
                | (Has(UartRegister.Mcr, Mcr.Out2) ? Msr.Dcd : 0);
        }

        int changed = ((before ^ levels) & Msr.Levels) >> 4;
        if ((levels & Msr.Ring) != 0)
        {
            changed &= ~Msr.TrailingEdgeRing;
        }

        _registers[UartRegister.Msr] = (byte)(levels | (before & Msr.Deltas) | changed);
        UpdateInterrupt();
        if (!IsLoopedBack)
        {
            ReceiveSpaceAvailable?.Invoke();
        }
    }
}
