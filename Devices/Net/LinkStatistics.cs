namespace RiscvXv6.Devices.Net;

/// <summary>
/// What happened on one card's cable: one object for all parts of the link, counted on the machine thread unless said otherwise. Nothing in the machine
/// reads it.
/// </summary>
/// <param name="name">As reports print it: <c>net0</c>.</param>
public sealed class LinkStatistics(string name)
{
    private ulong _malformed;

    public string Name => name;

    /// <summary>Frames that the card sent.</summary>
    public DirectionStatistics ToNetwork { get; } = new();

    /// <summary>Frames that came to the card's end of the cable.</summary>
    public DirectionStatistics ToCard { get; } = new();

    /// <summary>The far end is plugged in.</summary>
    public bool IsUp { get; set; } = true;

    /// <summary>Times that the far end was unplugged.</summary>
    public ulong TimesDown { get; set; }

    /// <summary>What came from the host and is no frame, as a datagram of three bytes.</summary>
    public ulong Malformed => Volatile.Read(ref _malformed);

    public DirectionStatistics this[FrameDirection direction] => direction == FrameDirection.ToNetwork ? ToNetwork : ToCard;

    /// <summary>Something came that is no frame. From any thread.</summary>
    public void CountMalformed() => Interlocked.Increment(ref _malformed);

    /// <summary>Everything for a report, in words; those of faults only if there were any.</summary>
    public IEnumerable<(string Name, ulong Value)> Rows() =>
    [
        .. ToNetwork.Rows("to the network"),
        .. ToCard.Rows("to the card"),
        ("link lost", TimesDown),
        ("malformed", Malformed),
    ];
}
