using RiscvXv6.Devices.Net.Wire;

namespace RiscvXv6.Devices.Net.UserNet;

// Segments of the guest, in the order of RFC 9293 "SEGMENT ARRIVES".
internal sealed partial class TcpConnection
{
    /// <summary>Answers to segments that may be forged or mistaken, per second (RFC 5961 "ACK Throttling").</summary>
    private const int ChallengesPerSecond = 100;

    /// <summary>What a SYN of ours offers.</summary>
    private const ushort SynWindow = ushort.MaxValue;

    /// <summary>Takes a segment whose checksum is right. The connection may be over afterwards.</summary>
    public void Receive(in TcpSegment segment)
    {
        HeardCycles = _relay.Clock.NowCycles;
        switch (State)
        {
            case TcpState.Connecting:
                ReceiveWhileConnecting(segment);
                return;
            case TcpState.SynSent:
                ReceiveInSynSent(segment);
                break;
            default:
                ReceiveInOrder(segment);
                break;
        }

        if (State != TcpState.Closed)
        {
            Pump();
            SettleAcknowledgement();
            Arm();
        }
    }

    /// <summary>The guest may give up, or begin anew with another number; its SYN comes again while it waits.</summary>
    private void ReceiveWhileConnecting(in TcpSegment segment)
    {
        if ((segment.Flags & TcpFlags.Rst) != 0)
        {
            if (segment.Sequence == _receiveNext || segment.Sequence == _receiveInitial)
            {
                Release();
            }
        }
        else if ((segment.Flags & (TcpFlags.Syn | TcpFlags.Ack)) == TcpFlags.Syn)
        {
            TakeSyn(segment);
        }
    }

    private void ReceiveInSynSent(in TcpSegment segment)
    {
        bool hasAcknowledgement = (segment.Flags & TcpFlags.Ack) != 0;
        if (hasAcknowledgement && segment.Acknowledgement != _sendMax)
        {
            _relay.Refuse(Endpoints, segment);
            return;
        }

        if ((segment.Flags & TcpFlags.Rst) != 0)
        {
            if (hasAcknowledgement)
            {
                _relay.Statistics.ConnectionsRefused++;
                Release();
            }

            return;
        }

        if ((segment.Flags & TcpFlags.Syn) == 0)
        {
            return;
        }

        TakeSyn(segment);
        _receiveEdge = _receiveNext + SynWindow;
        if (hasAcknowledgement)
        {
            TakeRoundTrip(segment.Acknowledgement);
            _sendUnacknowledged = segment.Acknowledgement;
            Establish();
            _owesAcknowledgement = true;
        }
        else
        {
            // RFC 9293 "Establishing a Connection": both SYNs crossed.
            State = TcpState.SynReceived;
            SendSyn();
        }
    }

    private void ReceiveInOrder(in TcpSegment segment)
    {
        uint skipped = 0;
        if (!IsAcceptable(segment, ref skipped) || !IsHarmless(segment))
        {
            return;
        }

        if (State == TcpState.SynReceived && !CompleteHandshake(segment))
        {
            return;
        }

        if (!TakeAcknowledgement(segment) || State is TcpState.Closed)
        {
            return;
        }

        if ((segment.Flags & TcpFlags.Syn) != 0)
        {
            // Its data, if there are any, come again.
            _owesAcknowledgement = true;
        }
        else if (State is TcpState.Established or TcpState.FinWait1 or TcpState.FinWait2)
        {
            TakeData(segment, skipped);
        }
        else if (State == TcpState.TimeWait && segment.SequenceLength > 0)
        {
            _owesAcknowledgement = true;
        }
    }

    /// <summary>The first check: does the segment lie in the window at all?</summary>
    /// <param name="skipped">Bytes at its beginning that came before.</param>
    private bool IsAcceptable(in TcpSegment segment, ref uint skipped)
    {
        uint sequence = segment.Sequence;
        uint end = sequence + segment.SequenceLength;
        bool isSyn = (segment.Flags & TcpFlags.Syn) != 0;
        if (State == TcpState.SynReceived && isSyn && sequence == _receiveInitial && (segment.Flags & TcpFlags.Rst) == 0)
        {
            // The guest has not heard our SYN. If it has sent both at once, this may acknowledge ours.
            if ((segment.Flags & TcpFlags.Ack) != 0 && segment.Acknowledgement == _sendMax)
            {
                return true;
            }

            SendSyn();
            return false;
        }

        bool overlaps = end == sequence
            ? !TcpSequence.IsBefore(sequence, _receiveNext) && !TcpSequence.IsAfter(sequence, _receiveEdge)
            : TcpSequence.IsAfter(end, _receiveNext) && TcpSequence.IsBefore(sequence, _receiveEdge);
        if (overlaps)
        {
            skipped = TcpSequence.IsBefore(sequence, _receiveNext) ? _receiveNext - sequence : 0;
            return true;
        }

        if (sequence == _receiveNext)
        {
            // The window is closed: of a probe, everything but the data counts (RFC 9293 "SEGMENT ARRIVES").
            _owesAcknowledgement = true;
            skipped = (uint)segment.Payload.Length;
            return true;
        }

        if ((segment.Flags & TcpFlags.Rst) == 0)
        {
            if (segment.SequenceLength > 0)
            {
                RestartTimeWait(segment);
                _owesAcknowledgement = true;
            }
            else
            {
                Challenge();
            }
        }

        return false;
    }

