using System.Numerics;
using RiscvXv6.Devices.Bus;
using RiscvXv6.Devices.Interrupts;
using RiscvXv6.Devices.Memory;
using RiscvXv6.Devices.State;

namespace RiscvXv6.Devices.Virtio;

/// <summary>
/// A virtio-mmio slot (Virtio "Virtio Over MMIO"), legacy or modern, with a device or empty. No register has a side
/// effect when read.
/// </summary>
/// <remarks>
/// Deviations from the specification, all QEMU's: a modern driver need not accept VIRTIO_F_VERSION_1 (xv6 writes only
/// the low half of its features); a legacy queue runs as soon as it has a page number, whatever the status (xv6 of 2019
/// sets DRIVER_OK first); GuestPageSize outlives a reset (Linux writes it before resetting).
/// </remarks>
public sealed class VirtioMmioTransport : IMmioDevice, IVirtioTransport, IStateful<VirtioMmioState>
{
    /// <summary>Size of the register space; the rest of the slot's 4 KiB answers nothing.</summary>
    public const ulong SizeBytes = 0x200;

    /// <summary>"virt", little-endian.</summary>
    public const uint Magic = 0x74726976;

    /// <summary>"QEMU", little-endian; xv6 insists on it.</summary>
    public const uint Vendor = 0x554d4551;

    private const uint InterruptUsedRing = 1;
    private const uint InterruptConfig = 2;

    private readonly IVirtioDevice? _device;
    private readonly IInterruptLine _line;
    private readonly Virtqueue[] _queues;
    private readonly ulong _offeredFeatures;

    private VirtioStatus _status;
    private uint _deviceFeaturesSel;
    private uint _driverFeaturesSel;
    private ulong _driverFeatures;
    private uint _queueSel;
    private int _guestPageShift;
    private uint _interruptStatus;
    private uint _configGeneration;
    private bool _isBroken;

    /// <param name="name">As traces print it: <c>virtio0</c>.</param>
    /// <param name="isLegacy">True for version 1, false for version 2.</param>
    /// <param name="device">The device, or null for an empty slot.</param>
    /// <param name="memory">All of RAM, as a bus master sees it.</param>
    /// <param name="line">The slot's interrupt.</param>
    public VirtioMmioTransport(
        string name,
        bool isLegacy,
        IVirtioDevice? device,
        IDmaMemory memory,
        IInterruptLine line)
    {
        Name = name;
        IsLegacy = isLegacy;
        Memory = memory;
        _device = device;
        _line = line;
        _queues = new Virtqueue[device?.QueueCount ?? 0];
        for (int i = 0; i < _queues.Length; i++)
        {
            _queues[i] = new Virtqueue(memory, device!.DefaultQueueSize);
        }

        if (device is not null)
        {
            _offeredFeatures = device.Features | VirtioFeatures.Ring | (isLegacy ? 0 : VirtioFeatures.Version1);
            device.Connect(this);
        }
    }

    public string Name { get; }

    /// <summary>True for version 1.</summary>
    public bool IsLegacy { get; }

    public IVirtioDevice? Device => _device;

    public IDmaMemory Memory { get; }

    /// <summary>A double word is two words, low half first, as QEMU's bus splits it.</summary>
    public AccessWidths Widths => AccessWidths.Any;

    public ulong NegotiatedFeatures { get; private set; }

    public Virtqueue Queue(int queueIndex) => _queues[queueIndex];

    public BusStatus Read(ulong offset, int sizeBytes, out ulong value) => Peek(offset, sizeBytes, out value);

    public BusStatus Peek(ulong offset, int sizeBytes, out ulong value)
    {
        if (offset >= SizeBytes)
        {
            value = 0;
            return BusStatus.Fault;
        }

        uint register = (uint)offset;
        value = sizeBytes == 8
            ? ReadRegister(register, 4) | ((ulong)ReadRegister(register + 4, 4) << 32)
            : ReadRegister(register, sizeBytes);
        return BusStatus.Ok;
    }

