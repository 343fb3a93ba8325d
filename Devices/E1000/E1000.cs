using System.Buffers.Binary;
using RiscvXv6.Devices.Memory;
using RiscvXv6.Devices.Net;
using RiscvXv6.Devices.Pci;
using RiscvXv6.Devices.Registers;
using RiscvXv6.Devices.State;
using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Devices.E1000;

/// <summary>
/// Intel's 82540EM on a PCI bus: it puts the card's units together, and gives each register access to the unit that it
/// concerns.
/// </summary>
/// <remarks>Deviations are listed with the register table, in <see cref="E1000Registers.Page"/>.</remarks>
public sealed partial class E1000
    : IPciFunction, INetworkClient, IWireDestination, IStateful<E1000State>, IRegisterMapped
{
    private readonly RegisterFile<E1000Register> _registers = new(E1000Registers.Table);
    private readonly E1000Options _options;
    private readonly INetworkBackend _backend;
    private readonly DriverAdvice _advice;
    private readonly Statistics _statistics;
    private readonly InterruptUnit _interrupts;
    private readonly LinkUnit _link;
    private readonly Eeprom _eeprom;
    private readonly DmaEngine _dma;
    private readonly PacketJournal _journal;
    private readonly MessageInterrupt _messages;
    private readonly DriverWatch _watch;
    private readonly TransmitUnit _transmit;
    private readonly ReceiveUnit _receiver;
    private readonly WireReceiver _wireIn;
    private uint _ioAddress;

    /// <param name="name">As traces print it: <c>e1000</c>.</param>
    /// <param name="options">What is chosen of the card.</param>
    /// <param name="memory">What its DMA reaches.</param>
    /// <param name="clock">The machine's clock.</param>
    /// <param name="scheduler">Events on that clock.</param>
    /// <param name="backend">What its cable leads to.</param>
    /// <exception cref="ArgumentException">
    /// The options are not a card's: a mistake in the machine's assembly.
    /// </exception>
    public E1000(
        string name,
        E1000Options options,
        IDmaMemory memory,
        IGuestClock clock,
        EventScheduler scheduler,
        INetworkBackend backend)
    {
        if (options.Mac.IsMulticast || options.LinkMegabits is not (10 or 100 or 1000))
        {
            throw new ArgumentException(
                $"{name}: {options.Mac} at {options.LinkMegabits} Mb/s is not a card's", nameof(options));
        }

        Name = name;
        _options = options;
        _backend = backend;
        Config = E1000Configuration.Create();
        _messages = new MessageInterrupt(Config, memory);
        _advice = new DriverAdvice(options.Fidelity);
        _statistics = new Statistics(_registers);
        _interrupts = new InterruptUnit(name, _registers, clock, scheduler, SetLine);
        _link = new LinkUnit(name, options, _registers, _interrupts, clock, scheduler);
        _eeprom = new Eeprom(name, options.Mac, _registers, clock, scheduler);
        _dma = new DmaEngine(memory, clock, scheduler, options.Bus, () => Config.IsBusMaster);
        _journal = new PacketJournal(clock);
        Context = new E1000Context
        {
            Name = name,
            Options = options,
            Clock = clock,
            Scheduler = scheduler,
            Registers = _registers,
            Advice = _advice,
            Statistics = _statistics,
            Interrupts = _interrupts,
            Link = _link,
            Dma = _dma,
            Journal = _journal,
        };
        _watch = Context.Watch = new DriverWatch(Context, Config);
        _transmit = new TransmitUnit(Context, this);
        _receiver = new ReceiveUnit(Context);
        _wireIn = new WireReceiver(Context, _receiver) { RoomAvailable = backend.ReceiveRoomAvailable };
        _receiver.FlowControl.PauseReceived = _transmit.PauseReceived;
        _receiver.FlowControl.PauseWanted = _transmit.SendPause;
        _link.Changed = LinkChanged;
        Config.Written = ConfigurationWritten;
        LoadConfiguration();
        _link.Reset();
        backend.Connect(this);
    }

    public string Name { get; }

    public PciConfigSpace Config { get; }

    public RegisterTable Registers => E1000Registers.Table;

    /// <summary>Takes sentences on the driver's mistakes, under <see cref="E1000Fidelity.Lab"/>.</summary>
    public Action<string>? Advice
    {
        get => _advice.Sink;
        set => _advice.Sink = value;
    }

    /// <summary>Accounts of the time of packets.</summary>
    public PacketJournal Journal => _journal;

    /// <summary>Accounts of the time of transfers.</summary>
    public DmaEngine Dma => _dma;

    /// <inheritdoc/>
    public int ReceiveRoomFrames => _wireIn.ReceiveRoomFrames;

    internal E1000Context Context { get; }

    /// <inheritdoc/>
    public void Receive(ReadOnlySpan<byte> frame, in FrameInfo info) => _wireIn.Receive(frame, info);

    /// <inheritdoc/>
    public void SetLink(bool isUp) => _link.SetCable(isUp);

    /// <summary>A frame has left the card: to where its cable leads.</summary>
    void IWireDestination.FrameLeft(ReadOnlySpan<byte> frame, in FrameInfo info)
    {
        if (_link.Loopback != LoopbackKind.None)
        {
            _receiver.FrameLoopedBack(frame, info.Flags);
            return;
        }

        if (FlowControl.TryReadPause(frame, out ushort slots))
        {
            _wireIn.Pause(slots);
        }

        _backend.Send(frame, info);
    }

    /// <summary>The reset of the machine: the card, its PHY and what its cable leads to.</summary>
    public void Reset()
    {
        ResetUnits();
        _wireIn.Reset();
        _eeprom.Reset(takesTime: false);
        LoadConfiguration();
        _link.PowerOn();
        _ioAddress = 0;
        _backend.Reset();
    }

    public E1000State Save() => new(
        _registers.Save(),
        _interrupts.Save(),
        _link.Save(),
        _eeprom.Save(),
        _dma.Save(),
        _journal.Save(),
        _transmit.Save(),
        _receiver.Save(),
        _wireIn.Save(),
        _ioAddress);

    /// <summary>Clock and configuration space have to be restored before.</summary>
    public void Restore(E1000State state)
    {
        (var registers, var interrupts, var link, var eeprom, var dma, var journal, var transmit, var receiver,
            var wireIn, _ioAddress) = state;
        _registers.Restore(registers);
        _messages.Restore(interrupts.IsAsserted);
        _interrupts.Restore(interrupts);
        _link.Restore(link);
        _eeprom.Restore(eeprom);
        _dma.Restore(dma);
        _journal.Restore(journal);
        _transmit.Restore(transmit);
        _receiver.Restore(receiver);
        _wireIn.Restore(wireIn);
    }

    /// <summary>
    /// CTRL.RST (SDM "Device Control Register"): the MAC, its rings and its registers start anew and the EEPROM is read
    /// again; the PHY and the configuration space stay as they are. It is over before the next access.
    /// </summary>
    private void ResetByControl()
    {
        ResetUnits();
        _eeprom.Reset(takesTime: true);
        LoadConfiguration();
        _link.Reset();
        _watch.ResetWritten();
    }

    private void SetLine(bool isAsserted)
    {
        _messages.SetLine(isAsserted);
        _journal.LineChanged(isAsserted);
    }

    private void ConfigurationWritten()
    {
        _dma.BusMasterChanged();
        _messages.SetLine(_interrupts.IsAsserted);
    }

    private void LinkChanged()
    {
        _transmit.LinkChanged();
        _wireIn.LinkChanged();
    }

    /// <summary>No transfer that was under way goes on after it.</summary>
    private void ResetUnits()
    {
        _dma.Reset();
        _registers.Reset();
        _interrupts.Reset();
        _transmit.Reset();
        _receiver.Reset();
        _journal.Flush();
    }

    /// <summary>What the EEPROM decides: the card's address, and CTRL.SLU where the model is lenient.</summary>
    private void LoadConfiguration()
    {
        ulong mac = _eeprom.Mac.Value;
        _registers[E1000Register.Ral, 0] = BinaryPrimitives.ReverseEndianness((uint)(mac >> 16));
        _registers[E1000Register.Rah, 0] =
            BinaryPrimitives.ReverseEndianness((ushort)mac) | Rah.AddressValid;
        if (_options.Fidelity == E1000Fidelity.Hardware)
        {
            _registers[E1000Register.Ctrl] &= ~(ulong)Ctrl.SetLinkUp;
        }
    }
}
