using RiscvXv6.Devices.Registers;
using RiscvXv6.Devices.State;
using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Devices.E1000;

/// <summary>
/// From causes to INTA#: ICR, ICS, IMS and IMC, the receive and transmit delay timers, and ITR, which keeps two
/// assertions apart. All times are exact in virtual time.
/// </summary>
/// <remarks>
/// INTA# is a level: asserted while ICR and IMS have a bit in common, but after it was asserted not again before ITR
/// has passed. So a cause that arises while a driver's handler still works asserts it anew.
/// </remarks>
internal sealed class InterruptUnit : IStateful<InterruptUnitState>
{
    /// <summary>The unit of ITR: 256 ns.</summary>
    public const ulong PicosecondsPerThrottleUnit = 256_000;

    private readonly RegisterFile<E1000Register> _registers;
    private readonly IGuestClock _clock;
    private readonly Action<bool> _setLine;
    private readonly ScheduledEvent _throttle;
    private readonly InterruptTimers _receiveTimers;
    private readonly InterruptTimers _transmitTimers;
    private bool _isAsserted;
    private bool _wasAsserted;
    private bool _isReceiveFlushing;
    private bool _isReceiveDue;
    private bool _isTransmitFlushing;
    private bool _isTransmitDue;

    /// <param name="name">The card's name.</param>
    /// <param name="registers">The card's registers.</param>
    /// <param name="clock">The machine's.</param>
    /// <param name="scheduler">The machine's.</param>
    /// <param name="setLine">Sets the level of INTA#.</param>
    public InterruptUnit(
        string name,
        RegisterFile<E1000Register> registers,
        IGuestClock clock,
        EventScheduler scheduler,
        Action<bool> setLine)
    {
        _registers = registers;
        _clock = clock;
        _setLine = setLine;
        _throttle = scheduler.Create($"{name}.throttle", Update);
        _receiveTimers = new InterruptTimers($"{name}.rx", clock, scheduler, ExpireReceive);
        _transmitTimers = new InterruptTimers($"{name}.tx", clock, scheduler, ExpireTransmit);
    }

    /// <summary>
    /// A receive timer ended, or RDTR.FPD was written: descriptors that RXDCTL.WTHRESH holds back are to be written
    /// back. Who has some calls <see cref="BeginReceiveFlush"/> at once and <see cref="EndReceiveFlush"/> when that is
    /// done; RXT0 waits for it.
    /// </summary>
    public Action? ReceiveFlushRequested { get; set; }

    /// <summary>The same of the transmit timers and TXDCTL.WTHRESH, with <see cref="BeginTransmitFlush"/>.</summary>
    public Action? TransmitFlushRequested { get; set; }

    /// <summary>Told when INTA# is asserted.</summary>
    public Action? Asserted { get; set; }

    /// <summary>The cycle at which INTA# was last asserted; 0 if it never was.</summary>
    public ulong LineAssertedCycle { get; private set; }

    /// <summary>The level of INTA#.</summary>
    public bool IsAsserted => _isAsserted;

    private ulong Pending => _registers[E1000Register.Icr] & _registers[E1000Register.Ims];

    /// <summary>Raises causes, masked or not.</summary>
    public void Raise(InterruptCauses causes)
    {
        _registers[E1000Register.Icr] |= (ulong)causes;
        Update();
    }

    /// <summary>Takes causes back: a store to ICR, or a load, which takes all.</summary>
    public void Acknowledge(InterruptCauses causes)
    {
        _registers[E1000Register.Icr] &= ~(ulong)causes;
        Update();
    }

    /// <summary>IMC.</summary>
    public void Mask(InterruptCauses causes)
    {
        _registers[E1000Register.Ims] &= ~(ulong)causes;
        Update();
    }

    /// <summary>To be called after IMS, ITR or a delay register was written.</summary>
    public void Update()
    {
        _throttle.Cancel();
        if (Pending == 0)
        {
            _isAsserted = false;
        }
        else if (!_isAsserted)
        {
            ulong earliest = EarliestAssertionCycle();
            if (earliest > _clock.NowCycles)
            {
                _throttle.ScheduleAt(earliest);
                return;
            }

            _isAsserted = true;
            _wasAsserted = true;
            LineAssertedCycle = _clock.NowCycles;
            _setLine(true);
            Asserted?.Invoke();
            return;
        }

        _setLine(_isAsserted);
    }

