namespace RiscvXv6.Tests.Support;

/// <summary>Offsets of the registers (Virtio "MMIO Device Register Layout" and "Legacy interface"), in bytes.</summary>
internal static class VirtioMmioOffset
{
    public const uint MagicValue = 0x000;
    public const uint Version = 0x004;
    public const uint DeviceId = 0x008;
    public const uint VendorId = 0x00c;
    public const uint DeviceFeatures = 0x010;
    public const uint DeviceFeaturesSel = 0x014;
    public const uint DriverFeatures = 0x020;
    public const uint DriverFeaturesSel = 0x024;

    /// <summary>Version 1 only.</summary>
    public const uint GuestPageSize = 0x028;

    public const uint QueueSel = 0x030;
    public const uint QueueNumMax = 0x034;
    public const uint QueueNum = 0x038;

    /// <summary>Version 1 only.</summary>
    public const uint QueueAlign = 0x03c;

    /// <summary>Version 1 only.</summary>
    public const uint QueuePfn = 0x040;

    /// <summary>Version 2 only, as are the areas' addresses.</summary>
    public const uint QueueReady = 0x044;

    public const uint QueueNotify = 0x050;
    public const uint InterruptStatus = 0x060;
    public const uint InterruptAck = 0x064;
    public const uint Status = 0x070;
    public const uint QueueDescLow = 0x080;
    public const uint QueueDescHigh = 0x084;
    public const uint QueueDriverLow = 0x090;
    public const uint QueueDriverHigh = 0x094;
    public const uint QueueDeviceLow = 0x0a0;
    public const uint QueueDeviceHigh = 0x0a4;
    public const uint SharedMemoryLengthLow = 0x0b0;
    public const uint SharedMemoryLengthHigh = 0x0b4;
    public const uint SharedMemoryBaseLow = 0x0b8;
    public const uint SharedMemoryBaseHigh = 0x0bc;
    public const uint ConfigGeneration = 0x0fc;

    /// <summary>First byte of the device's own configuration.</summary>
    public const uint Config = 0x100;
}
