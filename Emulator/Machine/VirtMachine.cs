using RiscvXv6.Devices.Bus;
using RiscvXv6.Devices.Clint;
using RiscvXv6.Devices.Memory;
using RiscvXv6.Devices.Pci;
using RiscvXv6.Devices.Platform;
using RiscvXv6.Devices.Plic;
using RiscvXv6.Devices.Timing;
using RiscvXv6.Devices.Uart;
using RiscvXv6.Devices.Virtio;
using RiscvXv6.Emulator.Cpu;
using RiscvXv6.Emulator.Cpu.Execution;
using RiscvXv6.Emulator.Cpu.Translation;
using RiscvXv6.Emulator.Cpu.Traps;

namespace RiscvXv6.Emulator.Machine;

/// <summary>
/// The board: harts, memory, devices and one clock, laid out as QEMU's <c>virt</c>. Everything happens on the thread that
/// calls <see cref="Run"/>, but for the methods that say otherwise.
/// </summary>
internal sealed unsafe partial class VirtMachine : IDisposable
{
    private readonly MachineSetup _setup;
    private readonly IConsoleSink _console;
    private readonly GuestMemory _ram;
    private readonly GuestMemory _rom;
    private readonly BlockCache _blocks;
    private readonly Hart[] _harts;
    private readonly IExecutionEngine _engine;
    private readonly MachineTime _time;
    private readonly SupervisorTimer[] _supervisorTimers;
    private readonly Clint _clint;
    private readonly Plic _plic;
    private readonly GoldfishRtc _rtc;
    private readonly Uart _uart;
    private readonly SerialInput _serialInput;
    private readonly VirtioMmioTransport[] _virtio;
    private readonly PciBus _pci;
    private readonly Htif? _htif;

    /// <param name="setup">What it is made of.</param>
    /// <param name="console">Where the console's output goes.</param>
    /// <param name="wall">The host's clock, for the paces that look at it.</param>
    /// <exception cref="InsufficientMemoryException">The host can't provide the guest's memory.</exception>
    /// <remarks>What a card's back end throws when the host can't provide it comes through.</remarks>
    public VirtMachine(MachineSetup setup, IConsoleSink console, IWallClock wall)
    {
        _setup = setup;
        _console = console;
        Clock = new GuestClock(setup.CpuMegahertz);
        Scheduler = new EventScheduler(Clock);
        Bus = new SystemBus();
        _rom = new GuestMemory("rom", MemoryMap.BootRom.Range, writable: false);
        _ram = new GuestMemory("ram", MemoryMap.RamRange(setup.MemoryBytes), writable: true);
        Bus.Map(_rom);
        Bus.Map(_ram);

        _blocks = new BlockCache(_ram);
        _engine = new Interpreter();
        Debug = new DebugControl(this, _blocks);
        _harts = new Hart[setup.HartCount];
        for (int id = 0; id < _harts.Length; id++)
        {
            _harts[id] = new Hart(id, Bus, _ram, _blocks, Clock, Scheduler, this);
        }

        _pacer = new Pacer(setup.Pace, Clock, wall, _mailbox) { InputIsLive = setup.InputIsLive };
        _channels = new HostChannels(_mailbox, _pacer);
        Network = new NetworkContext(Clock, Scheduler, _channels, setup.Notice ?? (static _ => { }), _whenQuiet.Add);
        _isRunnable = IsRunnable;
        _turns = new TurnOrder(setup.HartCount, setup.ScheduleSeed);
        _blocks.Cleared = ForgetJumps;
        _ram.Observer = this;

        _time = new MachineTime(Clock);
        _supervisorTimers = Array.ConvertAll(
            _harts,
            hart => new SupervisorTimer(hart.HartId, _time, Scheduler, new HartLine(hart, TrapCause.SupervisorTimer)));
        _clint = new Clint(_time, Scheduler, Array.ConvertAll(_harts, static hart => new ClintHartLines(
            new HartLine(hart, TrapCause.MachineSoftware), new HartLine(hart, TrapCause.MachineTimer))));
        _plic = new Plic(Array.ConvertAll(_harts, static hart => new PlicHartLines(
            new HartLine(hart, TrapCause.MachineExternal), new HartLine(hart, TrapCause.SupervisorExternal))));
        _rtc = new GoldfishRtc(Clock, Scheduler, _plic.Source(MemoryMap.Rtc.Interrupt), setup.RtcBaseNanoseconds);
        _uart = new Uart("uart0", Clock, Scheduler, this, _plic.Source(MemoryMap.Uart.Interrupt));
        _serialInput = new SerialInput(_uart, Clock, Scheduler);
        _serialInput.SpaceAvailable += FeedConsole;
        _pci = new PciBus([.. Enumerable.Range(0, PciBus.InterruptLineCount).Select(line => _plic.Source(MemoryMap.PciConfig.Interrupt + line))]);
        _virtio = new VirtioMmioTransport[MemoryMap.Virtio.Count];
        for (int slot = 0; slot < _virtio.Length; slot++)
        {
            var disk = setup.Disks.TryGetValue(slot, out var backend)
                ? new VirtioBlk(backend, Clock, Scheduler)
                : null;
            _virtio[slot] = new VirtioMmioTransport(
                $"virtio{slot}", setup.LegacyVirtio, disk, _ram, _plic.Source(MemoryMap.Virtio.InterruptAt(slot)));
            Map(MemoryMap.Virtio.At(slot) with { SizeBytes = VirtioMmioTransport.SizeBytes }, _virtio[slot]);
        }

        Map(MemoryMap.Finisher, new Finisher(this));
        Map(MemoryMap.Clint, _clint);
        Map(MemoryMap.Plic, _plic);
        Map(MemoryMap.Rtc, _rtc);
        Map(MemoryMap.Uart, _uart);
        Map(MemoryMap.PciConfig, new PciEcam(_pci));

        if (setup.ToHost is { } toHost && _ram.Range.Contains(toHost, 8))
        {
            _htif = new Htif(_ram, toHost, setup.FromHost, console, EndByHtif);
        }

        try
        {
            AddNics(setup.Nics);
        }
        catch
        {
            Dispose();
            throw;
        }

        PrepareIdle();
        Reset();
    }

