using RiscvXv6.Devices.State;
using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Devices.E1000;

/// <summary>
/// The chip's PHY, an M88E1000, as MDIC shows it: the registers of IEEE 802.3 and some of Marvell's own,
/// auto-negotiation with a far end that can do one speed in full duplex and no PAUSE, forced speeds, loopback.
/// </summary>
/// <remarks>
/// Deviation: with <see cref="E1000Fidelity.Hardware"/> a negotiation takes 2 s, as IEEE 802.3 makes it; otherwise 1
/// ms, so that a driver sees the link go and come, but nobody waits; and the link was there before the machine was
/// switched on.
/// </remarks>
internal sealed class Phy : IStateful<PhyState>
{
    private const ulong HardwareNegotiationPicoseconds = 2_000_000_000_000;
    private const ulong QuickNegotiationPicoseconds = 1_000_000_000;

    // SDM "PHY Status Register": 100BASE-X and 10BASE-T in both duplex modes, extended status, preamble suppression,
    // auto-negotiation, extended registers.
    private const ushort Abilities = 0x7949;

    private readonly E1000Options _options;
    private readonly IGuestClock _clock;
    private readonly ScheduledEvent _negotiation;
    private readonly ushort[] _registers = new ushort[PhyRegister.Count];
    private bool _isCablePlugged = true;
    private bool _isHeldInReset;
    private bool _hasLostLink;

    public Phy(string name, E1000Options options, IGuestClock clock, EventScheduler scheduler)
    {
        _options = options;
        _clock = clock;
        _negotiation = scheduler.Create($"{name}.negotiation", FinishNegotiation);
        PowerOn();
    }

    /// <summary>Told after every change of <see cref="IsLinkUp"/>, speed, duplex or loopback.</summary>
    public Action? Changed { get; set; }

    public bool IsLinkUp { get; private set; }

    public bool IsLoopedBack => Has(PhyControl.Loopback) && !_isHeldInReset && !Has(PhyControl.PowerDown);

    /// <summary>
    /// 10, 100 or 1000: the far end's if negotiated, the control register's if forced or looped back.
    /// </summary>
    public int SpeedMegabits => Has(PhyControl.AutoNegotiate) && !Has(PhyControl.Loopback)
        ? _options.LinkMegabits
        : ForcedMegabits;

    public bool IsFullDuplex =>
        Has(PhyControl.AutoNegotiate) && !Has(PhyControl.Loopback) || Has(PhyControl.FullDuplex);

    private int ForcedMegabits => Has(PhyControl.SpeedHigh) ? 1000 : Has(PhyControl.SpeedLow) ? 100 : 10;

    /// <summary>As after power-on, except that the cable stays as it is.</summary>
    public void PowerOn()
    {
        _isHeldInReset = false;
        _hasLostLink = false;
        IsLinkUp = false;
        _negotiation.Cancel();
        LoadResetValues();
        if (_options.Fidelity == E1000Fidelity.Hardware)
        {
            StartNegotiation();
        }
        else if (_isCablePlugged)
        {
            FinishNegotiation();
        }
    }

    /// <summary>CTRL.PHY_RST: while it is set the PHY is in reset; when it is cleared, it negotiates anew.</summary>
    public void HoldInReset(bool isHeld)
    {
        if (isHeld == _isHeldInReset)
        {
            return;
        }

        _isHeldInReset = isHeld;
        LoadResetValues();
        Restart();
    }

    /// <summary>Plugs or unplugs the far end.</summary>
    public void SetCable(bool isPlugged)
    {
        if (isPlugged != _isCablePlugged)
        {
            _isCablePlugged = isPlugged;
            Restart();
        }
    }

    /// <summary>A management read of a register, with its side effects.</summary>
    public ushort Read(int register)
    {
        ushort value = Peek(register);
        switch (register)
        {
            case PhyRegister.Status:
                _hasLostLink = false;
                break;
            case PhyRegister.InterruptStatus:
                _registers[register] = 0;
                break;
        }

        return value;
    }

    /// <summary>What <see cref="Read"/> returns, without its side effects.</summary>
    public ushort Peek(int register)
    {
        bool isNegotiated = IsLinkUp && Has(PhyControl.AutoNegotiate);
        bool isGigabit = isNegotiated && SpeedMegabits == 1000;
        return register switch
        {
            // SDM "PHY Status Register": the link bit stays 0 after a loss until it has been read.
            PhyRegister.Status => (ushort)(Abilities
                | (isNegotiated ? PhyStatus.NegotiationComplete : 0)
                | (IsLinkUp && !_hasLostLink ? PhyStatus.Link : 0)),
            PhyRegister.PartnerAbility => isNegotiated ? PartnerAbility() : (ushort)0,
            PhyRegister.Expansion => (ushort)(isNegotiated ? 0x7 : 0x4),
            PhyRegister.GigabitStatus => (ushort)(isGigabit ? 0x3800 : 0),
            PhyRegister.SpecificStatus => SpecificStatus(),
            _ => _registers[register],
        };
    }

