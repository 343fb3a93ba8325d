namespace RiscvXv6.Devices.E1000;

/// <summary>The packet whose bytes are being fetched.</summary>
public record struct OpenPacket
{
    /// <summary>
    /// There is one: a descriptor with data, or that fails, has been begun since the last end of packet.
    /// </summary>
    public bool IsOpen { get; set; }

    /// <summary>Its first descriptor, which decides on checksums, and in a segmentation on the rest.</summary>
    public TransmitDescriptor First { get; set; }

    /// <summary>Bytes in the buffer: of the packet, or of a segment with its headers.</summary>
    public int Length { get; set; }

    /// <summary>It is cut into segments.</summary>
    public bool IsSegmented { get; set; }

    /// <summary>Of a segmentation: its context, whatever later ones say.</summary>
    public TransmitContext Context { get; set; }

    /// <summary>Of a segmentation: the account of the last segment that has ended.</summary>
    public ulong LastSegment { get; set; }

    /// <summary>Of a segmentation: bytes of payload that are in segments which have ended.</summary>
    public int PayloadDone { get; set; }

    /// <summary>Of a segmentation: segments that have ended.</summary>
    public int Segments { get; set; }

    /// <summary>Of a segmentation: there were more bytes than PAYLEN says.</summary>
    public bool IsTooMuch { get; set; }

    /// <summary>Why it will come to nothing: what is left of it is not fetched.</summary>
    public PacketDrop Drop { get; set; }

    /// <summary>When its first descriptor was given to the hardware.</summary>
    public ulong FirstCycle { get; set; }

    /// <summary>Cycles in which it waited for the fetch, and for its turn behind it.</summary>
    public ulong QueueCycles { get; set; }

    /// <summary>Cycles of its first descriptor's fetch.</summary>
    public ulong FetchCycles { get; set; }

    /// <summary>When its turn came.</summary>
    public ulong BegunCycle { get; set; }
}