    /// <summary>
    /// A frame's data are in memory and its descriptor is written back, or held back by RXDCTL.WTHRESH. Raises RXT0,
    /// now or by RDTR and RADV (SDM "Receive Interrupts").
    /// </summary>
    /// <param name="lengthBytes">
    /// The frame's, as its descriptors tell it; at most RSRPD raises SRPD, and nothing waits.
    /// </param>
    public void ReceiveReported(int lengthBytes)
    {
        ulong small = _registers[E1000Register.Rsrpd];
        if (small != 0 && (ulong)lengthBytes <= small)
        {
            Raise(InterruptCauses.SmallReceivePacket);
            FlushReceive();
            return;
        }

        uint delay = (uint)_registers[E1000Register.Rdtr] & Rdtr.DelayMask;
        if (delay == 0)
        {
            FlushReceive();
        }
        else
        {
            _receiveTimers.Start(delay, (uint)_registers[E1000Register.Radv]);
        }
    }

    /// <summary>
    /// RDTR.FPD, a small frame, or a receive delay of 0: what is held back is written back, and RXT0 raised.
    /// </summary>
    public void FlushReceive()
    {
        _receiveTimers.Stop();
        ExpireReceive();
    }

    /// <summary>A write-back that <see cref="ReceiveFlushRequested"/> asked for has begun.</summary>
    public void BeginReceiveFlush() => _isReceiveFlushing = true;

    /// <summary>It has ended.</summary>
    public void EndReceiveFlush()
    {
        _isReceiveFlushing = false;
        if (_isReceiveDue)
        {
            _isReceiveDue = false;
            Raise(InterruptCauses.ReceiverTimer);
        }
    }

    /// <summary>A transmit descriptor with RS was written back, or is held back by TXDCTL.WTHRESH.</summary>
    /// <param name="isDelayed">Its IDE bit: TXDW is raised by TIDV and TADV instead of now.</param>
    public void TransmitReported(bool isDelayed)
    {
        // SDM "Transmit Interrupt Delay Value": 0 is not allowed with IDE; here it means no delay.
        uint delay = (uint)_registers[E1000Register.Tidv];
        if (isDelayed && delay != 0)
        {
            _transmitTimers.Start(delay, (uint)_registers[E1000Register.Tadv]);
        }
        else
        {
            _transmitTimers.Stop();
            ExpireTransmit();
        }
    }

    /// <summary>A write-back that <see cref="TransmitFlushRequested"/> asked for has begun.</summary>
    public void BeginTransmitFlush() => _isTransmitFlushing = true;

    /// <summary>It has ended.</summary>
    public void EndTransmitFlush()
    {
        _isTransmitFlushing = false;
        if (_isTransmitDue)
        {
            _isTransmitDue = false;
            Raise(InterruptCauses.TransmitDescriptorWrittenBack);
        }
    }

    /// <summary>Stops the timers and drops the line; the registers are the card's to reset.</summary>
    public void Reset()
    {
        _throttle.Cancel();
        _receiveTimers.Stop();
        _transmitTimers.Stop();
        _isAsserted = false;
        _wasAsserted = false;
        _isReceiveFlushing = false;
        _isReceiveDue = false;
        _isTransmitFlushing = false;
        _isTransmitDue = false;
        LineAssertedCycle = 0;
        _setLine(false);
    }

    public InterruptUnitState Save() => new(
        _receiveTimers.Save(),
        _transmitTimers.Save(),
        _isAsserted,
        _wasAsserted,
        LineAssertedCycle,
        _isReceiveFlushing,
        _isReceiveDue,
        _isTransmitFlushing,
        _isTransmitDue);

    /// <summary>Clock and registers have to be restored before.</summary>
    public void Restore(InterruptUnitState state)
    {
        (var receiveTimers, var transmitTimers, _isAsserted, _wasAsserted, ulong lineAssertedCycle, _isReceiveFlushing,
            _isReceiveDue, _isTransmitFlushing, _isTransmitDue) = state;
        LineAssertedCycle = lineAssertedCycle;
        _receiveTimers.Restore(receiveTimers);
        _transmitTimers.Restore(transmitTimers);
        _throttle.Cancel();
        if (Pending != 0 && !_isAsserted)
        {
            _throttle.ScheduleAt(EarliestAssertionCycle());
        }

        _setLine(_isAsserted);
    }

    private ulong EarliestAssertionCycle() => _wasAsserted
        ? LineAssertedCycle + _clock.CyclesOf(_registers[E1000Register.Itr] * PicosecondsPerThrottleUnit)
        : 0;

    private void ExpireReceive()
    {
        ReceiveFlushRequested?.Invoke();
        if (_isReceiveFlushing)
        {
            _isReceiveDue = true;
        }
        else
        {
            Raise(InterruptCauses.ReceiverTimer);
        }
    }

    private void ExpireTransmit()
    {
        TransmitFlushRequested?.Invoke();
        if (_isTransmitFlushing)
        {
            _isTransmitDue = true;
        }
        else
        {
            Raise(InterruptCauses.TransmitDescriptorWrittenBack);
        }
    }
}
