using RiscvXv6.Devices.Bus;
using RiscvXv6.Devices.Interrupts;
using RiscvXv6.Devices.Memory;
using RiscvXv6.Devices.Registers;
using RiscvXv6.Devices.State;

namespace RiscvXv6.Devices.Virtio;

/// <summary>
/// A virtio-mmio slot (Virtio "Virtio Over MMIO"), legacy or modern, with a device or empty. No register has a side
/// effect when read.
/// </summary>
/// <remarks>Deviations are listed with the register table, in <see cref="VirtioMmioRegisters.Page"/>.</remarks>
public sealed partial class VirtioMmioTransport
    : IMmioDevice, IVirtioTransport, IStateful<VirtioMmioState>, IRegisterMapped
{
    /// <summary>Size of the register space.</summary>
    public const ulong SizeBytes = VirtioMmioRegisters.SizeBytes;

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

    public RegisterTable Registers => VirtioMmioRegisters.Table;

    public int RegisterBank => IsLegacy ? VirtioMmioRegisters.LegacyBank : VirtioMmioRegisters.ModernBank;

    public ulong NegotiatedFeatures { get; private set; }

    public Virtqueue Queue(int queueIndex) => _queues[queueIndex];

    public BusStatus Read(ulong offset, int sizeBytes, out ulong value) => Peek(offset, sizeBytes, out value);

    public BusStatus Peek(ulong offset, int sizeBytes, out ulong value)
    {
        if (offset >= VirtioMmioRegisters.SizeBytes)
        {
            value = 0;
            return BusStatus.Fault;
        }

        value = sizeBytes == 8
            ? ReadRegister(offset, 4) | ((ulong)ReadRegister(offset + 4, 4) << 32)
            : ReadRegister(offset, sizeBytes);
        return BusStatus.Ok;
    }

    public BusStatus Write(ulong offset, int sizeBytes, ulong value)
    {
        if (offset >= VirtioMmioRegisters.SizeBytes)
        {
            return BusStatus.Fault;
        }

        if (sizeBytes == 8)
        {
            WriteRegister(offset, 4, (uint)value);
            WriteRegister(offset + 4, 4, (uint)(value >> 32));
        }
        else
        {
            WriteRegister(offset, sizeBytes, (uint)value);
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
}
