namespace RiscvXv6.Devices.E1000;

/// <summary>What the transmitter does with its present descriptor.</summary>
public enum TransmitStep
{
    /// <summary>There is none.</summary>
    Idle,

    /// <summary>Bytes of its buffer are to be fetched when there is room.</summary>
    Waiting,

    /// <summary>Bytes of its buffer are being fetched.</summary>
    Fetching,
}
