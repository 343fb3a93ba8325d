using RiscvXv6.Devices.Net.Wire;
using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Devices.Net.UserNet;

/// <summary>
/// One connection: a full TCP endpoint toward the guest, in the name of somebody behind the host's door (RFC 9293). The
/// two halves are independent connections; bytes and ends pass between them, and flow control couples them: the window
/// that the guest sees is what the host still takes, and the host may send what the guest's buffer here still takes.
/// </summary>
/// <remarks>
/// Objects are used again and again; nothing is allocated per connection or segment once as many have been open before.
/// </remarks>
internal sealed partial class TcpConnection
{
    /// <summary>Data in a segment to the guest: an Ethernet frame without options.</summary>
    public const int SegmentBytesMax = 1460;

    /// <summary>RFC 9293 "Maximum Segment Size Option": what to assume if nothing is said.</summary>
    private const int SegmentBytesDefault = 536;

    /// <summary>A guest that asks for less has made a mistake; Linux has the same floor.</summary>
    private const int SegmentBytesLeast = 48;

    /// <summary>2^5 x 65,535 bytes are more than <see cref="IHostDoor.SendBufferBytes"/>.</summary>
    private const int ReceiveShift = 5;

    /// <summary>What an ICMP message quotes: the longest IPv4 header and 8 bytes (RFC 792).</summary>
    private const int QuoteBytes = 68;

    private readonly TcpRelay _relay;
    private readonly TcpSendBuffer _buffer;
    private readonly TcpReassembly _reassembly;
    private readonly ScheduledEvent _wake;
    private readonly byte[] _syn = new byte[QuoteBytes];
    private int _synBytes;

    private TcpTimers _timers = TcpTimers.Stopped;
    private TcpRoundTrip _roundTrip;
    private TcpCongestion _congestion;

    // Toward the guest: sequence numbers of ours. The buffer begins at _sendUnacknowledged once the guest has
    // acknowledged SYN.
    private uint _sendUnacknowledged;
    private uint _sendNext;
    private uint _sendMax;
    private uint _sendWindow;
    private uint _sendWindowMax;
    private uint _sendWindowSequence;
    private uint _sendWindowAcknowledgement;
    private int _sendShift;
    private int _segmentBytes;
    private int _duplicates;
    private int _retries;
    private int _lossProbes;
    private int _grantedBytes;
    private bool _isTiming;
    private uint _timedSequence;
    private ulong _timedCycles;
    private bool _isRepeating;
    private uint _repeatedUpTo;
    private ulong _repeatedCycles;

    // From the guest: sequence numbers of the guest's.
    private uint _receiveInitial;
    private uint _receiveNext;
    private uint _receiveEdge;
    private int _receiveShift;
    private int _underWayBytes;
    private bool _hasPendingFin;
    private uint _pendingFin;
    private bool _owesAcknowledgement;
    private int _unacknowledgedSegments;
    private ulong _challengeEpochCycles;
    private int _challenges;

    // The host's side.
    private bool _hasFlow;
    private bool _hasHostEnded;

    /// <param name="relay">To which it belongs.</param>
    /// <param name="flow">Its number at the door, for ever.</param>
    public TcpConnection(TcpRelay relay, int flow)
    {
        _relay = relay;
        Flow = flow;
        _buffer = new TcpSendBuffer(relay.Buffers);
        _reassembly = new TcpReassembly(relay.Buffers);
        _wake = relay.Scheduler.Create("usernet.tcp", Wake);
    }

    public int Flow { get; }

    public TcpState State { get; private set; }

    public TcpEndpoints Endpoints { get; private set; }

    /// <summary>It waits in the relay for room in the cable.</summary>
    public bool IsBlocked { get; set; }

    /// <summary>When the guest was heard last.</summary>
    public ulong HeardCycles { get; private set; }

    /// <summary>The door still knows it.</summary>
    public bool HasFlow => _hasFlow;

    private bool IsSynchronized => State >= TcpState.Established;

