using RiscvXv6.Devices.Bus;
using RiscvXv6.Devices.E1000;
using RiscvXv6.Devices.Memory;
using RiscvXv6.Devices.Net;
using RiscvXv6.Devices.Pci;
using RiscvXv6.Devices.Registers;
using RiscvXv6.Devices.Timing;
using Card = RiscvXv6.Devices.E1000.E1000;

namespace RiscvXv6.Tests.Fuzz;

/// <summary>
/// One card under a hostile guest and a hostile network: hostile descriptors, register accesses, frames from the wire,
/// stalls of its DMA, resets, and now and then a driver that is in its right mind, so that the card gets somewhere. It
/// holds the card to this: nothing throws; DMA stays inside what was handed over (<see cref="E1000DmaGuard"/>), and
/// there is none after a reset; INTA# is a function of ICR, IMS and ITR; a saved card put into a fresh one is saved as
/// the same and goes on in its place.
/// </summary>
internal sealed class E1000FuzzRun : IDisposable
{
    public const ulong RamBase = 0x8000_0000;
    public const ulong RamBytes = 0x4_0000;

    private const uint Enable = 1u << 1;
    private const uint ReceiveBlock = 0x2800;
    private const uint TransmitBlock = 0x3800;
    private const int StepsKeptForReport = 16;
    private const long AccessesPerStepMax = 2_000_000;

    private static readonly PciBusTiming[] Buses = [PciBusTiming.Pcie, PciBusTiming.Pci33, PciBusTiming.Pci66];
    private static readonly uint[] Offsets = OffsetsOf(E1000Registers.Table);

    private readonly int _seed;
    private readonly Random _random;
    private readonly E1000FuzzWeather _weather;
    private readonly GuestMemory _ram = new("ram", new AddressRange(RamBase, RamBytes), writable: true);
    private readonly GuestClock _clock = new();
    private readonly E1000Options _options;
    private readonly IDmaMemory _memory;
    private readonly Queue<string> _recent = new();
    private readonly byte[] _frame = new byte[17_000];
    private readonly E1000DmaGuard _guard;
    private EventScheduler _scheduler;
    private Card _card;
    private string? _failure;

    /// <param name="seed">Everything follows from it.</param>
    /// <param name="between">Puts something between the card and the guard: a negative control's fault.</param>
    public E1000FuzzRun(int seed, Func<IDmaMemory, IDmaMemory>? between = null)
    {
        _seed = seed;
        _random = new Random(seed);
        _weather = new E1000FuzzWeather(_random, RamBase, RamBytes);
        _options = new E1000Options(E1000Options.DefaultMac)
        {
            Bus = Buses[seed % Buses.Length],
            Fidelity = (E1000Fidelity)(seed / Buses.Length % 3),
        };
        _guard = new E1000DmaGuard(_ram, Look, complaint => _failure ??= complaint);
        _memory = between?.Invoke(_guard) ?? _guard;
        (_card, _scheduler) = Build();
        _card.Config.Write(PciConfigOffset.Command, 2, 7);
    }

    /// <summary>Steps taken.</summary>
    public long StepCount { get; private set; }

    /// <summary>Loads and stores that the card was given, and descriptors that it has fetched.</summary>
    public long Work => RegisterAccesses + _guard.DescriptorsFetched;

    public long RegisterAccesses { get; private set; }

    public long DescriptorsFetched => _guard.DescriptorsFetched;

    /// <summary>Frames that reached memory, and that reached the wire.</summary>
    public ulong FramesReceived { get; private set; }

    public ulong FramesSent { get; private set; }

    /// <summary>Tells the level of INTA#; to be replaced by a negative control.</summary>
    public Func<bool, bool> SeenLevel { get; set; } = static level => level;

    /// <summary>Changes a saved state; for a negative control.</summary>
    public Func<E1000State, E1000State> SavedState { get; set; } = static state => state;

    /// <summary>Goes on until so much work is done.</summary>
    /// <exception cref="FuzzFailureException">The card broke a promise; the message has the seed and the last
    /// steps.</exception>
    public void Run(long work)
    {
        while (Work < work)
        {
            try
            {
                Step();
            }
            catch (Exception e) when (e is not FuzzFailureException)
            {
                throw Failure($"it threw {e.GetType().Name}: {e.Message}", e);
            }

            if (_failure is { } complaint)
            {
                throw Failure(complaint, null);
            }

            StepCount++;
        }

        CountFrames();
    }

    public void Dispose() => _ram.Dispose();

    private static uint[] OffsetsOf(RegisterTable table)
    {
        var offsets = new List<uint>();
        foreach (var row in table.Rows)
        {
            // Arrays are filters, mostly; they get less than their share.
            for (int index = 0; index < row.TotalCount; index += Math.Max(1, row.TotalCount / 4))
            {
                offsets.Add((uint)row.OffsetOf(index / row.Count, index % row.Count));
            }
        }

        return [.. offsets];
    }

