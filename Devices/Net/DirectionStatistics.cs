namespace RiscvXv6.Devices.Net;

/// <summary>What happened to the frames that went one way on a cable.</summary>
public sealed class DirectionStatistics
{
    private static readonly FaultKind[] s_kinds = Enum.GetValues<FaultKind>();

    private readonly ulong[] _faults = new ulong[s_kinds.Length];
    private ulong _lost;

    /// <summary>Frames at the card's end.</summary>
    public ulong Frames { get; private set; }

    /// <summary>Their bytes, without frame check sequences.</summary>
    public ulong Bytes { get; private set; }

    /// <summary>Frames that the back end could not pass on: nobody is there, or does not keep up, or they were damaged.</summary>
    public ulong Lost => Volatile.Read(ref _lost);

    /// <summary>Frames that a fault swallowed.</summary>
    public ulong LostToFaults { get; private set; }

    /// <summary>How many frames a fault has befallen, lost or not.</summary>
    public ulong Faults(FaultKind kind) => _faults[(int)kind];

    /// <summary>A frame at the card's end.</summary>
    public void Count(int lengthBytes)
    {
        Frames++;
        Bytes += (ulong)lengthBytes;
    }

    /// <summary>A frame that the back end could not pass on. From any thread.</summary>
    public void CountLost() => Interlocked.Increment(ref _lost);

    public void CountFault(FaultKind kind, bool isLost)
    {
        _faults[(int)kind]++;
        LostToFaults += isLost ? 1u : 0;
    }

    internal IEnumerable<(string Name, ulong Value)> Rows(string prefix) =>
    [
        ($"{prefix}: frames", Frames),
        ($"{prefix}: bytes", Bytes),
        ($"{prefix}: lost", Lost),
        .. s_kinds.Where(kind => Faults(kind) != 0).Select(kind => ($"{prefix}: {kind}", Faults(kind))),
    ];
}
