using RiscvXv6.Devices.Pci;
using RiscvXv6.Devices.Registers;
using RiscvXv6.Devices.State;
using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Devices.E1000;

/// <summary>
/// The link as the MAC sees it: CTRL and the PHY make STATUS and the wire's speed, MDIC reaches the PHY, and LSC tells
/// of changes.
/// </summary>
internal sealed class LinkUnit : IStateful<LinkUnitState>
{
    /// <summary>The PHY's address on the management bus; it is the only one there.</summary>
    public const uint PhyAddress = 1;

    // IEEE 802.3 "MII management interface": 32 bits of preamble and 32 of frame, at 2.5 MHz.
    private const ulong ManagementPicoseconds = 64 * 400_000;

    private const ulong PicosecondsPerByteAtOneMegabit = 8_000_000;

    private readonly RegisterFile<E1000Register> _registers;
    private readonly InterruptUnit _interrupts;
    private readonly IGuestClock _clock;
    private readonly ScheduledEvent _management;
    private readonly Phy _phy;
    private readonly uint _busBits;
    private bool _wasUp;

    public LinkUnit(
        string name,
        E1000Options options,
        RegisterFile<E1000Register> registers,
        InterruptUnit interrupts,
        IGuestClock clock,
        EventScheduler scheduler)
    {
        _registers = registers;
        _interrupts = interrupts;
        _clock = clock;
        _busBits = options.Bus == PciBusTiming.Pci66 ? Status.Pci66 : 0;
        _phy = new Phy(name, options, clock, scheduler);
        _management = scheduler.Create($"{name}.mdio", FinishManagement);
        _phy.Changed = Update;
        _wasUp = IsLinkIndicated;
    }

    /// <summary>Told after every change of link, speed, duplex or loopback.</summary>
    public Action? Changed { get; set; }

    /// <summary>Frames can be sent and received: the link is up, or turned round inside the card.</summary>
    public bool IsUp => IsLinkIndicated || Loopback != LoopbackKind.None;

    /// <summary>
    /// SDM "Device Control Register": with FRCDPX the duplex is CTRL.FD, otherwise the PHY's.
    /// </summary>
    public bool IsFullDuplex => Has(Ctrl.ForceDuplex) ? Has(Ctrl.FullDuplex) : _phy.IsFullDuplex;

    /// <summary>The time of a byte on the wire: 8000 at 1 Gb/s.</summary>
    public ulong PicosecondsPerByte => PicosecondsPerByteAtOneMegabit / (ulong)SpeedMegabits;

    public LoopbackKind Loopback
    {
        get
        {
            ulong mode = _registers[E1000Register.Rctl] >> 6 & 3;
            return mode is 1 or 3 ? LoopbackKind.Mac : _phy.IsLoopedBack ? LoopbackKind.Phy : LoopbackKind.None;
        }
    }

    /// <summary>STATUS, but for TXOFF, which is the transmitter's.</summary>
    public uint StatusBits
    {
        get
        {
            uint speed = SpeedMegabits switch
            {
                1000 => 2,
                100 => 1,
                _ => 0,
            };
            return _busBits
                | (IsFullDuplex ? Status.FullDuplex : 0)
                | (IsLinkIndicated ? Status.LinkUp : 0)
                | speed << Status.SpeedShift
                | speed << Status.AutoSpeedShift;
        }
    }

    /// <summary>
    /// The PHY's link lets the MAC's come up only with CTRL.SLU (SDM "Link Configuration in Internal PHY Mode").
    /// </summary>
    private bool IsLinkIndicated => Has(Ctrl.SetLinkUp) && (_phy.IsLinkUp || _phy.IsLoopedBack);

    private int SpeedMegabits => !Has(Ctrl.ForceSpeed)
        ? _phy.SpeedMegabits
        : ((uint)_registers[E1000Register.Ctrl] >> Ctrl.SpeedShift & 3) switch
        {
            0 => 10,
            1 => 100,
            _ => 1000,
        };

    /// <summary>Plugs or unplugs the cable at its far end.</summary>
    public void SetCable(bool isPlugged) => _phy.SetCable(isPlugged);

    /// <summary>To be called after CTRL or RCTL was written.</summary>
    public void ControlWritten()
    {
        _phy.HoldInReset(Has(Ctrl.PhyReset));
        Update();
    }

    /// <summary>
    /// To be called after MDIC was written: starts the access that it describes (SDM "MDI Control Register").
    /// </summary>
    public void ManagementWritten()
    {
        ref ulong mdic = ref _registers[E1000Register.Mdic];
        mdic &= ~(ulong)(Mdic.Ready | Mdic.Error);
        if (((uint)mdic & Mdic.OperationMask) is Mdic.OperationRead or Mdic.OperationWrite)
        {
            _management.ScheduleAt(_clock.NowCycles + _clock.CyclesOf(ManagementPicoseconds));
        }
        else
        {
            _management.Cancel();
            mdic |= Mdic.Ready | Mdic.Error;
        }
    }

    /// <summary>CTRL.RST: the MAC forgets its part, the PHY keeps its link. No cause is raised.</summary>
    public void Reset()
    {
        _management.Cancel();
        _phy.HoldInReset(false);
        _wasUp = IsLinkIndicated;
        Changed?.Invoke();
    }

    /// <summary>The reset of the whole machine.</summary>
    public void PowerOn()
    {
        _phy.PowerOn();
        Reset();
    }

    public LinkUnitState Save() => new(
        _phy.Save(),
        _wasUp,
        _management.IsScheduled ? _management.DeadlineCycles : EventScheduler.Never);

    /// <summary>Clock and registers have to be restored before.</summary>
    public void Restore(LinkUnitState state)
    {
        (var phy, _wasUp, ulong managementCycles) = state;
        _phy.Restore(phy);
        if (managementCycles == EventScheduler.Never)
        {
            _management.Cancel();
        }
        else
        {
            _management.ScheduleAt(managementCycles);
        }
    }

    private bool Has(uint controlBit) => (_registers[E1000Register.Ctrl] & controlBit) != 0;

    private void Update()
    {
        bool isUp = IsLinkIndicated;
        if (isUp != _wasUp)
        {
            _wasUp = isUp;
            _interrupts.Raise(InterruptCauses.LinkStatusChange);
        }

        Changed?.Invoke();
    }

    private void FinishManagement()
    {
        ref ulong mdic = ref _registers[E1000Register.Mdic];
        int register = (int)(mdic >> Mdic.RegisterShift & 0x1f);
        bool isRead = ((uint)mdic & Mdic.OperationMask) == Mdic.OperationRead;
        if ((mdic >> Mdic.PhyShift & 0x1f) != PhyAddress)
        {
            // Nobody drives the wire, so a read sees ones.
            mdic |= Mdic.Error | (isRead ? Mdic.DataMask : 0u);
        }
        else if (isRead)
        {
            mdic = (mdic & ~(ulong)Mdic.DataMask) | _phy.Read(register);
        }
        else
        {
            _phy.Write(register, (ushort)mdic);
        }

        mdic |= Mdic.Ready;
        if ((mdic & Mdic.InterruptEnable) != 0)
        {
            _interrupts.Raise(InterruptCauses.MdioAccessComplete);
        }
    }
}
