using System.Numerics;

namespace RiscvXv6.Devices.Virtio;

/// <summary>What loads and stores of registers do.</summary>
public sealed partial class VirtioMmioTransport
{
    private uint ReadRegister(ulong offset, int sizeBytes)
    {
        if (!VirtioMmioRegisters.Table.TryFindForRead(offset, out var hit, RegisterBank) || !hit.Spec.Accepts(sizeBytes))
        {
            return 0;
        }

        switch (hit.Id)
        {
            case VirtioMmioRegister.MagicValue or VirtioMmioRegister.VendorId:
                return (uint)hit.Spec.Reset;
            case VirtioMmioRegister.Version:
                return IsLegacy ? 1u : 2u;
        }

        return _device is null ? 0 : hit.Id switch
        {
            VirtioMmioRegister.DeviceId => _device.DeviceId,
            VirtioMmioRegister.DeviceFeatures => Half(_offeredFeatures, _deviceFeaturesSel),
            VirtioMmioRegister.QueueNumMax => SelectedQueue is null ? 0u : Virtqueue.SizeMax,
            VirtioMmioRegister.QueuePfn => (uint)((SelectedQueue?.DescriptorArea ?? 0) >> _guestPageShift),
            VirtioMmioRegister.QueueReady => SelectedQueue is { IsReady: true } ? 1u : 0u,
            VirtioMmioRegister.InterruptStatus => _interruptStatus,
            VirtioMmioRegister.Status => (uint)_status,
            VirtioMmioRegister.ConfigGeneration => _configGeneration,
            VirtioMmioRegister.Config => _device.ReadConfig((int)(offset - hit.Spec.Offset), sizeBytes),
            _ => (uint)hit.Spec.Reset,
        };
    }

    private void WriteRegister(ulong offset, int sizeBytes, uint value)
    {
        if (_device is null
            || !VirtioMmioRegisters.Table.TryFindForWrite(offset, out var hit, RegisterBank)
            || !hit.Spec.Accepts(sizeBytes))
        {
            return;
        }

        switch (hit.Id)
        {
            case VirtioMmioRegister.DeviceFeaturesSel:
                _deviceFeaturesSel = value;
                break;
            case VirtioMmioRegister.DriverFeatures:
                WriteDriverFeatures(value);
                break;
            case VirtioMmioRegister.DriverFeaturesSel:
                _driverFeaturesSel = value;
                break;
            case VirtioMmioRegister.GuestPageSize:
                _guestPageShift = value == 0 ? 0 : BitOperations.TrailingZeroCount(value);
                break;
            case VirtioMmioRegister.QueueSel:
                _queueSel = value;
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
            case VirtioMmioRegister.Config:
                _device.WriteConfig((int)(offset - hit.Spec.Offset), sizeBytes, value);
                break;
            default:
                if (SelectedQueue is { } queue)
                {
                    WriteQueueRegister(queue, hit.Id, value);
                }

                break;
        }
    }

    private void WriteQueueRegister(Virtqueue queue, VirtioMmioRegister register, uint value)
    {
        switch (register)
        {
            case VirtioMmioRegister.QueueAlign when BitOperations.IsPow2(value):
                queue.AlignBytes = value;
                break;
            case VirtioMmioRegister.QueuePfn:
                WriteQueuePfn(queue, value);
                break;
            case VirtioMmioRegister.QueueReady:
                WriteQueueReady(queue, (value & 1) != 0);
                break;

            // Virtio "MMIO Device Register Layout": size and areas are set before the queue is ready, and stay.
            case VirtioMmioRegister.QueueNum when !queue.IsReady && value is > 0 and <= Virtqueue.SizeMax:
                queue.Size = (ushort)value;
                break;
            case VirtioMmioRegister.QueueDescLow when !queue.IsReady:
                queue.DescriptorArea = WithHalf(queue.DescriptorArea, 0, value);
                break;
            case VirtioMmioRegister.QueueDescHigh when !queue.IsReady:
                queue.DescriptorArea = WithHalf(queue.DescriptorArea, 1, value);
                break;
            case VirtioMmioRegister.QueueDriverLow when !queue.IsReady:
                queue.DriverArea = WithHalf(queue.DriverArea, 0, value);
                break;
            case VirtioMmioRegister.QueueDriverHigh when !queue.IsReady:
                queue.DriverArea = WithHalf(queue.DriverArea, 1, value);
                break;
            case VirtioMmioRegister.QueueDeviceLow when !queue.IsReady:
                queue.DeviceArea = WithHalf(queue.DeviceArea, 0, value);
                break;
            case VirtioMmioRegister.QueueDeviceHigh when !queue.IsReady:
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

    private void WriteQueuePfn(Virtqueue queue, uint value)
    {
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