    public GuestClock Clock { get; }

    public EventScheduler Scheduler { get; }

    /// <summary>The physical address space, with its devices in order of address.</summary>
    public SystemBus Bus { get; }

    public IReadOnlyList<Hart> Harts => _harts;

    /// <summary>Instructions retired by all harts together since power-on.</summary>
    public ulong RetiredInstructions
    {
        get
        {
            ulong sum = _retiredBeforeReset;
            foreach (var hart in _harts)
            {
                sum += hart.State->RunCycles - hart.State->StallCycles;
            }

            return sum;
        }
    }

    public void Dispose()
    {
        RefuseRequests();
        DisposeNetwork();
        foreach (var hart in _harts)
        {
            hart.Dispose();
        }

        _engine.Dispose();
        _blocks.Dispose();
        _ram.Dispose();
        _rom.Dispose();
    }

    /// <summary>Power-on and the guest's reset alike: devices and harts as after reset, and every image in its place again.</summary>
    private void Reset()
    {
        _clint.Reset();
        _plic.Reset();
        _rtc.Reset();
        _uart.Reset();
        foreach (var transport in _virtio)
        {
            transport.Reset();
        }

        _pci.Reset();

        foreach (var load in _setup.Loads)
        {
            var memory = _rom.Range.Contains(load.Address) ? _rom : _ram;
            LoadImage(memory, load);
        }

        _turns.Reset();
        _spinning?.Reset();
        _retiredBeforeReset = RetiredInstructions;
        for (int id = 0; id < _harts.Length; id++)
        {
            _harts[id].Reset(MemoryMap.BootRom.Base);
            _harts[id].State->PmpCourtesy = _setup.PmpCourtesy;
            SupervisorTimerChanged(_harts[id]);
        }

        if (_htif is not null)
        {
            _ram.Watch(_htif.PageIndex);
        }
    }

    private static void LoadImage(GuestMemory memory, ImageLoad load)
    {
        ulong length = (ulong)load.Bytes.Length;
        bool fits = memory.TryLoad(load.Address, load.Bytes.Span)
            && memory.TryClear(load.Address + length, load.SizeBytes - length);
        if (!fits)
        {
            throw new InvalidOperationException($"an image at 0x{load.Address:x} was not checked against {memory.Name}");
        }
    }

    private void Map(AddressRange range, IMmioDevice device) => Bus.Map(range, device, AccessCost.OnChip);

    private void Map(MemoryRegion region, IMmioDevice device) => Map(region.Range, device);
}
