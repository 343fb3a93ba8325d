namespace RiscvXv6.Devices.Virtio;

/// <summary>A block device's saved form; requests that wait are in the guest's own ring.</summary>
/// <param name="InFlight">A request was taken and has not been returned.</param>
/// <param name="Head">Its first descriptor.</param>
/// <param name="DeadlineCycles">When it completes.</param>
public sealed record VirtioBlkState(bool InFlight, ushort Head, ulong DeadlineCycles);
