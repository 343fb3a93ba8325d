namespace RiscvXv6.Emulator.Machine;

/// <summary>Whose turn it is and for how long: in order and of equal length, or varied by a seed to explore interleavings.</summary>
internal sealed class TurnOrder(int hartCount, ulong? seed)
{
    /// <summary>Longest quantum, in cycles.</summary>
    public const int QuantumCycles = 10_000;

    private const int ShortestVariedCycles = 200;

    private ulong _random = (seed ?? 0) * 0x9e37_79b9_7f4a_7c15 + 0x1234_5678_9abc_def1;
    private int _next;

    /// <summary>The next hart for which <paramref name="isRunnable"/> holds, or -1.</summary>
    public int Next(Func<int, bool> isRunnable)
    {
        if (!AnyIsRunnable(isRunnable))
        {
            // Asked however often the host wakes an idle machine, so it must not use up the seed's numbers.
            return -1;
        }

        int first = seed is null ? _next : (int)(NextRandom() % (ulong)hartCount);
        for (int step = 0; step < hartCount; step++)
        {
            int hart = (first + step) % hartCount;
            if (isRunnable(hart))
            {
                _next = (hart + 1) % hartCount;
                return hart;
            }
        }

        return -1;
    }

    /// <summary>Length of the quantum that begins now.</summary>
    public ulong NextQuantumCycles() => seed is null
        ? QuantumCycles
        : ShortestVariedCycles + NextRandom() % (QuantumCycles - ShortestVariedCycles + 1);

    /// <summary>Where in the order it is, to come back to by <see cref="Restore"/>.</summary>
    public (ulong Random, int Next) Place => (_random, _next);

    /// <summary>Comes back to a place: the turns taken since were none.</summary>
    public void Restore((ulong Random, int Next) place) => (_random, _next) = place;

    /// <summary>Starts over, as at power-on.</summary>
    public void Reset() => _next = 0;

    private bool AnyIsRunnable(Func<int, bool> isRunnable)
    {
        for (int hart = 0; hart < hartCount; hart++)
        {
            if (isRunnable(hart))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>xorshift64*: small, and the same on every host.</summary>
    private ulong NextRandom()
    {
        _random ^= _random >> 12;
        _random ^= _random << 25;
        _random ^= _random >> 27;
        return _random * 0x2545_f491_4f6c_dd1d;
    }
}
