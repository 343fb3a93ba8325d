namespace RiscvXv6.Devices.Net.Middleware;

/// <summary>Numbers by chance that are the same on every host: xorshift64*, begun by SplitMix64.</summary>
internal struct FaultSequence
{
    private ulong _state;

    /// <param name="seed">The user's.</param>
    /// <param name="stream">Which of the sequences that the seed stands for.</param>
    public FaultSequence(ulong seed, int stream)
    {
        _state = Mix(Mix(seed) + (ulong)stream * 0x9e37_79b9_7f4a_7c15);
        if (_state == 0)
        {
            _state = 1; // The one state that the generator never leaves.
        }
    }

    public bool Draw(Probability probability) =>
        probability.PartsPerMillion != 0 && Below(Probability.Million) < probability.PartsPerMillion;

    /// <summary>0 to <paramref name="limit"/> - 1; 0 if that is 0.</summary>
    public ulong Below(ulong limit)
    {
        _state ^= _state >> 12;
        _state ^= _state << 25;
        _state ^= _state >> 27;
        return (ulong)((UInt128)(_state * 0x2545_f491_4f6c_dd1d) * limit >> 64);
    }

    private static ulong Mix(ulong value)
    {
        value += 0x9e37_79b9_7f4a_7c15;
        value = (value ^ value >> 30) * 0xbf58_476d_1ce4_e5b9;
        value = (value ^ value >> 27) * 0x94d0_49bb_1331_11eb;
        return value ^ value >> 31;
    }
}