    /// <summary>The guest asks for a connection; whether there is one, the host will say.</summary>
    /// <param name="endpoints">The connection's.</param>
    /// <param name="syn">The guest's segment.</param>
    /// <param name="packet">The same from the IPv4 header on.</param>
    /// <param name="target">Where the host is to connect.</param>
    public void OpenFromGuest(in TcpEndpoints endpoints, in TcpSegment syn, ReadOnlySpan<byte> packet, HostEndpoint target)
    {
        Begin(endpoints, TcpState.Connecting);
        _receiveShift = ReceiveShift;
        TakeSyn(syn);
        _synBytes = Math.Min(packet.Length, QuoteBytes);
        packet[.._synBytes].CopyTo(_syn);
        _relay.Door.ConnectTcp(Flow, target);
    }

    /// <summary>Somebody outside has connected to a forwarded port.</summary>
    public void OpenFromHost(in TcpEndpoints endpoints)
    {
        Begin(endpoints, TcpState.SynSent);
        _receiveShift = ReceiveShift;
        SendSyn();
    }

    /// <summary>The host has the connection that the guest asked for.</summary>
    public void HostConnected()
    {
        if (State == TcpState.Connecting)
        {
            State = TcpState.SynReceived;
            SendSyn();
        }
    }

    /// <summary>The host could not make the connection; its flow is over.</summary>
    public void HostFailed(HostFailure reason)
    {
        _hasFlow = false;
        _relay.Statistics.ConnectionsRefused++;
        if (State != TcpState.Connecting || reason == HostFailure.Refused)
        {
            SendReset();
        }
        else
        {
            _relay.Sender.SendUnreachable(TcpRelay.HostUnreachable, _syn.AsSpan(0, _synBytes));
        }

        Release();
    }

    /// <summary>Bytes from the host, for which there is room, as it was granted.</summary>
    public void HostReceived(ReadOnlySpan<byte> data)
    {
        if (!IsSynchronized || State == TcpState.TimeWait)
        {
            return;
        }

        if (data.Length > _buffer.FreeBytes || _hasHostEnded)
        {
            // A door that keeps to no grant. There is no way to go on without a gap.
            Abort();
            return;
        }

        _grantedBytes -= Math.Min(_grantedBytes, data.Length);
        _buffer.Append(data);
        if (_buffer.FreeBytes < _buffer.CapacityBytes / 4 && _sendWindowMax >= _buffer.CapacityBytes / 2)
        {
            _buffer.TryGrow();
        }

        Grant();
        Pump();
        Arm();
    }

    /// <summary>The host took bytes of the guest's.</summary>
    public void HostSent(int bytes)
    {
        _underWayBytes -= Math.Clamp(bytes, 0, _underWayBytes);
        if (State is TcpState.Established or TcpState.FinWait1 or TcpState.FinWait2 && IsWindowUpdateDue())
        {
            Acknowledge();
            Arm();
        }
    }

    /// <summary>The host sends no more.</summary>
    public void HostEnded()
    {
        _hasHostEnded = true;
        Pump();
        Arm();
    }

    /// <summary>The host's side is gone, and its flow with it.</summary>
    public void HostReset()
    {
        _hasFlow = false;
        if (State is not (TcpState.Closed or TcpState.TimeWait))
        {
            SendReset();
            Release();
        }
    }

    /// <summary>A router, or the guest itself, says that a SYN of ours reaches nobody.</summary>
    public void GuestUnreachable()
    {
        if (State == TcpState.SynSent)
        {
            Release();
        }
    }

    /// <summary>Ends both halves without ceremony.</summary>
    public void Abort()
    {
        if (IsSynchronized || State == TcpState.SynReceived)
        {
            SendReset();
        }

        Release();
    }

    /// <summary>True for numbers that the guest has not used in this connection yet.</summary>
    public bool IsUnused(uint sequence) => !TcpSequence.IsBefore(sequence, _receiveNext);

    /// <summary>Forgets the connection; the host's half is closed.</summary>
    public void Release()
    {
        if (State == TcpState.Closed)
        {
            return;
        }

        LetHostGo();
        State = TcpState.Closed;
        _timers = TcpTimers.Stopped;
        _wake.Cancel();
        _buffer.Close();
        _reassembly.Clear();
        _relay.Remove(this);
    }

