namespace RiscvXv6.Devices.E1000;

/// <summary>What a received frame is to the MAC itself.</summary>
internal enum ControlFrame
{
    /// <summary>Nothing: it is for the host.</summary>
    None,

    /// <summary>A PAUSE frame for this station.</summary>
    Pause,

    /// <summary>A MAC control frame for this station with another opcode.</summary>
    Other,
}
