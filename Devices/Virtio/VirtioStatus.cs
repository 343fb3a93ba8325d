namespace RiscvXv6.Devices.Virtio;

/// <summary>Bits of the device status field (Virtio "Device Status Field").</summary>
[Flags]
public enum VirtioStatus : byte
{
    None = 0,
    Acknowledge = 1,
    Driver = 2,
    DriverOk = 4,
    FeaturesOk = 8,
    DeviceNeedsReset = 64,
    Failed = 128,
}