    private void Begin(in TcpEndpoints endpoints, TcpState state)
    {
        ulong frequency = _relay.Clock.CyclesPerSecond;
        Endpoints = endpoints;
        State = state;
        HeardCycles = _relay.Clock.NowCycles;
        _timers = TcpTimers.Stopped;
        _roundTrip = new TcpRoundTrip(frequency);
        _sendUnacknowledged = _sendNext = _sendMax = InitialSequence();
        _sendWindow = _sendWindowMax = 0;
        _sendWindowSequence = _sendWindowAcknowledgement = 0;
        _sendShift = 0;
        _segmentBytes = SegmentBytesDefault;
        _duplicates = _retries = _lossProbes = _grantedBytes = 0;
        _isTiming = _isRepeating = false;
        _receiveInitial = _receiveNext = _receiveEdge = 0;
        _underWayBytes = 0;
        _hasPendingFin = false;
        _owesAcknowledgement = false;
        _unacknowledgedSegments = 0;
        _challengeEpochCycles = 0;
        _challenges = 0;
        _hasFlow = true;
        _hasHostEnded = false;
        _synBytes = 0;
    }

    /// <summary>
    /// RFC 9293 "Initial Sequence Number Selection": a clock of 4 µs, and a hash, so that a port used again gets
    /// numbers that old segments do not have. Guessing them gains nothing: only the guest is on the cable.
    /// </summary>
    private uint InitialSequence()
    {
        ulong hash = ((ulong)Endpoints.Guest.Address.Value << 32 | Endpoints.Remote.Address.Value)
            ^ ((ulong)Endpoints.Guest.Port << 24 | Endpoints.Remote.Port);
        hash *= 0x9e37_79b9_7f4a_7c15;
        return (uint)(hash >> 32) + (uint)(_relay.Clock.NowCycles / (_relay.Clock.CyclesPerSecond / 250_000));
    }

    /// <summary>Takes what the guest's SYN says.</summary>
    private void TakeSyn(in TcpSegment segment)
    {
        var options = segment.ReadOptions();
        _receiveInitial = segment.Sequence;
        _receiveNext = _receiveEdge = segment.Sequence + 1;
        int asked = options.MaximumSegmentSize == 0 ? SegmentBytesDefault : options.MaximumSegmentSize;
        _segmentBytes = Math.Clamp(asked, SegmentBytesLeast, SegmentBytesMax);

        // RFC 7323 "Window Scale Option": both must have sent it, and the window of a SYN is never scaled.
        _sendShift = Math.Max(options.WindowShift, 0);
        _receiveShift = options.WindowShift < 0 ? 0 : ReceiveShift;
        _sendWindow = _sendWindowMax = segment.Window;
        _sendWindowSequence = segment.Sequence;
        _sendWindowAcknowledgement = segment.Acknowledgement;
    }

    /// <summary>Both SYNs are acknowledged.</summary>
    private void Establish()
    {
        State = TcpState.Established;
        _retries = 0;
        _roundTrip.Start();
        _timers.Retransmit = EventScheduler.Never;
        _congestion.Start(_segmentBytes, _sendUnacknowledged);
        _buffer.Open();
        Grant();
    }

    /// <summary>Lets the host send what fits, in portions that are worth a message.</summary>
    private void Grant()
    {
        int room = _buffer.FreeBytes - _grantedBytes;
        if (_hasFlow && !_hasHostEnded && room >= _buffer.CapacityBytes / 4)
        {
            _grantedBytes += room;
            _relay.Door.GrantTcp(Flow, room);
        }
    }

    private void LetHostGo()
    {
        if (_hasFlow)
        {
            _hasFlow = false;
            _relay.Door.Close(Flow);
        }
    }

    private void EnterTimeWait()
    {
        State = TcpState.TimeWait;
        LetHostGo();
        _timers.Retransmit = _timers.LossProbe = _timers.Persist = EventScheduler.Never;
        _timers.TimeWait = _relay.Clock.NowCycles + TimeWaitSeconds * _relay.Clock.CyclesPerSecond;
        _buffer.Close();
        _reassembly.Clear();
    }
}
