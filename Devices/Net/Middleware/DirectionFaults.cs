namespace RiscvXv6.Devices.Net.Middleware;

/// <summary>How bad a network is for frames that go one way.</summary>
public sealed record DirectionFaults
{
    /// <summary>The share of frames that are lost.</summary>
    public Probability Drop { get; init; }

    /// <summary>
    /// How many frames in a row are lost, on average; 1 for losses that know nothing of each other. Whatever it is, the share of
    /// <see cref="Drop"/> remains: longer bursts are rarer.
    /// </summary>
    public double BurstFrames { get; init; } = 1;

    /// <summary>The share of frames that arrive twice.</summary>
    public Probability Duplicate { get; init; }

    /// <summary>The share of frames in which one bit is changed and nothing on the wire shows it.</summary>
    public Probability Corrupt { get; init; }

    /// <summary>The share of frames whose frame check sequence is destroyed.</summary>
    public Probability BadFcs { get; init; }

    /// <summary>The share of frames that are overtaken.</summary>
    public Probability Reorder { get; init; }

    /// <summary>How many later frames overtake one; 1 or more. If they don't come within 10 ms, it goes on.</summary>
    public int ReorderFrames { get; init; } = 1;

    /// <summary>How long every frame takes, besides the wire's time.</summary>
    public ulong DelayNanoseconds { get; init; }

    /// <summary>How much longer than that it may take, by chance. The order remains.</summary>
    public ulong JitterNanoseconds { get; init; }

    /// <summary>Speed of a slow line, with all that a frame has on the wire: preamble, frame check sequence and gap; 0 for none.</summary>
    public ulong RateBitsPerSecond { get; init; }

    /// <summary>What waits for the slow line at most; frames that find it full are lost.</summary>
    public int RateQueueBytes { get; init; } = 256 * 1024;
}
