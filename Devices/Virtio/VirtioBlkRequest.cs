namespace RiscvXv6.Devices.Virtio;

/// <summary>Request types of a block device (Virtio "Block Device", "Device Operation").</summary>
public enum VirtioBlkRequest : uint
{
    In = 0,
    Out = 1,
    Flush = 4,
    GetId = 8,

    /// <summary>An obsolete flag that old drivers OR into the type; a device that does not offer it ignores it.</summary>
    Barrier = 0x8000_0000,
}