    /// <summary>A management write of a register.</summary>
    public void Write(int register, ushort value)
    {
        switch (register)
        {
            case PhyRegister.Control:
                WriteControl(value);
                break;
            case PhyRegister.Advertisement:
            case PhyRegister.NextPage:
            case PhyRegister.GigabitControl:
            case PhyRegister.SpecificControl:
            case PhyRegister.InterruptEnable:
            case PhyRegister.ExtendedSpecificControl:
            case PhyRegister.LedControl:
            case PhyRegister.Page:
            case PhyRegister.GeneralControl:
                _registers[register] = value;
                break;
        }
    }

    public PhyState Save() => new(
        new ValueArray<ushort>(_registers),
        _isCablePlugged,
        _isHeldInReset,
        IsLinkUp,
        _hasLostLink,
        _negotiation.IsScheduled ? _negotiation.DeadlineCycles : EventScheduler.Never);

    public void Restore(PhyState state)
    {
        (var registers, _isCablePlugged, _isHeldInReset, bool isLinkUp, _hasLostLink, ulong negotiationCycles) = state;
        registers.AsSpan().CopyTo(_registers);
        IsLinkUp = isLinkUp;
        if (negotiationCycles == EventScheduler.Never)
        {
            _negotiation.Cancel();
        }
        else
        {
            _negotiation.ScheduleAt(negotiationCycles);
        }
    }

    private bool Has(ushort bit) => (_registers[PhyRegister.Control] & bit) != 0;

    private void LoadResetValues()
    {
        Array.Clear(_registers);
        _registers[PhyRegister.Control] = PhyControl.AutoNegotiate | PhyControl.FullDuplex | PhyControl.SpeedHigh;
        _registers[PhyRegister.Identifier1] = 0x0141;
        _registers[PhyRegister.Identifier2] = 0x0c20;
        _registers[PhyRegister.Advertisement] = 0x0de1;
        _registers[PhyRegister.NextPage] = 0x2001;
        _registers[PhyRegister.GigabitControl] = 0x0200;
        _registers[PhyRegister.ExtendedStatus] = 0x3000;
        _registers[PhyRegister.SpecificControl] = 0x0068;
        _registers[PhyRegister.ExtendedSpecificControl] = 0x0d60;
        _registers[PhyRegister.LedControl] = 0x4100;
    }

    private void WriteControl(ushort value)
    {
        ushort old = _registers[PhyRegister.Control];
        _registers[PhyRegister.Control] = (ushort)(value & PhyControl.Writable);
        bool isRestart = (value & (PhyControl.Reset | PhyControl.Restart)) != 0;
        const int LinkBits = PhyControl.Loopback | PhyControl.SpeedLow | PhyControl.AutoNegotiate | PhyControl.PowerDown
            | PhyControl.FullDuplex | PhyControl.SpeedHigh;
        if (isRestart || ((old ^ value) & LinkBits) != 0)
        {
            Restart();
        }
    }

    private void Restart()
    {
        if (IsLinkUp)
        {
            IsLinkUp = false;
            _hasLostLink = true;
            _registers[PhyRegister.InterruptStatus] |= PhyInterrupts.LinkChanged;
        }

        StartNegotiation();
        Changed?.Invoke();
    }

    /// <summary>A link that is forced to the wrong speed does not come up, nor does one without a far end.</summary>
    private void StartNegotiation()
    {
        bool canSucceed = _isCablePlugged && !_isHeldInReset && !Has(PhyControl.PowerDown) && !Has(PhyControl.Loopback)
            && (Has(PhyControl.AutoNegotiate) || ForcedMegabits == _options.LinkMegabits);
        if (!canSucceed)
        {
            _negotiation.Cancel();
            return;
        }

        ulong picoseconds = _options.Fidelity == E1000Fidelity.Hardware
            ? HardwareNegotiationPicoseconds
            : QuickNegotiationPicoseconds;
        _negotiation.ScheduleAt(_clock.NowCycles + _clock.CyclesOf(picoseconds));
    }

    private void FinishNegotiation()
    {
        IsLinkUp = true;
        int negotiated = Has(PhyControl.AutoNegotiate) ? PhyInterrupts.NegotiationComplete : 0;
        _registers[PhyRegister.InterruptStatus] |= (ushort)(PhyInterrupts.LinkChanged | negotiated);
        Changed?.Invoke();
    }

    /// <summary>What the far end advertises: acknowledgement, its speeds up to 100 Mb/s, no PAUSE.</summary>
    private ushort PartnerAbility() => _options.LinkMegabits == 10 ? (ushort)0x4061 : (ushort)0x41e1;

    /// <summary>SDM "PHY Specific Status Register": speed, duplex, resolved, link as it is now.</summary>
    private ushort SpecificStatus()
    {
        if (!IsLinkUp)
        {
            return 0;
        }

        int speed = SpeedMegabits switch
        {
            1000 => 2 << 14,
            100 => 1 << 14,
            _ => 0,
        };
        return (ushort)(speed | (IsFullDuplex ? 1 << 13 : 0) | 1 << 11 | 1 << 10);
    }
}
