namespace RiscvXv6.Devices.Net.Middleware;

/// <summary>
/// Decides which frames are lost, alone or in bursts. Bursts are Gilbert's model: a network that is good or bad, in the bad state loses
/// every frame, and changes its state by chance between two frames. With a share p lost in bursts of b frames on average, it recovers
/// with probability 1/b and fails with p / (b (1 - p)).
/// </summary>
internal sealed class BurstLoss
{
    private readonly Probability _drop;
    private readonly bool _isBursty;
    private readonly Probability _failure;
    private readonly Probability _recovery;
    private FaultSequence _sequence;
    private bool _isBad;

    public BurstLoss(DirectionFaults options, FaultSequence sequence)
    {
        _sequence = sequence;
        _drop = options.Drop;
        double lost = _drop.PartsPerMillion / (double)Probability.Million;
        _isBursty = options.BurstFrames > 1 && lost is > 0 and < 1;
        if (_isBursty)
        {
            _recovery = Of(1 / options.BurstFrames);
            _failure = Of(lost / (options.BurstFrames * (1 - lost)));
        }
    }

    /// <summary>True if the next frame is lost.</summary>
    public bool Next()
    {
        if (!_isBursty)
        {
            return _sequence.Draw(_drop);
        }

        _isBad = _isBad ? !_sequence.Draw(_recovery) : _sequence.Draw(_failure);
        return _isBad;
    }

    private static Probability Of(double share) => new((uint)Math.Min(Probability.Million, Math.Round(share * Probability.Million)));
}
