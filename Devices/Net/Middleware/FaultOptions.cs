namespace RiscvXv6.Devices.Net.Middleware;

/// <summary>How bad a network is. Equal options and equal frames at equal cycles meet equal faults.</summary>
public sealed record FaultOptions
{
    /// <summary>Of all that is left to chance. Each direction and each kind of fault has a sequence of its own.</summary>
    public ulong Seed { get; init; } = 1;

    public DirectionFaults ToNetwork { get; init; } = new();

    public DirectionFaults ToCard { get; init; } = new();

    /// <summary>How long the link stays up between two failures, on average: half to one and a half of it. 0 for always.</summary>
    public ulong FlapEveryNanoseconds { get; init; }

    /// <summary>How long the link stays down.</summary>
    public ulong FlapDownNanoseconds { get; init; } = 100_000_000;
}
