namespace RiscvXv6.Devices.E1000;

/// <summary>What the transmitter's wire carries.</summary>
public enum WirePhase
{
    Idle,

    /// <summary>A frame from the FIFO.</summary>
    Frame,

    /// <summary>A PAUSE frame of the card's own.</summary>
    Pause,

    /// <summary>The gap behind a frame from the FIFO.</summary>
    FrameGap,

    /// <summary>The gap behind a PAUSE frame.</summary>
    PauseGap,
}
