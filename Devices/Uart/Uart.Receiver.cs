namespace RiscvXv6.Devices.Uart;

/// <summary>The receiver: FIFO, trigger level, character timeout.</summary>
public sealed partial class Uart
{
    /// <summary>
    /// Raised when <see cref="ReceiveSpace"/> may have become more than 0. On the machine's thread, inside an access.
    /// </summary>
    public event Action? ReceiveSpaceAvailable;

    /// <summary>
    /// Characters that <see cref="TryReceive"/> will take without loss: 0 in loopback, when the receiver is cut off from the line.
    /// </summary>
    public int ReceiveSpace => IsLoopedBack ? 0 : Depth() - _received.Count;

    /// <summary>
    /// True once the guest has shown that it listens: it enabled the FIFOs or the received-data interrupt, or read LSR or RBR.
    /// A sender that must not lose anything waits for it, for a driver's first act is to clear the receiver.
    /// </summary>
    public bool IsAttended { get; private set; }

    /// <summary>Cycles that a character takes on the line, from divisor and frame format; at least 1.</summary>
    public ulong CharacterCycles
    {
        get
        {
            // Start bit, data bits, parity bit, stop bits. A divisor of 0 counts as 1.
            uint bits = 7 + (uint)(_registers[UartRegister.Lcr] & Lcr.WordLength)
                + (Has(UartRegister.Lcr, Lcr.Parity) ? 1u : 0)
                + (Has(UartRegister.Lcr, Lcr.TwoStopBits) ? 1u : 0);
            ulong divisor = Math.Max(1, (_registers[UartRegister.Dlm] << 8) | _registers[UartRegister.Dll]);
            return Math.Max(1, bits * divisor * _clock.CyclesPerSecond / BaudBase);
        }
    }

    /// <summary>A character arrives from the line.</summary>
    /// <returns>False if there is no room for it; then nothing happened.</returns>
    public bool TryReceive(byte value)
    {
        if (ReceiveSpace <= 0)
        {
            return false;
        }

        Accept(value, isBreak: false);
        UpdateInterrupt();
        return true;
    }

    /// <summary>A break arrives: a zero character that LSR marks.</summary>
    /// <returns>False if there is no room for it; then nothing happened.</returns>
    public bool TryReceiveBreak()
    {
        if (ReceiveSpace <= 0)
        {
            return false;
        }

        Accept(0, isBreak: true);
        UpdateInterrupt();
        return true;
    }

    private void Attend()
    {
        if (!IsAttended)
        {
            IsAttended = true;
            ReceiveSpaceAvailable?.Invoke();
        }
    }

    private int Depth() => FifosEnabled ? ReceiveFifo.Capacity : 1;

    private int TriggerLevel() => !FifosEnabled
        ? 1
        : (_registers[UartRegister.Fcr] >> 6) switch
        {
            0 => 1,
            1 => 4,
            2 => 8,
            _ => 14,
        };

    /// <summary>
    /// NS16550A "Line Status Register", bit 1: an overrun loses the new character if the FIFOs are on, and the old one if not.
    /// </summary>
    private void Accept(byte value, bool isBreak)
    {
        if (_received.Count >= Depth())
        {
            _registers[UartRegister.Lsr] |= Lsr.Overrun;
            if (FifosEnabled)
            {
                return;
            }

            _received.Pop();
        }

        _received.Push(value, isBreak);
        StartTimeout();
    }

    private void TakeReceived()
    {
        _received.Pop();
        _timeoutPending = false;
        StartTimeout();
        UpdateInterrupt();
        ReceiveSpaceAvailable?.Invoke();
    }

    private void ClearReceiver()
    {
        _received.Clear();
        _timeoutPending = false;
        _timeout.Cancel();
    }

    /// <summary>
    /// NS16550A "FIFO Interrupt Mode Operation": a character has waited, and none came or was taken, for four character times.
    /// </summary>
    private void StartTimeout()
    {
        if (FifosEnabled && _received.Count > 0)
        {
            _timeout.ScheduleAt(_clock.NowCycles + TimeoutCharacters * CharacterCycles);
        }
        else
        {
            _timeout.Cancel();
        }
    }

    private void OnTimeout()
    {
        _timeoutPending = true;
        UpdateInterrupt();
    }
}
