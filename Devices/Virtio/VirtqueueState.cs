namespace RiscvXv6.Devices.Virtio;

/// <summary>A queue's saved form.</summary>
/// <param name="Size">Entries, 1 to 1024.</param>
/// <param name="AlignBytes">Legacy alignment of the used ring, a power of two.</param>
/// <param name="IsReady">The device may use the rings.</param>
/// <param name="DescriptorArea">Guest physical address.</param>
/// <param name="DriverArea">Guest physical address of the available ring.</param>
/// <param name="DeviceArea">Guest physical address of the used ring.</param>
/// <param name="NextAvailable">Index of the next entry to take, modulo 2^16.</param>
/// <param name="NextUsed">Index of the next entry to return, modulo 2^16.</param>
/// <param name="HasSignalled">An interrupt decision was made since the queue became ready.</param>
/// <param name="SignalledUsed">What <paramref name="NextUsed"/> was at that decision.</param>
public sealed record VirtqueueState(
    ushort Size,
    uint AlignBytes,
    bool IsReady,
    ulong DescriptorArea,
    ulong DriverArea,
    ulong DeviceArea,
    ushort NextAvailable,
    ushort NextUsed,
    bool HasSignalled,
    ushort SignalledUsed);
