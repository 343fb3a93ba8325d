namespace RiscvXv6.Devices.E1000;

/// <summary>How far a channel's transfer is.</summary>
public enum DmaPhase
{
    /// <summary>No transfer is wanted.</summary>
    Idle,

    /// <summary>It waits for the bus or, on a link, for the lanes toward memory.</summary>
    AwaitingBus,

    /// <summary>It has the bus or, on a link, the lanes toward memory.</summary>
    OnBus,

    /// <summary>A link's request is with memory.</summary>
    InMemory,

    /// <summary>A link's completions wait for the lanes from memory.</summary>
    AwaitingReturn,

    /// <summary>A link's completions are on the lanes from memory.</summary>
    Returning,
}
