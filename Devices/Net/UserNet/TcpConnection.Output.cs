using RiscvXv6.Devices.Net.Wire;
using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Devices.Net.UserNet;

// Segments to the guest.
internal sealed partial class TcpConnection
{
    /// <summary>
    /// Sends what may be sent now: data within both windows while the cable has room, and FIN behind them.
    /// </summary>
    private void Pump()
    {
        if (State is not (TcpState.Established or TcpState.CloseWait or TcpState.FinWait1 or TcpState.Closing or TcpState.LastAck))
        {
            return;
        }

        while (TryChoose(out int length, out bool hasFin))
        {
            if (_relay.Sender.RoomFrames <= 0)
            {
                _relay.Block(this);
                return;
            }

            SendNext(length, hasFin);
        }

        bool isStuck = _sendWindow == 0 && _sendNext == _sendUnacknowledged && _buffer.Count > 0;
        if (isStuck && _timers.Persist == EventScheduler.Never && _timers.Retransmit == EventScheduler.Never)
        {
            _timers.Persist = _relay.Clock.NowCycles + _roundTrip.TimeoutCycles;
        }
    }

    /// <summary>Decides on the next segment, without sending it.</summary>
    private bool TryChoose(out int length, out bool hasFin)
    {
        uint end = _sendUnacknowledged + (uint)_buffer.Count;
        int unsent = (int)(end - _sendNext);
        long usable = (long)Math.Min(_sendWindow, CongestionWindow()) - (_sendNext - _sendUnacknowledged);
        length = (int)Math.Max(0, Math.Min(Math.Min(unsent, _segmentBytes), usable));
        hasFin = _hasHostEnded && unsent == length && unsent >= 0;
        if (hasFin || (length > 0 && (length == unsent || length == _segmentBytes)))
        {
            return true;
        }

        // RFC 9293 "Silly Window Syndrome Avoidance": less than a segment waits for the window, unless nothing would
        // open it, or it never was any larger.
        return length > 0 && (_sendNext == _sendUnacknowledged || length >= _sendWindowMax / 2);
    }

    /// <summary>
    /// RFC 3042 "The Limited Transmit Algorithm": the first two duplicates release a new segment each.
    /// </summary>
    private uint CongestionWindow() => _congestion.IsRecovering
        ? _congestion.Window
        : _congestion.Window + (uint)(Math.Min(_duplicates, DuplicatesOfLoss - 1) * _segmentBytes);

    private void SendNext(int length, bool hasFin)
    {
        uint sequence = _sendNext;
        int offset = (int)(sequence - _sendUnacknowledged);
        var flags = TcpFlags.Ack;
        if (hasFin)
        {
            flags |= TcpFlags.Fin;
            State = State switch
            {
                TcpState.Established => TcpState.FinWait1,
                TcpState.CloseWait => TcpState.LastAck,
                var other => other,
            };
        }

        if (length > 0 && offset + length == _buffer.Count)
        {
            flags |= TcpFlags.Psh;
        }

        _sendNext += (uint)length + (hasFin ? 1u : 0);
        if (TcpSequence.IsBefore(sequence, _sendMax))
        {
            NoteRepeated();
        }
        else if (!_isTiming)
        {
            Time(sequence);
        }

        _sendMax = TcpSequence.Later(_sendMax, _sendNext);
        _timers.Persist = EventScheduler.Never;
        if (_timers.Retransmit == EventScheduler.Never)
        {
            RestartRetransmission();
        }
        else if (_timers.LossProbe == EventScheduler.Never)
        {
            ScheduleLossProbe();
        }

        Emit(sequence, flags, offset, length);
    }

    /// <summary>Sends the oldest segment again, whatever the windows are.</summary>
    private void RetransmitOne()
    {
        int length = Math.Min(_segmentBytes, _buffer.Count);
        bool hasFin = length == _buffer.Count && _sendMax == _sendUnacknowledged + (uint)length + 1;
        if ((length == 0 && !hasFin) || _relay.Sender.RoomFrames <= 0)
        {
            // Without room the timeout will see to it.
            return;
        }

        NoteRepeated();
        uint end = _sendUnacknowledged + (uint)length + (hasFin ? 1u : 0);
        _sendNext = TcpSequence.Later(_sendNext, end);
        _sendMax = TcpSequence.Later(_sendMax, end);
        Emit(_sendUnacknowledged, TcpFlags.Ack | (hasFin ? TcpFlags.Fin : 0), 0, length);
    }

    /// <summary>Sends SYN, with ACK if the guest's has come.</summary>
    private void SendSyn()
    {
        bool isFirst = _sendMax == _sendUnacknowledged;
        _sendNext = _sendMax = _sendUnacknowledged + 1;
        if (isFirst)
        {
            Time(_sendUnacknowledged);
        }
        else
        {
            NoteRepeated();
        }

        _timers.Retransmit = _relay.Clock.NowCycles + _roundTrip.TimeoutCycles;
        Emit(_sendUnacknowledged, TcpFlags.Syn | (State == TcpState.SynReceived ? TcpFlags.Ack : 0), 0, 0);
        Arm();
    }

