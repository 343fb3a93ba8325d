using BenchmarkDotNet.Attributes;
using RiscvXv6.Devices.Bus;
using RiscvXv6.Devices.Interrupts;
using RiscvXv6.Devices.Memory;
using RiscvXv6.Devices.Plic;
using RiscvXv6.Devices.Timing;
using RiscvXv6.Devices.Uart;
using RiscvXv6.Devices.Virtio;

namespace RiscvXv6.Benchmarks.Micro;

/// <summary>Devices, as a hart's loads and stores reach them.</summary>
public class DeviceBenchmarks
{
    private const ulong PlicBase = 0xc00_0000;
    private const ulong UartBase = 0x1000_0000;
    private const ulong DiskBase = 0x1000_1000;
    private const ulong RamBase = 0x8000_0000;
    private const ulong ContextClaim = PlicBase + 0x20_0004;
    private const ulong LineStatus = UartBase + 5;
    private const int Source = 10;
    private const int EventCount = 16;

    // Where the disk's driver keeps its rings and buffers (Virtio "Split Virtqueues").
    private const ulong Descriptors = RamBase + 0x1000;
    private const ulong Available = RamBase + 0x2000;
    private const ulong Used = RamBase + 0x3000;
    private const ulong Header = RamBase + 0x4000;
    private const ulong Buffer = RamBase + 0x5000;
    private const ulong Status = RamBase + 0x6000;
    private const int QueueSize = 8;

    private readonly GuestClock _clock = new();
    private readonly SystemBus _bus = new();
    private readonly GuestMemory _ram = new("ram", new AddressRange(RamBase, 0x1_0000), writable: true);
    private readonly ScheduledEvent[] _events = new ScheduledEvent[EventCount];
    private readonly EventScheduler _scheduler;
    private IInterruptLine _source = UnconnectedLine.Instance;
    private ushort _availableIndex;

    public DeviceBenchmarks() => _scheduler = new EventScheduler(_clock);

    [GlobalSetup]
    public void SetUp()
    {
        var plic = new Plic([new PlicHartLines(UnconnectedLine.Instance, UnconnectedLine.Instance)]);
        var uart = new Uart("uart0", _clock, _scheduler, new NowhereSink(), plic.Source(Source));
        var disk = new VirtioMmioTransport(
            "virtio0", isLegacy: false, new VirtioBlk(new MemoryBackend(new byte[1 << 16]), _clock, _scheduler), _ram, plic.Source(1));
        _bus.Map(_ram);
        _bus.Map(new AddressRange(PlicBase, 0x60_0000), plic, AccessCost.OnChip);
        _bus.Map(new AddressRange(UartBase, 0x100), uart, AccessCost.OnChip);
        _bus.Map(new AddressRange(DiskBase, 0x200), disk, AccessCost.OnChip);

        _source = plic.Source(Source);
        Store(PlicBase + 4 * Source, 1);
        Store(PlicBase + 0x2000, 1u << Source);
        StartDisk();
        for (int index = 0; index < EventCount; index++)
        {
            var created = _scheduler.Create($"event{index}", static () => { });
            created.ScheduleAt(ulong.MaxValue - 1 - (ulong)index);
            _events[index] = created;
        }
    }

    [GlobalCleanup]
    public void CleanUp() => _ram.Dispose();

    /// <summary>The UART's line status, as a driver polls it.</summary>
    [Benchmark]
    public ulong ReadDevice()
    {
        _bus.ReadDevice(LineStatus, 1, out ulong value, out _);
        return value;
    }

    [Benchmark]
    public void TransmitByte() => _bus.WriteDevice(UartBase, 1, 'x', out _);

    /// <summary>A source rises, is claimed, completed, and drops.</summary>
    [Benchmark]
    public ulong ClaimAndComplete()
    {
        _source.Set(true);
        _bus.ReadDevice(ContextClaim, 4, out ulong claimed, out _);
        _bus.WriteDevice(ContextClaim, 4, claimed, out _);
        _source.Set(false);
        return claimed;
    }

    /// <summary>Moves an event of sixteen to the front, fires it, and puts it back.</summary>
    [Benchmark]
    public void ScheduleAndFire()
    {
        _events[0].ScheduleAt(_clock.NowCycles);
        _scheduler.RunDue();
        _events[0].ScheduleAt(ulong.MaxValue - 1);
    }

    /// <summary>Reads 1 KiB, a block of xv6's, from the doorbell to the used ring.</summary>
    [Benchmark]
    public ulong ReadBlock()
    {
        _ram.TryWriteUInt16(Available + 2, ++_availableIndex);
        _bus.WriteDevice(DiskBase + 0x50, 4, 0, out _);
        _clock.AdvanceTo(_scheduler.NextDeadlineCycles);
        _scheduler.RunDue();
        _bus.WriteDevice(DiskBase + 0x64, 4, 1, out _);
        _ram.TryReadUInt16(Used + 2, out ushort used);
        return used == _availableIndex ? used : throw new InvalidOperationException("the disk did not answer");
    }

    /// <summary>As a driver starts it (Virtio "Device Initialization"), with one read request in every ring entry.</summary>
    private void StartDisk()
    {
        foreach (var (register, value) in new (ulong, ulong)[]
        {
            (0x70, 0), (0x70, 1), (0x70, 3), (0x24, 1), (0x20, 1), (0x70, 11),
            (0x30, 0), (0x38, QueueSize),
            (0x80, Descriptors & uint.MaxValue), (0x90, Available & uint.MaxValue), (0xa0, Used & uint.MaxValue),
            (0x44, 1), (0x70, 15),
        })
        {
            Store(DiskBase + register, (uint)value);
        }

        Descriptor(0, Header, 16, flags: 1, next: 1);
        Descriptor(1, Buffer, 1024, flags: 3, next: 2);
        Descriptor(2, Status, 1, flags: 2, next: 0);
    }

    private void Descriptor(int index, ulong address, uint length, ushort flags, ushort next)
    {
        ulong at = Descriptors + 16 * (ulong)index;
        _ram.TryWriteUInt64(at, address);
        _ram.TryWriteUInt32(at + 8, length);
        _ram.TryWriteUInt16(at + 12, flags);
        _ram.TryWriteUInt16(at + 14, next);
    }

    private void Store(ulong address, uint value)
    {
        if (_bus.WriteDevice(address, 4, value, out _) != BusStatus.Ok)
        {
            throw new InvalidOperationException($"nothing at 0x{address:x}");
        }
    }

    private sealed class NowhereSink : ISerialSink
    {
        public void Transmit(byte value)
        {
        }
    }
}