    public BusStatus Write(ulong offset, int sizeBytes, ulong value)
    {
        if (offset >= SizeBytes)
        {
            return BusStatus.Fault;
        }

        uint register = (uint)offset;
        if (sizeBytes == 8)
        {
            WriteRegister(register, 4, (uint)value);
            WriteRegister(register + 4, 4, (uint)(value >> 32));
        }
        else
        {
            WriteRegister(register, sizeBytes, (uint)value);
        }

        UpdateInterrupt();
        return BusStatus.Ok;
    }

    public void NotifyUsed(int queueIndex)
    {
        if (_isBroken || !_queues[queueIndex].TakeInterruptDecision(NegotiatedFeatures))
        {
            return;
        }

        // xv6 of 2019 never acknowledges, so that the line is up already: assert it anew, whatever its level.
        _interruptStatus |= InterruptUsedRing;
        _line.Pulse();
    }

    public void NotifyConfig()
    {
        _configGeneration++;
        _interruptStatus |= InterruptConfig;
        UpdateInterrupt();
    }

    public void Fail()
    {
        _isBroken = true;
        StopQueues();
        if (!IsLegacy)
        {
            // Virtio "Device Status Field": with DRIVER_OK set, the driver must be told.
            _status |= VirtioStatus.DeviceNeedsReset;
            if ((_status & VirtioStatus.DriverOk) != 0)
            {
                _interruptStatus |= InterruptConfig;
            }
        }

        UpdateInterrupt();
    }

    /// <summary>Power-on reset; unlike the driver's reset it forgets GuestPageSize too.</summary>
    public void Reset()
    {
        ResetByDriver();
        _guestPageShift = 0;
        UpdateInterrupt();
    }

    public VirtioMmioState Save() => new(
        _status,
        _deviceFeaturesSel,
        _driverFeaturesSel,
        _driverFeatures,
        NegotiatedFeatures,
        _queueSel,
        _guestPageShift,
        _interruptStatus,
        _configGeneration,
        _isBroken,
        new ValueArray<VirtqueueState>(Array.ConvertAll(_queues, static queue => queue.Save())));

    public void Restore(VirtioMmioState state)
    {
        (_status, _deviceFeaturesSel, _driverFeaturesSel, _driverFeatures, NegotiatedFeatures, _queueSel,
            _guestPageShift, _interruptStatus, _configGeneration, _isBroken, var queues) = state;
        for (int i = 0; i < _queues.Length; i++)
        {
            _queues[i].Restore(queues[i]);
        }

        UpdateInterrupt();
    }

    private uint ReadRegister(uint register, int sizeBytes)
    {
        if (_device is null)
        {
            return sizeBytes != 4 ? 0 : register switch
            {
                VirtioMmioRegister.MagicValue => Magic,
                VirtioMmioRegister.Version => IsLegacy ? 1u : 2u,
                VirtioMmioRegister.VendorId => Vendor,
                _ => 0,
            };
        }

        if (register >= VirtioMmioRegister.Config)
        {
            return _device.ReadConfig((int)(register - VirtioMmioRegister.Config), sizeBytes);
        }

        if (sizeBytes != 4)
        {
            return 0;
        }

        return register switch
        {
            VirtioMmioRegister.MagicValue => Magic,
            VirtioMmioRegister.Version => IsLegacy ? 1u : 2u,
            VirtioMmioRegister.DeviceId => _device.DeviceId,
            VirtioMmioRegister.VendorId => Vendor,
            VirtioMmioRegister.DeviceFeatures => Half(_offeredFeatures, _deviceFeaturesSel),
            VirtioMmioRegister.QueueNumMax => SelectedQueue is null ? 0u : Virtqueue.SizeMax,
            VirtioMmioRegister.InterruptStatus => _interruptStatus,
            VirtioMmioRegister.Status => (uint)_status,

            // Virtio "MMIO Device Register Layout", SHMLen: a region that does not exist is 2^64 - 1 bytes long.
            >= VirtioMmioRegister.SharedMemoryLengthLow and <= VirtioMmioRegister.SharedMemoryBaseHigh => uint.MaxValue,
            _ => IsLegacy ? ReadLegacyRegister(register) : ReadModernRegister(register),
        };
    }

