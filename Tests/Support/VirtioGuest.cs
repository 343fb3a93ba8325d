using NUnit.Framework;
using RiscvXv6.Devices.Bus;
using RiscvXv6.Devices.Memory;
using RiscvXv6.Devices.Timing;
using RiscvXv6.Devices.Virtio;
using RiscvXv6.Tests.Devices.Interrupts;

namespace RiscvXv6.Tests.Support;

/// <summary>
/// Plays a guest's virtio-blk driver: it touches the device only through the slot's registers and rings in guest memory,
/// at addresses that are written down here from the specification and not asked of the device.
/// </summary>
internal sealed class VirtioGuest : IDisposable
{
    public const ulong RamBase = 0x8000_0000;
    public const ulong RamBytes = 0x10_0000;
    public const ulong RingPage = RamBase + 0x1000;
    public const ulong IndirectTable = RamBase + 0x8000;
    public const ulong Header = RamBase + 0x9000;
    public const ulong StatusByte = RamBase + 0x9800;
    public const ulong Buffer = RamBase + 0x2_0000;
    public const int QueueSize = 8;

    public const ushort Next = 1;
    public const ushort Write = 2;
    public const ushort Indirect = 4;

    private readonly GuestClock _clock = new();
    private readonly EventScheduler _scheduler;
    private ushort _available;

    public VirtioGuest(bool legacy, IBlockBackend backend, string serial = "")
    {
        _scheduler = new EventScheduler(_clock);
        Ram = new GuestMemory("ram", new AddressRange(RamBase, RamBytes), writable: true);
        Disk = new VirtioBlk(backend, _clock, _scheduler, serial);
        Slot = new VirtioMmioTransport("virtio0", legacy, Disk, Ram, Line);
        IsLegacy = legacy;
    }

    public bool IsLegacy { get; }

    public GuestMemory Ram { get; }

    public RecordingLine Line { get; } = new();

    public VirtioBlk Disk { get; }

    public VirtioMmioTransport Slot { get; }

    public ulong NowCycles => _clock.NowCycles;

    public ulong NextEventCycles => _scheduler.NextDeadlineCycles;

    public static ulong Descriptors => RingPage;

    /// <summary>Legacy: right behind eight descriptors of 16 bytes.</summary>
    public ulong AvailableRing => IsLegacy ? RingPage + 128 : RingPage + 0x1000;

    /// <summary>Legacy: at the next multiple of 4096.</summary>
    public ulong UsedRing => IsLegacy ? RingPage + 0x1000 : RingPage + 0x2000;

    public ushort UsedIndex => Half(UsedRing + 2);

    public uint Read32(uint register)
    {
        Assert.That(Slot.Read(register, 4, out ulong value), Is.EqualTo(BusStatus.Ok));
        return (uint)value;
    }

    public void Write32(uint register, uint value) =>
        Assert.That(Slot.Write(register, 4, value), Is.EqualTo(BusStatus.Ok));

    /// <summary>The order in which the specification's driver starts a device.</summary>
    public void Start(ulong features = 0, int queueSize = QueueSize)
    {
        Write32(VirtioMmioRegister.Status, 0);
        Write32(VirtioMmioRegister.Status, 1);
        Write32(VirtioMmioRegister.Status, 3);
        Write32(VirtioMmioRegister.DriverFeaturesSel, 0);
        Write32(VirtioMmioRegister.DriverFeatures, (uint)features);
        if (!IsLegacy)
        {
            Write32(VirtioMmioRegister.DriverFeaturesSel, 1);
            Write32(VirtioMmioRegister.DriverFeatures, (uint)(features >> 32) | 1);
            Write32(VirtioMmioRegister.Status, 11);
            Assert.That(Read32(VirtioMmioRegister.Status), Is.EqualTo(11), "FEATURES_OK");
        }

        SetUpQueue(queueSize);
        Write32(VirtioMmioRegister.Status, IsLegacy ? 7u : 15u);
    }