    /// <summary>Sends RST for a connection that the guest may believe in.</summary>
    private void SendReset()
    {
        // RFC 9293 "Reset Generation": a SYN that was never answered is refused in its own terms.
        bool isUnanswered = State == TcpState.Connecting;
        var header = new TcpHeader(
            Endpoints.Remote.Port,
            Endpoints.Guest.Port,
            isUnanswered ? 0 : _sendMax,
            _receiveNext,
            TcpFlags.Rst | (State == TcpState.SynSent ? 0 : TcpFlags.Ack),
            0);
        _relay.SendSegment(Endpoints, header);
    }

    private void SettleAcknowledgement()
    {
        if (_owesAcknowledgement)
        {
            Acknowledge();
        }
        else if (_unacknowledgedSegments > 0 && _timers.DelayedAcknowledgement == EventScheduler.Never)
        {
            _timers.DelayedAcknowledgement =
                _relay.Clock.NowCycles + _relay.Clock.CyclesPerSecond * DelayedAcknowledgementMilliseconds / 1000;
        }
    }

    /// <summary>Sends an acknowledgement, or owes it until the cable has room.</summary>
    private void Acknowledge()
    {
        if (State is TcpState.Closed or TcpState.Connecting or TcpState.SynSent)
        {
            return;
        }

        if (_relay.Sender.RoomFrames <= 0)
        {
            _owesAcknowledgement = true;
            _relay.Block(this);
            return;
        }

        Emit(_sendNext, TcpFlags.Ack, 0, 0);
    }

    /// <summary>The cable has room again.</summary>
    public void Unblock()
    {
        if (State != TcpState.Closed)
        {
            Pump();
            SettleAcknowledgement();
            Arm();
        }
    }

    /// <summary>Writes a segment and sends it. All state is settled before, for the guest may answer at once.</summary>
    private void Emit(uint sequence, TcpFlags flags, int dataOffset, int dataLength)
    {
        bool isSyn = (flags & TcpFlags.Syn) != 0;
        bool hasAcknowledgement = (flags & TcpFlags.Ack) != 0;
        bool offersScale = isSyn && _receiveShift > 0;
        var options = isSyn ? new TcpOptions(SegmentBytesMax, offersScale ? ReceiveShift : -1) : TcpOptions.None;
        ushort window = hasAcknowledgement ? Advertise(isSyn) : SynWindow;
        if (hasAcknowledgement)
        {
            _owesAcknowledgement = false;
            _unacknowledgedSegments = 0;
            _timers.DelayedAcknowledgement = EventScheduler.Never;
        }

        var header = new TcpHeader(
            Endpoints.Remote.Port, Endpoints.Guest.Port, sequence, hasAcknowledgement ? _receiveNext : 0, flags, window);
        var segment = _relay.Sender.PacketPayload;
        int headerBytes = header.Write(segment, options);
        _buffer.CopyTo(dataOffset, segment.Slice(headerBytes, dataLength));
        _relay.SendWritten(Endpoints, headerBytes + dataLength);
    }

    /// <summary>
    /// The window for the next header; its right edge never moves back (RFC 9293 "Managing the Window").
    /// </summary>
    private ushort Advertise(bool isSyn)
    {
        uint free = (uint)(IHostDoor.SendBufferBytes - _underWayBytes);
        uint edge = _receiveNext + free;
        if (!TcpSequence.IsAfter(edge, _receiveEdge) || edge - _receiveEdge < SegmentBytesMax)
        {
            // RFC 9293 "Silly Window Syndrome Avoidance": it does not open by crumbs.
            edge = _receiveEdge;
        }

        int shift = isSyn ? 0 : _receiveShift;
        uint window = Math.Min((edge - _receiveNext) >> shift, ushort.MaxValue);

        // RFC 7323 "Addressing Window Retraction": what was offered once is taken, even if a later header could not say
        // it exactly.
        _receiveEdge = TcpSequence.Later(_receiveEdge, _receiveNext + (window << shift));
        return (ushort)window;
    }

    /// <summary>The host took so much that the guest ought to know, although there is nothing to acknowledge.</summary>
    private bool IsWindowUpdateDue()
    {
        uint free = (uint)(IHostDoor.SendBufferBytes - _underWayBytes);
        uint offered = _receiveEdge - _receiveNext;
        uint largest = Math.Min(IHostDoor.SendBufferBytes, (uint)ushort.MaxValue << _receiveShift);
        uint wouldOffer = Math.Min(free, largest);
        return wouldOffer > offered
            && (wouldOffer - offered >= largest / 4 || (offered < 2 * SegmentBytesMax && wouldOffer - offered >= SegmentBytesMax));
    }

    private void NoteRepeated()
    {
        _relay.Statistics.SegmentsRetransmitted++;
        _isTiming = false;
        _isRepeating = true;
        _repeatedUpTo = _sendMax;
        _repeatedCycles = _relay.Clock.NowCycles;
    }

    private void Time(uint sequence)
    {
        _isTiming = true;
        _timedSequence = sequence;
        _timedCycles = _relay.Clock.NowCycles;
    }
}
