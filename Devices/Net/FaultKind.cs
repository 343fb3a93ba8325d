namespace RiscvXv6.Devices.Net;

/// <summary>What a bad network does to a frame.</summary>
public enum FaultKind
{
    Drop,
    Duplicate,

    /// <summary>A bit is changed and the frame check sequence fits: only the checksums of higher protocols can tell.</summary>
    Corrupt,

    /// <summary>The frame check sequence does not fit.</summary>
    BadFcs,
    Reorder,
    Delay,

    /// <summary>It waits for those before it on a slow line, or finds the line's queue full.</summary>
    RateLimit,

    /// <summary>The link is down.</summary>
    LinkDown,
}