    public void SetUpQueue(int queueSize = QueueSize)
    {
        _available = 0;
        Write32(VirtioMmioRegister.QueueSel, 0);
        Write32(VirtioMmioRegister.QueueNum, (uint)queueSize);
        if (IsLegacy)
        {
            Write32(VirtioMmioRegister.GuestPageSize, 4096);
            Write32(VirtioMmioRegister.QueuePfn, (uint)(RingPage >> 12));
            return;
        }

        Write32(VirtioMmioRegister.QueueDescLow, (uint)Descriptors);
        Write32(VirtioMmioRegister.QueueDescHigh, 0);
        Write32(VirtioMmioRegister.QueueDriverLow, (uint)AvailableRing);
        Write32(VirtioMmioRegister.QueueDriverHigh, 0);
        Write32(VirtioMmioRegister.QueueDeviceLow, (uint)UsedRing);
        Write32(VirtioMmioRegister.QueueDeviceHigh, 0);
        Write32(VirtioMmioRegister.QueueReady, 1);
    }

    public void Descriptor(int index, ulong address, uint length, ushort flags, ushort next = 0) =>
        Descriptor(Descriptors, index, address, length, flags, next);

    public void Descriptor(ulong table, int index, ulong address, uint length, ushort flags, ushort next = 0)
    {
        ulong at = table + 16 * (ulong)index;
        Assert.That(
            Ram.TryWriteUInt64(at, address) && Ram.TryWriteUInt32(at + 8, length)
            && Ram.TryWriteUInt16(at + 12, flags) && Ram.TryWriteUInt16(at + 14, next));
    }

    public void WriteHeader(uint type, ulong sector, ulong at = Header)
    {
        Assert.That(Ram.TryWriteUInt32(at, type) && Ram.TryWriteUInt32(at + 4, 0) && Ram.TryWriteUInt64(at + 8, sector));
        Byte(StatusByte, 0xff);
    }

    /// <summary>The three descriptors of a request as xv6 makes them, from <paramref name="first"/> on.</summary>
    public void Request(uint type, ulong sector, uint lengthBytes, int first = 0, bool deviceWrites = true)
    {
        WriteHeader(type, sector, Header + 16 * (ulong)first);
        Descriptor(first, Header + 16 * (ulong)first, 16, Next, (ushort)(first + 1));
        Descriptor(first + 1, Buffer, lengthBytes, (ushort)(Next | (deviceWrites ? Write : 0)), (ushort)(first + 2));
        Descriptor(first + 2, StatusByte, 1, Write);
    }

    /// <summary>Puts a chain into the available ring without telling the device.</summary>
    public void MakeAvailable(ushort head, int queueSize = QueueSize)
    {
        Assert.That(Ram.TryWriteUInt16(AvailableRing + 4 + 2 * (ulong)(_available % queueSize), head));
        _available++;
        Assert.That(Ram.TryWriteUInt16(AvailableRing + 2, _available));
    }

    public void Notify() => Write32(VirtioMmioRegister.QueueNotify, 0);

    /// <summary>Makes a chain available, tells the device, and lets it finish.</summary>
    public void Submit(ushort head = 0)
    {
        MakeAvailable(head);
        Notify();
        RunUntilIdle();
    }

    /// <summary>Lets virtual time pass until the device has nothing left to do; more than 10,000 events are a hang.</summary>
    public void RunUntilIdle()
    {
        for (int events = 0; _scheduler.NextDeadlineCycles != EventScheduler.Never; events++)
        {
            Assert.That(events, Is.LessThan(10_000), "the device never becomes idle");
            RunUntil(_scheduler.NextDeadlineCycles);
        }
    }

    public void RunUntil(ulong cycles)
    {
        _clock.AdvanceTo(Math.Max(cycles, _clock.NowCycles));
        _scheduler.RunDue();
    }

    public byte[] Bytes(ulong address, int count)
    {
        byte[] bytes = new byte[count];
        Assert.That(Ram.TryRead(address, bytes));
        return bytes;
    }

    public byte Byte(ulong address) => Bytes(address, 1)[0];

    public void Byte(ulong address, byte value) => Assert.That(Ram.TryWrite(address, [value]));

    public ushort Half(ulong address)
    {
        Assert.That(Ram.TryReadUInt16(address, out ushort value));
        return value;
    }

    public (uint Id, uint Length) Used(int index)
    {
        Assert.That(Ram.TryReadUInt32(UsedRing + 4 + 8 * (ulong)index, out uint id));
        Assert.That(Ram.TryReadUInt32(UsedRing + 8 + 8 * (ulong)index, out uint length));
        return (id, length);
    }

    public void Dispose() => Ram.Dispose();
}
