using NUnit.Framework;
using RiscvXv6.Devices.Bus;
using RiscvXv6.Devices.Memory;
using RiscvXv6.Devices.Timing;
using RiscvXv6.Devices.Virtio;
using RiscvXv6.Tests.Devices.Interrupts;
using RiscvXv6.Tests.Fuzz;

namespace RiscvXv6.Tests.Support;

/// <summary>
/// Plays a guest's virtio-blk driver: it touches the device only through the slot's registers and rings in guest memory,
/// at addresses that are written down here from the specification and not asked of the device.
/// </summary>
internal sealed class VirtioGuest : IDisposable
{
    public const ulong RamBase = 0x8000_0000;
    public const ulong RamBytes = 0x1_0000;
    public const ulong RingPage = RamBase + 0x1000;
    public const ulong IndirectTable = RamBase + 0x8000;
    public const ulong Header = RamBase + 0x9000;
    public const ulong StatusByte = RamBase + 0x9800;
    public const ulong Buffer = RamBase + 0xa000;
    public const int QueueSize = 8;

    public const ushort Next = 1;
    public const ushort Write = 2;
    public const ushort Indirect = 4;

    private readonly FuzzRig _rig;

    /// <summary>Builds a slot with a disk into a rig, its own or one that a fuzzer drives.</summary>
    public VirtioGuest(bool legacy, IBlockBackend backend, string serial = "", FuzzRig? rig = null)
    {
        _rig = rig ?? new FuzzRig();
        Line = _rig.CreateLine();
        Disk = new VirtioBlk(backend, _rig.Clock, _rig.Scheduler, serial);
        Slot = new VirtioMmioTransport("virtio0", legacy, Disk, _rig.Memory, Line);
        IsLegacy = legacy;
    }

    public bool IsLegacy { get; }

    public GuestMemory Ram => _rig.Memory;

    public RecordingLine Line { get; }

    public VirtioBlk Disk { get; }

    public VirtioMmioTransport Slot { get; }

    public ulong NowCycles => _rig.Clock.NowCycles;

    public ulong NextEventCycles => _rig.Scheduler.NextDeadlineCycles;

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
        Write32(VirtioMmioOffset.Status, 0);
        Write32(VirtioMmioOffset.Status, 1);
        Write32(VirtioMmioOffset.Status, 3);
        Write32(VirtioMmioOffset.DriverFeaturesSel, 0);
        Write32(VirtioMmioOffset.DriverFeatures, (uint)features);
        if (!IsLegacy)
        {
            Write32(VirtioMmioOffset.DriverFeaturesSel, 1);
            Write32(VirtioMmioOffset.DriverFeatures, (uint)(features >> 32) | 1);
            Write32(VirtioMmioOffset.Status, 11);
            Assert.That(Read32(VirtioMmioOffset.Status), Is.EqualTo(11), "FEATURES_OK");
        }

        SetUpQueue(queueSize);
        Write32(VirtioMmioOffset.Status, IsLegacy ? 7u : 15u);
    }

    public void SetUpQueue(int queueSize = QueueSize)
    {
        Assert.That(Ram.TryWrite(AvailableRing, new byte[4]) && Ram.TryWrite(UsedRing, new byte[4]));
        Write32(VirtioMmioOffset.QueueSel, 0);
        Write32(VirtioMmioOffset.QueueNum, (uint)queueSize);
        if (IsLegacy)
        {
            Write32(VirtioMmioOffset.GuestPageSize, 4096);
            Write32(VirtioMmioOffset.QueuePfn, (uint)(RingPage >> 12));
            return;
        }

        Write32(VirtioMmioOffset.QueueDescLow, (uint)Descriptors);
        Write32(VirtioMmioOffset.QueueDescHigh, 0);
        Write32(VirtioMmioOffset.QueueDriverLow, (uint)AvailableRing);
        Write32(VirtioMmioOffset.QueueDriverHigh, 0);
        Write32(VirtioMmioOffset.QueueDeviceLow, (uint)UsedRing);
        Write32(VirtioMmioOffset.QueueDeviceHigh, 0);
        Write32(VirtioMmioOffset.QueueReady, 1);
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
        ushort index = Half(AvailableRing + 2);
        Assert.That(Ram.TryWriteUInt16(AvailableRing + 4 + 2 * (ulong)(index % queueSize), head));
        Assert.That(Ram.TryWriteUInt16(AvailableRing + 2, (ushort)(index + 1)));
    }

    public void Notify() => Write32(VirtioMmioOffset.QueueNotify, 0);

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
        for (int events = 0; NextEventCycles != EventScheduler.Never; events++)
        {
            Assert.That(events, Is.LessThan(10_000), "the device never becomes idle");
            RunUntil(NextEventCycles);
        }
    }

    public void RunUntil(ulong cycles) => _rig.AdvanceTo(Math.Max(cycles, NowCycles));

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

    public void Dispose() => _rig.Dispose();
}
