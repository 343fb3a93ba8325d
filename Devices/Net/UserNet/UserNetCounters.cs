namespace RiscvXv6.Devices.Net.UserNet;

/// <summary>What became of the frames of a user network.</summary>
public sealed class UserNetCounters
{
    public long FramesFromGuest { get; internal set; }

    public long FramesToGuest { get; internal set; }

    /// <summary>Frames that came damaged, and so were not looked at.</summary>
    public long DroppedBadFcs { get; internal set; }

    /// <summary>Frames for other stations, other VLANs, and of protocols that nobody here speaks.</summary>
    public long DroppedNotForUs { get; internal set; }

    /// <summary>Packets that contradict themselves, or whose checksum is wrong.</summary>
    public long DroppedMalformed { get; internal set; }

    /// <summary>Packets from addresses that a guest can't have, or to addresses that nobody has.</summary>
    public long DroppedAddress { get; internal set; }

    /// <summary>Packets that a restricted network does not let out.</summary>
    public long DroppedRestricted { get; internal set; }

    /// <summary>Packets to a guest that did not say in time where it is, or of which too many waited.</summary>
    public long DroppedUnresolved { get; internal set; }
}