    private uint ReadLegacyRegister(uint register) =>
        register == VirtioMmioRegister.QueuePfn && SelectedQueue is { } queue
            ? (uint)(queue.DescriptorArea >> _guestPageShift)
            : 0;

    private uint ReadModernRegister(uint register) => register switch
    {
        VirtioMmioRegister.QueueReady => SelectedQueue is { IsReady: true } ? 1u : 0u,
        VirtioMmioRegister.ConfigGeneration => _configGeneration,
        _ => 0,
    };

    private void WriteRegister(uint register, int sizeBytes, uint value)
    {
        if (_device is null)
        {
            return;
        }

        if (register >= VirtioMmioRegister.Config)
        {
            _device.WriteConfig((int)(register - VirtioMmioRegister.Config), sizeBytes, value);
            return;
        }

        if (sizeBytes != 4)
        {
            return;
        }

        switch (register)
        {
            case VirtioMmioRegister.DeviceFeaturesSel:
                _deviceFeaturesSel = value;
                break;
            case VirtioMmioRegister.DriverFeaturesSel:
                _driverFeaturesSel = value;
                break;
            case VirtioMmioRegister.DriverFeatures:
                WriteDriverFeatures(value);
                break;
            case VirtioMmioRegister.QueueSel:
                _queueSel = value;
                break;
            case VirtioMmioRegister.QueueNum:
                WriteQueueNum(value);
                break;
            case VirtioMmioRegister.QueueNotify:
                NotifyQueue(value);
                break;
            case VirtioMmioRegister.InterruptAck:
                _interruptStatus &= ~value;
                break;
            case VirtioMmioRegister.Status:
                WriteStatus(value);
                break;
            default:
                if (IsLegacy)
                {
                    WriteLegacyRegister(register, value);
                }
                else
                {
                    WriteModernRegister(register, value);
                }

                break;
        }
    }

    private void WriteLegacyRegister(uint register, uint value)
    {
        switch (register)
        {
            case VirtioMmioRegister.GuestPageSize:
                _guestPageShift = value == 0 ? 0 : BitOperations.TrailingZeroCount(value);
                break;
            case VirtioMmioRegister.QueueAlign when SelectedQueue is { } queue && BitOperations.IsPow2(value):
                queue.AlignBytes = value;
                break;
            case VirtioMmioRegister.QueuePfn:
                WriteQueuePfn(value);
                break;
        }
    }

    private void WriteModernRegister(uint register, uint value)
    {
        if (SelectedQueue is not { } queue)
        {
            return;
        }

        if (register == VirtioMmioRegister.QueueReady)
        {
            WriteQueueReady(queue, (value & 1) != 0);
            return;
        }

        // Virtio "MMIO Device Register Layout": the areas are set before QueueReady and stay while it is set.
        if (queue.IsReady)
        {
            return;
        }

        switch (register)
        {
            case VirtioMmioRegister.QueueDescLow:
                queue.DescriptorArea = WithHalf(queue.DescriptorArea, 0, value);
                break;
            case VirtioMmioRegister.QueueDescHigh:
                queue.DescriptorArea = WithHalf(queue.DescriptorArea, 1, value);
                break;
            case VirtioMmioRegister.QueueDriverLow:
                queue.DriverArea = WithHalf(queue.DriverArea, 0, value);
                break;
            case VirtioMmioRegister.QueueDriverHigh:
                queue.DriverArea = WithHalf(queue.DriverArea, 1, value);
                break;
            case VirtioMmioRegister.QueueDeviceLow:
                queue.DeviceArea = WithHalf(queue.DeviceArea, 0, value);
                break;
            case VirtioMmioRegister.QueueDeviceHigh:
                queue.DeviceArea = WithHalf(queue.DeviceArea, 1, value);
                break;
        }
    }