    private (Card Card, EventScheduler Scheduler) Build()
    {
        var scheduler = new EventScheduler(_clock);
        return (new Card("e1000", _options, _memory, _clock, scheduler, new Nowhere()), scheduler);
    }

    private void Step()
    {
        long before = _guard.Accesses;
        switch (_random.Next(100))
        {
            case < 22:
                Store(Offsets[_random.Next(Offsets.Length)], _weather.Value());
                break;
            case < 30:
                Load(_random.Next(8) == 0 ? (uint)_random.Next(0x2_0000) : Offsets[_random.Next(Offsets.Length)]);
                break;
            case < 50:
                HandOver(ReceiveBlock);
                break;
            case < 66:
                HandOver(TransmitBlock);
                break;
            case < 76:
                Deliver();
                break;
            case < 94:
                Advance();
                break;
            case < 97:
                DriveSanely();
                break;
            default:
                Disturb();
                break;
        }

        if (_guard.Accesses - before > AccessesPerStepMax)
        {
            _failure ??= "it does not stop using the bus";
        }

        LookAtInterrupt();
    }

    private void Store(uint offset, uint value)
    {
        Remember($"store 0x{value:x} at 0x{offset:x}");
        RegisterAccesses++;
        int size = _random.Next(40) == 0 ? 1 << _random.Next(2) : 4;
        bool wasReset = offset is 0 or 4 && size == 4 && (value & 1u << 26) != 0;
        _card.WriteBar(0, offset, size, size == 4 ? value : value & (uint)(0xff_ff >> 8 * (2 - size)));
        if (wasReset)
        {
            _guard.Forget();
        }

        _guard.Update();
    }

    private void Load(uint offset)
    {
        Remember($"load at 0x{offset:x}");
        RegisterAccesses++;
        uint at = offset & ~3u;
        _card.PeekBar(0, at, 4, out uint peeked);
        _card.ReadBar(0, at, 4, out uint value);
        if (value != peeked)
        {
            _failure ??= $"a load of 0x{at:x} gave 0x{value:x}, and a peek 0x{peeked:x}";
        }
    }

    /// <summary>Fills descriptors behind the tail with hostile ones and moves the tail over them.</summary>
    private void HandOver(uint block)
    {
        ulong start = (ulong)Look(block + 4) << 32 | Look(block);
        uint count = Look(block + 8) / 16;
        if (count == 0)
        {
            DriveSanely();
            return;
        }

        uint tail = Look(block + 0x18);
        int handed = _random.Next(1, 24);
        Span<byte> descriptor = stackalloc byte[16];
        for (int index = 0; index < handed; index++)
        {
            if (block == ReceiveBlock)
            {
                _weather.ReceiveDescriptor(descriptor);
            }
            else
            {
                _weather.TransmitDescriptor(descriptor);
            }

            _ram.TryWrite(start + 16 * (tail % count), descriptor);
            tail = (tail + 1) % count;
        }

        Remember($"{handed} descriptors at 0x{start:x}");
        Store(block + 0x18, _random.Next(60) == 0 ? _weather.Value() : tail);
    }

    private void Deliver()
    {
        int frames = _random.Next(1, _random.Next(10) == 0 ? 200 : 6);
        Remember($"{frames} frames from the wire");
        for (int number = 0; number < frames; number++)
        {
            int length = _weather.Frame(_frame, out var info);
            _card.Receive(_frame.AsSpan(0, length), info);
        }
    }

    private void Advance()
    {
        ulong cycles = _random.Next(40) switch
        {
            0 => (ulong)_random.Next(3_000_000),
            < 12 => (ulong)_random.Next(40),
            < 30 => (ulong)_random.Next(3_000),
            _ => (ulong)_random.Next(40_000),
        };
        Remember($"advance {cycles} cycles");
        ulong end = _clock.NowCycles + cycles;
        _scheduler.RunDue();
        while (_scheduler.NextDeadlineCycles <= end && _failure is null)
        {
            _clock.AdvanceTo(Math.Max(_clock.NowCycles, _scheduler.NextDeadlineCycles));
            _scheduler.RunDue();
            LookAtInterrupt();
        }

        _clock.AdvanceTo(Math.Max(_clock.NowCycles, end));
    }

