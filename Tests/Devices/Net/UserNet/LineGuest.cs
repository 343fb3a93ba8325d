using RiscvXv6.Devices.Net.Wire;
using RiscvXv6.Devices.Timing;
using RiscvXv6.Tests.Support;
using static RiscvXv6.Tests.Devices.Net.UserNet.TcpRig;

namespace RiscvXv6.Tests.Devices.Net.UserNet;

/// <summary>
/// A guest with the simplest TCP that works, written for the tests and sharing nothing with the machine's: it connects, sends what it was
/// given, takes what comes, and ends. It counts bytes from the beginning of each stream, sends again from the oldest byte when nothing is
/// heard for 250 ms (and longer each time) or after three duplicates, and acknowledges every segment.
/// </summary>
internal sealed class LineGuest
{
    private const uint Isn = 0xffff_f000;
    private const int SegmentBytes = 1460;
    private const int FlightBytes = 1024 * 1024;
    private const int Shift = 4;
    private const ulong FirstTimeoutCycles = 250_000_000;
    private const ulong LongestTimeoutCycles = 4_000_000_000;

    private static readonly MacAddress Mac = Packets.Mac("52:54:00:12:34:56");

    private readonly IGuestClock _clock;
    private readonly ScheduledEvent _timer;
    private readonly SortedDictionary<long, byte[]> _early = [];
    private byte[] _outgoing = [];
    private int _port;
    private int _localPort = 20_000;
    private uint _theirIsn;
    private long _acknowledged;
    private long _sent;
    private long _sentMost;
    private long _theirWindow;
    private int _theirShift;
    private int _duplicates;
    private long _repairedAt = -1;
    private long _theirFin = -1;
    private ulong _timeout = FirstTimeoutCycles;

    public LineGuest(IGuestClock clock, EventScheduler scheduler)
    {
        _clock = clock;
        Cable = new LineCable(clock, scheduler, Receive);
        _timer = scheduler.Create("test.guest", TimedOut);
    }

    public LineCable Cable { get; }

    /// <summary>What came, in order.</summary>
    public MemoryStream Received { get; } = new();

    /// <summary>UDP datagrams that came.</summary>
    public int Datagrams { get; private set; }

    public bool IsConnected { get; private set; }

    /// <summary>Both ends are over, and the last byte is acknowledged.</summary>
    public bool IsDone { get; private set; }

    public bool IsReset { get; private set; }

    /// <summary>Segments with data or FIN, sent again or not.</summary>
    public int SegmentsSent { get; private set; }

    /// <summary>How many bytes of the stream are acknowledged; SYN is the first and FIN the last.</summary>
    private long End => _outgoing.Length + 2;

    /// <summary>Connects to the gateway, sends something, and ends its side.</summary>
    public void Connect(int port, byte[] outgoing)
    {
        (_port, _outgoing) = (port, outgoing);
        (_acknowledged, _sent, _sentMost, _theirWindow) = (0, 0, 0, 1);
        _localPort++;
        (IsConnected, IsDone, IsReset, _theirFin, _duplicates, _repairedAt) = (false, false, false, -1, 0, -1);
        _timeout = FirstTimeoutCycles;
        Received.SetLength(0);
        _early.Clear();
        Push();
    }

    public void SendDatagram(int port, byte[] data)
    {
        byte[] payload = Packets.UdpPayload(GuestAddress, 5_000, Gateway, port, data);
        SendPacket(Packets.Udp, payload);
    }

    private void Receive(byte[] frame)
    {
        if (Packets.Word(frame, 12) == Packets.Arp)
        {
            if (frame[21] == 1)
            {
                var asker = MacAddress.Read(frame.AsSpan(22));
                var answer = Packets.ArpPayload(2, Mac, GuestAddress, asker, new IPv4Address(Packets.Long(frame, 28)));
                Cable.Send(Packets.Ethernet(asker, Mac, Packets.Arp, answer));
            }

            return;
        }

        if (Packets.Fault(frame) is { })
        {
            return;
        }

        if (frame[23] == Packets.Udp)
        {
            Datagrams++;
        }
        else if (frame[23] == Packets.Tcp && Packets.Word(frame, 36) == _localPort)
        {
            ReceiveSegment(frame[34..(14 + Packets.Word(frame, 16))]);
        }
    }