    /// <summary>
    /// The second to fourth checks: RST and SYN (RFC 5961), and segments without ACK, which say nothing.
    /// </summary>
    private bool IsHarmless(in TcpSegment segment)
    {
        if ((segment.Flags & TcpFlags.Rst) != 0)
        {
            if (segment.Sequence == _receiveNext)
            {
                Release();
            }
            else
            {
                Challenge();
            }

            return false;
        }

        if ((segment.Flags & TcpFlags.Syn) != 0
            && !(State == TcpState.SynReceived && segment.Sequence == _receiveInitial))
        {
            Challenge();
            return false;
        }

        return (segment.Flags & TcpFlags.Ack) != 0;
    }

    private bool CompleteHandshake(in TcpSegment segment)
    {
        if (segment.Acknowledgement != _sendMax)
        {
            _relay.Refuse(Endpoints, segment);
            return false;
        }

        TakeRoundTrip(segment.Acknowledgement);
        _sendUnacknowledged = segment.Acknowledgement;
        _sendWindow = ScaledWindow(segment);
        _sendWindowMax = Math.Max(_sendWindowMax, _sendWindow);
        _sendWindowSequence = segment.Sequence;
        _sendWindowAcknowledgement = segment.Acknowledgement;
        Establish();
        return true;
    }

    /// <summary>The seventh and eighth checks: data, urgent or not, in order; and FIN.</summary>
    private void TakeData(in TcpSegment segment, uint skipped)
    {
        var data = segment.Payload[(int)Math.Min(skipped, (uint)segment.Payload.Length)..];
        uint sequence = segment.Sequence + skipped;
        uint fin = segment.Sequence + (uint)segment.Payload.Length;
        bool hasFin = (segment.Flags & TcpFlags.Fin) != 0
            && !TcpSequence.IsAfter(fin, _receiveEdge) && !TcpSequence.IsBefore(fin, _receiveNext);
        if (hasFin)
        {
            _hasPendingFin = true;
            _pendingFin = fin;
        }

        int room = Math.Max((int)(_receiveEdge - sequence), 0);
        if (data.Length > room)
        {
            data = data[..room];
            _owesAcknowledgement = true;
        }

        if (sequence == _receiveNext)
        {
            TakeInOrder(data, (segment.Flags & TcpFlags.Psh) != 0);
        }
        else if (!data.IsEmpty || hasFin)
        {
            // RFC 5681 "Fast Retransmit/Fast Recovery": a gap is told at once, so that the guest counts duplicates.
            _relay.Statistics.SegmentsOutOfOrder++;
            _reassembly.Insert(sequence, data);
            _owesAcknowledgement = true;
        }

        if (_hasPendingFin && _pendingFin == _receiveNext)
        {
            TakeFin();
        }
    }

    private void TakeInOrder(ReadOnlySpan<byte> data, bool isPushed)
    {
        if (!data.IsEmpty)
        {
            Deliver(data);
            _unacknowledgedSegments++;
            if (isPushed || _unacknowledgedSegments >= 2 || !_reassembly.IsEmpty)
            {
                _owesAcknowledgement = true;
            }
        }

        while (!_reassembly.IsEmpty && _reassembly.Peek(_receiveNext) is { IsEmpty: false } next)
        {
            Deliver(next);
        }
    }

    private void Deliver(ReadOnlySpan<byte> data)
    {
        _receiveNext += (uint)data.Length;
        _underWayBytes += data.Length;
        _relay.Door.SendTcp(Flow, data);
    }

    private void TakeFin()
    {
        _hasPendingFin = false;
        _receiveNext++;
        _receiveEdge = TcpSequence.Later(_receiveEdge, _receiveNext);
        _owesAcknowledgement = true;
        _reassembly.Clear();
        _relay.Door.EndTcp(Flow);
        switch (State)
        {
            case TcpState.Established:
                State = TcpState.CloseWait;
                break;
            case TcpState.FinWait1:
                State = TcpState.Closing;
                break;
            case TcpState.FinWait2:
                EnterTimeWait();
                break;
        }
    }

    private void RestartTimeWait(in TcpSegment segment)
    {
        if (State == TcpState.TimeWait && (segment.Flags & TcpFlags.Fin) != 0)
        {
            EnterTimeWait();
        }
    }

    /// <summary>Says where we are, but not without end to somebody who does not understand.</summary>
    private void Challenge()
    {
        ulong second = _relay.Clock.NowCycles / _relay.Clock.CyclesPerSecond;
        if (second != _challengeEpochCycles)
        {
            (_challengeEpochCycles, _challenges) = (second, 0);
        }

        _owesAcknowledgement |= _challenges++ < ChallengesPerSecond;
    }
}