    /// <summary>Sets rings up as a driver does, so that for a while descriptors and frames get somewhere.</summary>
    private void DriveSanely()
    {
        Remember("a sane driver");
        uint receiveCount = 8u << _random.Next(5);
        uint transmitCount = 8u << _random.Next(5);
        Store(0x100, 0);
        Store(0x400, 0);
        Store(0x0000, 0x40 | 1 | (uint)_random.Next(2) << 30 | (uint)_random.Next(4) << 27);
        SetRing(ReceiveBlock, RamBase + 16 * (ulong)_random.Next(64), receiveCount);
        SetRing(TransmitBlock, RamBase + 0x4000 + 16 * (ulong)_random.Next(64), transmitCount);
        Store(0x5404, 0x8000_5634);
        Store(0x5400, 0x1200_5452);
        Store(0x1000, _random.Next(4) == 0 ? 8u : 0x30u);
        Store(0x2820, _random.Next(2) == 0 ? 0 : (uint)_random.Next(20));
        Store(0x2828, 1u << 24 | (uint)_random.Next(8) << 16 | (uint)_random.Next(8) << 8 | (uint)_random.Next(16));
        Store(0x3828, 1u << 24 | (uint)_random.Next(8) << 16 | (uint)_random.Next(8) << 8 | (uint)_random.Next(16));
        Store(0x0410, (uint)_random.Next(16));
        Store(0x00d0, 0x1_ffff);
        uint receive = Enable | 1u << 15 | (uint)_random.Next(4) << 16;
        receive |= (uint)_random.Next(2) << 26 | (uint)_random.Next(2) << 25;
        receive |= (uint)_random.Next(2) << 5 | (uint)_random.Next(2) << 2;
        Store(0x100, receive | (_random.Next(12) == 0 ? 0xc0u : 0));
        Store(0x400, Enable | (uint)_random.Next(2) << 3);
        HandOver(ReceiveBlock);
    }

    private void SetRing(uint block, ulong start, uint count)
    {
        Store(block, (uint)start);
        Store(block + 4, (uint)(start >> 32));
        Store(block + 8, 16 * count);
        Store(block + 0x10, 0);
        Store(block + 0x18, 0);
    }

    private void Disturb()
    {
        switch (_random.Next(10))
        {
            case 0:
                Store(0, 1u << 26);
                break;
            case 1:
                Remember("the machine is reset");
                CountFrames();
                _card.Config.Reset();
                _card.Reset();
                _guard.Forget();
                _guard.IsBusMaster = false;
                BusMaster(true);
                break;
            case < 5:
                BusMaster(!_guard.IsBusMaster);
                break;
            case < 7:
                BusMaster(true);
                break;
            case 7:
                bool isUp = _random.Next(4) != 0;
                Remember($"the cable is plugged: {isUp}");
                _card.SetLink(isUp);
                break;
            default:
                Renew();
                break;
        }
    }

    private void BusMaster(bool isMaster)
    {
        Remember($"bus master: {isMaster}");
        _guard.IsBusMaster = isMaster;
        _card.Config.Write(PciConfigOffset.Command, 2, isMaster ? 7u : 3u);
    }

    /// <summary>Saves the card and goes on with a fresh one that was made from what was saved.</summary>
    private void Renew()
    {
        Remember("save and restore");
        CountFrames();
        var config = _card.Config.Save();
        var state = _card.Save();
        bool level = _card.Config.InterruptLevel;
        (_card, _scheduler) = Build();
        _card.Config.Restore(config);
        _card.Restore(SavedState(state));
        if (!_card.Save().Equals(state) || !_card.Config.Save().Equals(config))
        {
            _failure ??= "a restored state is saved as another one";
        }

        if (_card.Config.InterruptLevel != level)
        {
            _failure ??= "a restored card has its line at another level";
        }
    }

    /// <summary>
    /// INTA# is up only for a cause that is let through, and down in spite of one only while ITR keeps it.
    /// </summary>
    private void LookAtInterrupt()
    {
        bool isPending = (Look(0x00c0) & Look(0x00d0)) != 0;
        bool isUp = SeenLevel(_card.Config.InterruptLevel);
        if (isUp && !isPending)
        {
            _failure ??= "INTA# is up without a cause";
        }
        else if (!isUp && isPending && Look(0x00c4) == 0)
        {
            _failure ??= "INTA# is down in spite of a cause";
        }
    }

    private void CountFrames()
    {
        FramesReceived = _card.Journal.Totals(PacketDirection.Receive).Packets;
        FramesSent = _card.Journal.Totals(PacketDirection.Transmit).Packets;
    }

    private uint Look(uint offset)
    {
        _card.PeekBar(0, offset, 4, out uint value);
        return value;
    }

    private void Remember(string what)
    {
        _recent.Enqueue(what);
        if (_recent.Count > StepsKeptForReport)
        {
            _recent.Dequeue();
        }
    }

    private FuzzFailureException Failure(string complaint, Exception? cause) => new(
        $"e1000: {complaint}\nseed {_seed}, step {StepCount}, cycle {_clock.NowCycles}; receive {Ring(ReceiveBlock)}; "
        + $"transmit {Ring(TransmitBlock)}; the last steps:\n  {string.Join("\n  ", _recent)}",
        cause);

    private string Ring(uint block) =>
        $"0x{Look(block + 4):x8}{Look(block):x8} of 0x{Look(block + 8):x} bytes, {Look(block + 0x10)} to {Look(block + 0x18)}";

    private sealed class Nowhere : INetworkBackend
    {
        public string Name => "nowhere";

        public void Connect(INetworkClient client)
        {
        }

        public void Send(ReadOnlySpan<byte> frame, in FrameInfo info)
        {
        }

        public void ReceiveRoomAvailable()
        {
        }

        public void Reset()
        {
        }
    }
}
