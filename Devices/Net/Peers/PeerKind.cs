namespace RiscvXv6.Devices.Net.Peers;

/// <summary>What a peer does with what it is sent.</summary>
public enum PeerKind
{
    /// <summary>Sends it back (RFC 862).</summary>
    Echo,

    /// <summary>Throws it away (RFC 863).</summary>
    Discard,

    /// <summary>Sends without being sent much (RFC 864).</summary>
    Generator,

    /// <summary>Answers HTTP.</summary>
    Web,

    /// <summary>Says what the options say, to everybody.</summary>
    Answer,
}
