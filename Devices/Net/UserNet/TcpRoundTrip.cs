namespace RiscvXv6.Devices.Net.UserNet;

/// <summary>
/// The retransmission timeout from measured round trips (RFC 6298 "The Basic Algorithm"), in virtual time.
/// </summary>
/// <remarks>
/// Deviation: the least timeout is 200 ms and not 1 s, as Linux has it: the cable is short.
/// </remarks>
internal struct TcpRoundTrip(ulong cyclesPerSecond)
{
    /// <summary>Doublings after which the timeout is at its longest anyway.</summary>
    private const int BackOffMax = 9;

    private readonly ulong _initialCycles = cyclesPerSecond;
    private readonly ulong _leastCycles = cyclesPerSecond / 5;
    private readonly ulong _longestCycles = cyclesPerSecond * 60;
    private readonly ulong _granularityCycles = cyclesPerSecond / 1000;
    private ulong _smoothedCycles;
    private ulong _variationCycles;
    private ulong _timeoutCycles = cyclesPerSecond;
    private bool _isMeasured;
    private int _backOff;

    /// <summary>How long to wait for an acknowledgement.</summary>
    public readonly ulong TimeoutCycles => Math.Min(_timeoutCycles << _backOff, _longestCycles);

    /// <summary>
    /// How long a guest may be silent that has got more than one segment and must acknowledge every second one at once
    /// (RFC 1122 "When to Send an ACK Segment"): the two round trips of RFC 8985 "Scheduling a Loss Probe", and longer
    /// than a window of the guest's own data, which its acknowledgements wait behind, takes at 1 Gb/s.
    /// </summary>
    public readonly ulong LossProbeCycles =>
        _isMeasured ? Math.Max(2 * _smoothedCycles, 10 * _granularityCycles) : _timeoutCycles;

    /// <summary>
    /// Something that was sent again is acknowledged, be it this time or the time before; so it is not measured (Karn's
    /// algorithm), and the doubled timeout stays. But if that came as soon as round trips take, then it is about this
    /// time, and the doubling was for a loss.
    /// </summary>
    /// <param name="cycles">Since it was sent last.</param>
    public void Repeated(ulong cycles)
    {
        if (_isMeasured && cycles <= 2 * _smoothedCycles + _granularityCycles)
        {
            _backOff = 0;
        }
    }

    /// <summary>
    /// Takes the round trip of a segment that was sent once (RFC 6298 "Taking RTT Samples": Karn's algorithm).
    /// </summary>
    public void Measure(ulong cycles)
    {
        cycles = Math.Min(cycles, _longestCycles);
        if (!_isMeasured)
        {
            _isMeasured = true;
            _smoothedCycles = cycles;
            _variationCycles = cycles / 2;
        }
        else
        {
            ulong distance = cycles > _smoothedCycles ? cycles - _smoothedCycles : _smoothedCycles - cycles;
            _variationCycles = (3 * _variationCycles + distance) / 4;
            _smoothedCycles = (7 * _smoothedCycles + cycles) / 8;
        }

        _backOff = 0;
        ulong timeout = _smoothedCycles + Math.Max(_granularityCycles, 4 * _variationCycles);
        _timeoutCycles = Math.Clamp(timeout, _leastCycles, _longestCycles);
    }

    /// <summary>Doubles the timeout: it ran out.</summary>
    public void BackOff() => _backOff = Math.Min(_backOff + 1, BackOffMax);

    /// <summary>
    /// Begins with data, after a handshake (RFC 6298 "Managing the RTO Timer", 5.7: three seconds if SYN had to be
    /// repeated).
    /// </summary>
    public void Start()
    {
        _timeoutCycles = _backOff > 0 ? _initialCycles * 3 : _timeoutCycles;
        _backOff = 0;
    }
}
