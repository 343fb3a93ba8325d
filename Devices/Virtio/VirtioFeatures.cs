namespace RiscvXv6.Devices.Virtio;

/// <summary>Feature bits that belong to no one device type (Virtio "Reserved Feature Bits"), as masks.</summary>
public static class VirtioFeatures
{
    public const ulong IndirectDesc = 1UL << 28;

    public const ulong EventIdx = 1UL << 29;

    public const ulong Version1 = 1UL << 32;

    /// <summary>What the queues of this machine can do, whatever the device.</summary>
    public const ulong Ring = IndirectDesc | EventIdx;
}
