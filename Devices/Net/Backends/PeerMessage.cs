namespace RiscvXv6.Devices.Net.Backends;

/// <summary>First byte of a message from a transport to the machine.</summary>
internal enum PeerMessage : byte
{
    /// <summary>Followed by a frame.</summary>
    Frame,

    /// <summary>Followed by who it is, in UTF-8.</summary>
    Connected,

    /// <summary>Followed by the reason, in UTF-8.</summary>
    Disconnected,

    /// <summary>Followed by the reason, in UTF-8.</summary>
    DisconnectedForGood,
}
