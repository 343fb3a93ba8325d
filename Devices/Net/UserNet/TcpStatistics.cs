namespace RiscvXv6.Devices.Net.UserNet;

/// <summary>What a TCP relay has seen since the machine's start.</summary>
public sealed class TcpStatistics
{
    /// <summary>Segments from the guest, good or bad.</summary>
    public ulong SegmentsReceived { get; internal set; }

    /// <summary>Segments to the guest.</summary>
    public ulong SegmentsSent { get; internal set; }

    /// <summary>Segments to the guest that it had been sent before.</summary>
    public ulong SegmentsRetransmitted { get; internal set; }

    /// <summary>Segments whose checksum or header was wrong.</summary>
    public ulong SegmentsMalformed { get; internal set; }

    /// <summary>Segments with data that came before those in front of them.</summary>
    public ulong SegmentsOutOfOrder { get; internal set; }

    /// <summary>Connections that the guest asked for.</summary>
    public ulong ConnectionsOpened { get; internal set; }

    /// <summary>Connections that were made to the guest.</summary>
    public ulong ConnectionsAccepted { get; internal set; }

    /// <summary>
    /// Connections that were not made: nobody listens, nobody is there, none is allowed, or there are too many.
    /// </summary>
    public ulong ConnectionsRefused { get; internal set; }
}
