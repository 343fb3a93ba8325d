namespace RiscvXv6.Benchmarks.Packets;

/// <summary>What a peer is to do with a frame.</summary>
internal enum PeerDuty
{
    None,
    AnswerArp,
    Count,
    Echo,
    Flood,

    /// <summary>A frame of a guest without an operating system.</summary>
    Experiment,
}
