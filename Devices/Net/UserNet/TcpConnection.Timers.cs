using RiscvXv6.Devices.Net.Wire;
using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Devices.Net.UserNet;

// Virtual time.
internal sealed partial class TcpConnection
{
    /// <summary>
    /// Twice the longest life of a segment. Deviation: RFC 9293 assumes minutes for a segment's way through the
    /// Internet; here is one cable.
    /// </summary>
    private const ulong TimeWaitSeconds = 2;

    /// <summary>RFC 1122 "When to Send an ACK Segment": less than 500 ms.</summary>
    private const ulong DelayedAcknowledgementMilliseconds = 40;

    /// <summary>
    /// SYNs without an answer: about a minute (RFC 1122 "TCP Connection Failures" asks for three minutes at the most).
    /// </summary>
    private const int SynRetriesMax = 5;

    /// <summary>Segments without an answer: some 15 minutes, as Linux waits.</summary>
    private const int RetriesMax = 15;

    /// <summary>
    /// Has the event fire no later than the earliest deadline; if it fires too early, it is armed again.
    /// </summary>
    private void Arm()
    {
        ulong earliest = _timers.Earliest;
        if (earliest != EventScheduler.Never && (!_wake.IsScheduled || earliest < _wake.DeadlineCycles))
        {
            _wake.ScheduleAt(earliest);
        }
    }

    private void Wake()
    {
        ulong now = _relay.Clock.NowCycles;
        if (_timers.TimeWait <= now)
        {
            Release();
            return;
        }

        if (_timers.DelayedAcknowledgement <= now)
        {
            _timers.DelayedAcknowledgement = EventScheduler.Never;
            Acknowledge();
        }

        if (_timers.Retransmit <= now)
        {
            _timers.Retransmit = _timers.LossProbe = EventScheduler.Never;
            RetransmitTimedOut();
        }

        if (_timers.LossProbe <= now)
        {
            _timers.LossProbe = EventScheduler.Never;
            ProbeForLoss();
        }

        if (_timers.Persist <= now)
        {
            _timers.Persist = EventScheduler.Never;
            Probe();
        }

        if (State != TcpState.Closed)
        {
            Arm();
        }
    }

    /// <summary>
    /// Begins to wait for what is under way, or ceases to if that is nothing (RFC 6298 "Managing the RTO Timer", 5.1 to
    /// 5.3).
    /// </summary>
    private void RestartRetransmission()
    {
        bool isWaiting = _sendMax != _sendUnacknowledged;
        _timers.Retransmit = isWaiting ? _relay.Clock.NowCycles + _roundTrip.TimeoutCycles : EventScheduler.Never;
        _lossProbes = 0;
        ScheduleLossProbe();
    }

    /// <summary>Not after a timeout: then the guest may be gone, and is asked ever more rarely.</summary>
    private void ScheduleLossProbe()
    {
        bool isOwedAnswer = _sendMax - _sendUnacknowledged > (uint)_segmentBytes && _retries == 0;
        ulong deadline = _relay.Clock.NowCycles + (_roundTrip.LossProbeCycles << _lossProbes);
        _timers.LossProbe = isOwedAnswer && deadline < _timers.Retransmit ? deadline : EventScheduler.Never;
    }

    /// <summary>
    /// Something is lost, and with it what would have told of it: the last segments of a flight, or what was sent
    /// again. In the spirit of RFC 8985 "Overview of TLP"; the oldest segment is sent, since without selective
    /// acknowledgements the newest would tell nothing.
    /// </summary>
    private void ProbeForLoss()
    {
        if (_relay.Sender.RoomFrames > 0)
        {
            if (!_congestion.IsRecovering)
            {
                _congestion.Lose(_sendMax - _sendUnacknowledged, _sendMax);
            }

            RetransmitOne();
            _lossProbes++;
        }

        ScheduleLossProbe();
    }

    /// <summary>RFC 6298 "Managing the RTO Timer", steps 5.4 to 5.7.</summary>
    private void RetransmitTimedOut()
    {
        bool isHandshake = !IsSynchronized;
        if (_retries >= (isHandshake ? SynRetriesMax : RetriesMax))
        {
            Abort();
            return;
        }

        if (!isHandshake && _relay.Sender.RoomFrames <= 0)
        {
            // What was sent may still lie in the cable's queue; so it is not the guest that is slow.
            _timers.Retransmit = _relay.Clock.NowCycles + _roundTrip.TimeoutCycles;
            return;
        }

        bool isFirst = _retries == 0;
        _retries++;
        _roundTrip.BackOff();
        _isTiming = false;
        if (isHandshake)
        {
            SendSyn();
            return;
        }

        _congestion.TimeOut(_sendMax - _sendUnacknowledged, _sendMax, isFirst);
        _duplicates = 0;
        _sendNext = _sendUnacknowledged;
        if (_sendWindow == 0)
        {
            Probe();
            return;
        }

        Pump();
    }

    /// <summary>
    /// Sends a byte, or FIN, into a closed window, to hear whether it has opened (RFC 9293 "Zero-Window Probing").
    /// </summary>
    private void Probe()
    {
        if (_retries >= RetriesMax)
        {
            Abort();
            return;
        }

        if (_buffer.Count == 0)
        {
            Pump();
            return;
        }

        if (_relay.Sender.RoomFrames > 0)
        {
            _retries++;
            _roundTrip.BackOff();
            _sendMax = TcpSequence.Later(_sendMax, _sendUnacknowledged + 1);
            Emit(_sendUnacknowledged, TcpFlags.Ack, 0, 1);
        }

        _timers.Persist = _relay.Clock.NowCycles + _roundTrip.TimeoutCycles;
    }
}
