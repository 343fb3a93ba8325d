namespace RiscvXv6.Devices.Net.UserNet;

/// <summary>
/// Slow start, congestion avoidance, fast retransmit and fast recovery (RFC 5681, with the recovery of RFC 6582), in
/// bytes.
/// </summary>
internal struct TcpCongestion
{
    /// <summary>More than any window that is ever offered.</summary>
    private const uint WindowMax = 4 << 20;

    private uint _segmentBytes;
    private uint _threshold;

    /// <summary>Bytes that may be under way.</summary>
    public uint Window { get; private set; }

    /// <summary>A segment was lost, and what was under way when that was seen is not acknowledged yet.</summary>
    public bool IsRecovering { get; private set; }

    /// <summary>What had been sent when the last loss was seen.</summary>
    public uint RecoveryPoint { get; private set; }

    /// <summary>RFC 6928 "TCP Modification": ten segments at first.</summary>
    public void Start(int segmentBytes, uint initialSequence)
    {
        _segmentBytes = (uint)segmentBytes;
        _threshold = WindowMax;
        Window = Math.Min(10 * _segmentBytes, Math.Max(2 * _segmentBytes, 14_600));
        IsRecovering = false;
        RecoveryPoint = initialSequence;
    }

    /// <summary>New data were acknowledged.</summary>
    /// <param name="acknowledged">All before this.</param>
    /// <param name="bytes">How much is new.</param>
    /// <param name="wasLimited">The window was what limited the sender; otherwise it does not grow.</param>
    /// <param name="inFlightBytes">Still under way.</param>
    /// <returns>True if the next segment was lost too and is to be sent again (RFC 6582: a partial acknowledgement).</returns>
    public bool Acknowledge(uint acknowledged, uint bytes, bool wasLimited, uint inFlightBytes)
    {
        if (IsRecovering)
        {
            if (TcpSequence.IsBefore(acknowledged, RecoveryPoint))
            {
                uint deflated = Window > bytes ? Window - bytes : 0;
                Window = Math.Max(deflated + (bytes >= _segmentBytes ? _segmentBytes : 0), _segmentBytes);
                return true;
            }

            IsRecovering = false;
            Window = Math.Min(_threshold, Math.Max(inFlightBytes, _segmentBytes) + _segmentBytes);
            return false;
        }

        if (wasLimited)
        {
            // RFC 5681 "Slow Start and Congestion Avoidance"; RFC 3465 "Choosing the Limit": by the bytes that were
            // acknowledged.
            Window += Window < _threshold
                ? Math.Min(bytes, 2 * _segmentBytes)
                : Math.Max(1, (uint)((ulong)_segmentBytes * _segmentBytes / Window));
            Window = Math.Min(Window, WindowMax);
        }

        return false;
    }

    /// <summary>A third duplicate acknowledgement: a segment was lost.</summary>
    public void Lose(uint inFlightBytes, uint sentUpTo)
    {
        _threshold = Math.Max(inFlightBytes / 2, 2 * _segmentBytes);
        Window = _threshold + 3 * _segmentBytes;
        RecoveryPoint = sentUpTo;
        IsRecovering = true;
    }

    /// <summary>A further duplicate: a segment has left the network.</summary>
    public void Inflate() => Window = Math.Min(Window + _segmentBytes, WindowMax);

    /// <summary>The timeout ran out.</summary>
    /// <param name="isFirst">Not one of several in a row, of which only the first is about the present flight.</param>
    public void TimeOut(uint inFlightBytes, uint sentUpTo, bool isFirst)
    {
        if (isFirst)
        {
            _threshold = Math.Max(inFlightBytes / 2, 2 * _segmentBytes);
        }

        Window = _segmentBytes;
        RecoveryPoint = sentUpTo;
        IsRecovering = false;
    }
}