    private void WriteDriverFeatures(uint value)
    {
        _driverFeatures = WithHalf(_driverFeatures, _driverFeaturesSel, value);
        if (IsLegacy)
        {
            // Virtio "Legacy Interface: Device Initialization": there is no FEATURES_OK; a write takes effect at once.
            NegotiatedFeatures = _driverFeatures & _offeredFeatures;
        }
    }

    private void WriteStatus(uint value)
    {
        var wanted = (VirtioStatus)value;
        if (wanted == VirtioStatus.None)
        {
            ResetByDriver();
            return;
        }

        if (!IsLegacy && (wanted & ~_status & VirtioStatus.FeaturesOk) != 0)
        {
            // Virtio "Driver Requirements: Device Initialization", steps 5 and 6: the driver reads the bit back.
            if ((_driverFeatures & ~_offeredFeatures) == 0)
            {
                NegotiatedFeatures = _driverFeatures;
            }
            else
            {
                wanted &= ~VirtioStatus.FeaturesOk;
            }
        }

        const VirtioStatus DevicesOwn = VirtioStatus.DeviceNeedsReset;
        _status = (wanted & ~DevicesOwn) | (_status & DevicesOwn);
    }

    private void WriteQueueNum(uint value)
    {
        if (SelectedQueue is not { } queue || value is 0 or > Virtqueue.SizeMax)
        {
            return;
        }

        if (IsLegacy)
        {
            queue.Size = (ushort)value;
            if (queue.IsReady)
            {
                queue.PlaceLegacyRings(queue.DescriptorArea);
            }
        }
        else if (!queue.IsReady)
        {
            queue.Size = (ushort)value;
        }
    }

    private void WriteQueuePfn(uint value)
    {
        if (SelectedQueue is not { } queue)
        {
            return;
        }

        if (value == 0)
        {
            // As in QEMU: releasing a queue's page resets the device.
            ResetByDriver();
            return;
        }

        StopQueue((int)_queueSel);
        queue.PlaceLegacyRings((ulong)value << _guestPageShift);
        queue.Start();
    }

    private void WriteQueueReady(Virtqueue queue, bool ready)
    {
        if (!ready)
        {
            StopQueue((int)_queueSel);
        }
        else if (!queue.IsReady)
        {
            queue.Start();
        }
    }

    private void NotifyQueue(uint index)
    {
        bool running = IsLegacy || (_status & VirtioStatus.DriverOk) != 0;
        if (running && !_isBroken && index < _queues.Length && _queues[index].IsReady)
        {
            _device!.Notify((int)index);
        }
    }

    private void ResetByDriver()
    {
        StopQueues();
        foreach (var queue in _queues)
        {
            queue.Reset();
        }

        _device?.Reset();
        _status = VirtioStatus.None;
        _deviceFeaturesSel = 0;
        _driverFeaturesSel = 0;
        _driverFeatures = 0;
        NegotiatedFeatures = 0;
        _queueSel = 0;
        _interruptStatus = 0;
        _isBroken = false;
    }

    private void StopQueues()
    {
        for (int i = 0; i < _queues.Length; i++)
        {
            StopQueue(i);
        }
    }

    private void StopQueue(int index)
    {
        if (_queues[index].IsReady)
        {
            _queues[index].Stop();
            _device!.QueueStopped(index);
        }
    }

    private void UpdateInterrupt() => _line.Set(_interruptStatus != 0);

    private Virtqueue? SelectedQueue => _queueSel < _queues.Length ? _queues[_queueSel] : null;

    private static uint Half(ulong value, uint select) => select switch
    {
        0 => (uint)value,
        1 => (uint)(value >> 32),
        _ => 0,
    };

    private static ulong WithHalf(ulong value, uint select, uint half) => select switch
    {
        0 => (value & 0xffff_ffff_0000_0000) | half,
        1 => (value & 0xffff_ffff) | ((ulong)half << 32),
        _ => value,
    };
}
