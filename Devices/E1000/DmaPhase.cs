namespace RiscvXv6.Devices.E1000;

/// <summary>How far a channel's transfer is.</summary>
public enum DmaPhase
{
    /// <summary>No transfer is wanted.</summary>
    Idle,

    /// <summary>It waits for the bus or, on a link, for the lanes toward memory.</summary>
    AwaitingBus,

    /// <summary>It is on its way, and its end is known.</summary>
    UnderWay,
}
