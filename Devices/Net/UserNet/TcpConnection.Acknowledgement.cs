using RiscvXv6.Devices.Net.Wire;
using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Devices.Net.UserNet;

// What the guest says about the segments that it got.
internal sealed partial class TcpConnection
{
    /// <summary>RFC 5681 "Fast Retransmit/Fast Recovery".</summary>
    private const int DuplicatesOfLoss = 3;

    private uint ScaledWindow(in TcpSegment segment) =>
        (uint)segment.Window << ((segment.Flags & TcpFlags.Syn) != 0 ? 0 : _sendShift);

    /// <summary>The fifth check. False if the segment is to be dropped.</summary>
    private bool TakeAcknowledgement(in TcpSegment segment)
    {
        uint acknowledged = segment.Acknowledgement;
        if (TcpSequence.IsAfter(acknowledged, _sendMax)
            || TcpSequence.IsBefore(acknowledged, _sendUnacknowledged - _sendWindowMax))
        {
            // RFC 5961 "Blind Data Injection Attack": an acknowledgement of what was never sent, or very old.
            Challenge();
            return false;
        }

        uint window = ScaledWindow(segment);
        if (TcpSequence.IsAfter(acknowledged, _sendUnacknowledged))
        {
            TakeNewAcknowledgement(acknowledged);
        }
        else if (acknowledged == _sendUnacknowledged && window == _sendWindow && segment.SequenceLength == 0)
        {
            TakeDuplicate();
        }

        UpdateSendWindow(segment, window);
        if (_timers.Persist != EventScheduler.Never)
        {
            // It answers, if only that there is no room: it lives.
            _retries = 0;
        }

        return true;
    }

    private void UpdateSendWindow(in TcpSegment segment, uint window)
    {
        uint acknowledged = segment.Acknowledgement;
        if (TcpSequence.IsBefore(acknowledged, _sendUnacknowledged)
            || TcpSequence.IsBefore(segment.Sequence, _sendWindowSequence)
            || (segment.Sequence == _sendWindowSequence && TcpSequence.IsBefore(acknowledged, _sendWindowAcknowledgement)))
        {
            return;
        }

        _sendWindow = window;
        _sendWindowMax = Math.Max(_sendWindowMax, window);
        _sendWindowSequence = segment.Sequence;
        _sendWindowAcknowledgement = acknowledged;
        if (window > 0)
        {
            _timers.Persist = EventScheduler.Never;
        }
    }

    private void TakeNewAcknowledgement(uint acknowledged)
    {
        uint bytes = acknowledged - _sendUnacknowledged;
        int data = (int)Math.Min(bytes, (uint)_buffer.Count);
        bool isFinAcknowledged = bytes > data;
        bool wasLimited = _sendMax - _sendUnacknowledged + (uint)_segmentBytes > _congestion.Window;
        TakeRoundTrip(acknowledged);
        _retries = 0;
        _duplicates = 0;
        _buffer.Discard(data);
        _sendUnacknowledged = acknowledged;
        _sendNext = TcpSequence.Later(_sendNext, acknowledged);
        if (_congestion.Acknowledge(acknowledged, bytes, wasLimited, _sendMax - acknowledged))
        {
            RetransmitOne();
        }

        RestartRetransmission();
        Grant();
        if (isFinAcknowledged)
        {
            TakeFinAcknowledgement();
        }
    }

    private void TakeFinAcknowledgement()
    {
        switch (State)
        {
            case TcpState.FinWait1:
                State = TcpState.FinWait2;
                break;
            case TcpState.Closing:
                EnterTimeWait();
                break;
            case TcpState.LastAck:
                Release();
                break;
        }
    }

    private void TakeDuplicate()
    {
        if (_sendMax == _sendUnacknowledged || _timers.Persist != EventScheduler.Never)
        {
            _duplicates = 0;
            return;
        }

        _duplicates++;
        if (_congestion.IsRecovering)
        {
            _congestion.Inflate();
        }
        else if (_duplicates == DuplicatesOfLoss && TcpSequence.IsAfter(_sendUnacknowledged, _congestion.RecoveryPoint - 1))
        {
            _congestion.Lose(_sendMax - _sendUnacknowledged, _sendMax);
            RetransmitOne();
            RestartRetransmission();
        }
    }

    /// <summary>The round trip is known if the timed segment was sent only once.</summary>
    private void TakeRoundTrip(uint acknowledged)
    {
        if (_isRepeating)
        {
            _roundTrip.Repeated(_relay.Clock.NowCycles - _repeatedCycles);
            _isRepeating = TcpSequence.IsBefore(acknowledged, _repeatedUpTo);
        }
        else if (_isTiming && TcpSequence.IsAfter(acknowledged, _timedSequence))
        {
            _isTiming = false;
            _roundTrip.Measure(_relay.Clock.NowCycles - _timedCycles);
        }
    }
}
