namespace RiscvXv6.Devices.Virtio;

/// <summary>What a look at the available ring found.</summary>
public enum RingStatus
{
    Empty,
    Available,

    /// <summary>The ring is not in RAM, or its contents break the rules.</summary>
    Malformed,
}