    private void ReceiveSegment(byte[] segment)
    {
        int flags = segment[13];
        byte[] data = segment[((segment[12] >> 4) * 4)..];
        if ((flags & Rst) != 0)
        {
            IsReset = true;
            _timer.Cancel();
            return;
        }

        if ((flags & Syn) != 0 && !IsConnected)
        {
            IsConnected = true;
            _theirIsn = Packets.Long(segment, 4);
            int scale = segment.AsSpan(20, (segment[12] >> 4) * 4 - 20).IndexOf((byte[])[3, 3]);
            _theirShift = scale < 0 ? 0 : segment[20 + scale + 2];
        }

        if (!IsConnected)
        {
            return;
        }

        bool isSyn = (flags & Syn) != 0;
        TakeAcknowledgement(
            (uint)(Packets.Long(segment, 8) - Isn), Packets.Word(segment, 14) << (isSyn ? 0 : _theirShift), data.Length == 0 && !isSyn);
        if (!isSyn)
        {
            TakeData((int)(Packets.Long(segment, 4) - _theirIsn - 1), data, (flags & Fin) != 0);
        }

        bool occupies = isSyn || data.Length > 0 || (flags & Fin) != 0;
        IsDone = _acknowledged == End && _theirFin == Received.Length;
        if (IsDone)
        {
            _timer.Cancel();
        }

        if (!Push() && occupies)
        {
            SendSegment(Ack, _sent, []);
        }
    }

    private void TakeAcknowledgement(long acknowledged, long window, bool isPure)
    {
        if (acknowledged > _acknowledged && acknowledged <= _sentMost)
        {
            _acknowledged = acknowledged;
            _sent = Math.Max(_sent, acknowledged);
            _duplicates = 0;
            _timeout = FirstTimeoutCycles;
            _timer.Cancel();
            if (_acknowledged < _sentMost)
            {
                _timer.ScheduleAt(_clock.NowCycles + _timeout);
            }
        }
        else if (acknowledged == _acknowledged && isPure && window == _theirWindow && _sentMost > _acknowledged
            && ++_duplicates == 3 && _repairedAt != _acknowledged)
        {
            _repairedAt = _acknowledged;
            SendFrom(_acknowledged);
        }

        _theirWindow = window;
    }

    private void TakeData(long at, byte[] data, bool isFin)
    {
        if (isFin)
        {
            _theirFin = at + data.Length;
        }

        if (data.Length > 0 && at + data.Length > Received.Length)
        {
            _early.TryAdd(at, data);
            if (_early[at].Length < data.Length)
            {
                _early[at] = data;
            }
        }

        while (_early.Count > 0 && _early.First() is var (start, piece) && start <= Received.Length)
        {
            _early.Remove(start);
            int skip = (int)(Received.Length - start);
            if (skip < piece.Length)
            {
                Received.Write(piece.AsSpan(skip));
            }
        }
    }

    /// <summary>Sends what the window takes. False if that is nothing.</summary>
    private bool Push()
    {
        bool any = false;
        while (_sent < End && _sent - _acknowledged < Math.Min(Math.Max(_theirWindow, 1), FlightBytes) && (IsConnected || _sent == 0))
        {
            _sent += SendFrom(_sent);
            any = true;
        }

        return any;
    }

    /// <summary>Sends one segment of the stream, and says how much of it that was.</summary>
    private long SendFrom(long at)
    {
        SegmentsSent++;
        long length;
        if (at == 0)
        {
            length = 1;
            SendSegment(Syn, 0, []);
        }
        else
        {
            int start = (int)at - 1;
            int count = Math.Min(SegmentBytes, _outgoing.Length - start);
            bool isLast = start + count == _outgoing.Length;
            length = count + (isLast ? 1 : 0);
            SendSegment(Ack | (isLast ? Fin | Psh : 0), at, _outgoing[start..(start + count)]);
        }

        _sentMost = Math.Max(_sentMost, at + length);
        if (!_timer.IsScheduled)
        {
            _timer.ScheduleAt(_clock.NowCycles + _timeout);
        }

        return length;
    }

    private void TimedOut()
    {
        _timeout = Math.Min(2 * _timeout, LongestTimeoutCycles);
        _repairedAt = -1;
        _duplicates = 0;
        _sent = _acknowledged + SendFrom(_acknowledged);
    }

    private void SendSegment(int flags, long at, byte[] data)
    {
        uint acknowledgement = 0;
        if (IsConnected)
        {
            flags |= Ack;
            acknowledgement = _theirIsn + 1 + (uint)Received.Length + (_theirFin == Received.Length ? 1u : 0);
        }

        byte[]? options = (flags & Syn) != 0 ? SynOptions(SegmentBytes, Shift) : null;
        byte[] segment = Packets.TcpPayload(
            GuestAddress, _localPort, Gateway, _port, unchecked(Isn + (uint)at), acknowledgement, flags, 65_535, options, data);
        SendPacket(Packets.Tcp, segment);
    }

    private void SendPacket(byte protocol, byte[] payload) => Cable.Send(
        Packets.Ethernet(NetGuest.GatewayMac, Mac, Packets.IPv4, Packets.Ip(GuestAddress, Gateway, protocol, payload)));
}
