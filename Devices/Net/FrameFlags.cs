namespace RiscvXv6.Devices.Net;

/// <summary>What is wrong with a frame. Frames travel without their frame check sequence; these stand for it.</summary>
[Flags]
public enum FrameFlags
{
    None = 0,

    /// <summary>The frame check sequence does not match: a receiver counts a CRC error and drops the frame.</summary>
    BadFcs = 1 << 0,

    /// <summary>
    /// The sender appended no frame check sequence (the e1000's IFCS = 0); the last four bytes stand in its place.
    /// </summary>
    MissingFcs = 1 << 1,

    /// <summary>
    /// The sender did not pad it: a frame below 60 bytes arrives as short as it is. Without this flag whoever puts a
    /// short frame on a wire pads it with zeros, as any sender must (IEEE 802.3 "Data and Pad field").
    /// </summary>
    Unpadded = 1 << 2,
}
