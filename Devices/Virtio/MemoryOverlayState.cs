using RiscvXv6.Devices.State;

namespace RiscvXv6.Devices.Virtio;

/// <summary>What a guest wrote over an image, in ascending order of sector.</summary>
public sealed record MemoryOverlayState(ValueArray<OverlaidSector> Sectors);

/// <summary>One sector of 512 bytes.</summary>
public sealed record OverlaidSector(ulong Sector, ValueArray<byte> Bytes);
