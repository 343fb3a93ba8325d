using RiscvXv6.Devices.Net.Wire;
using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Devices.Net.UserNet;

/// <summary>
/// The TCP of the user network. Each connection of the guest ends here, and goes on through the host's door; so loss on
/// the guest's cable never concerns the host's network, nor the other way round. Everything happens on the machine
/// thread, and nothing that a guest or peer sends throws.
/// </summary>
public sealed class TcpRelay
{
    /// <summary>Connections at a time, and those that wait out their end.</summary>
    public const int ConnectionsMax = 1024;

    /// <summary>The first number of a connection's flow at the door.</summary>
    public const int FirstFlow = 0x4000_0000;

    /// <summary>The first number of a listener at the door.</summary>
    public const int FirstListener = 0x6000_0000;

    /// <summary>RFC 792 "Destination Unreachable Message": code 1.</summary>
    internal const byte HostUnreachable = 1;

    private const ushort FirstEphemeralPort = 49_152;

    /// <summary>
    /// A guest that has been silent for so long may lose a connection that it has not closed, if others need the place.
    /// </summary>
    private const ulong AbandonedSeconds = 60;

    private readonly TcpRelayOptions _options;
    private readonly List<HostEndpoint> _listeners = [];
    private readonly List<GuestForward> _forwards = [];
    private readonly Dictionary<TcpEndpoints, TcpConnection> _connections = [];
    private readonly TcpConnection?[] _slots = new TcpConnection?[ConnectionsMax];
    private readonly Stack<TcpConnection> _free = [];
    private readonly Queue<TcpConnection> _blocked = [];
    private int _slotsUsed;
    private ushort _nextPort = FirstEphemeralPort;

    /// <param name="options">The network.</param>
    /// <param name="clock">The machine's.</param>
    /// <param name="scheduler">For retransmission and the like.</param>
    /// <param name="door">To the host; its events of TCP are to be handed on to here.</param>
    /// <param name="sender">To the guest.</param>
    public TcpRelay(
        TcpRelayOptions options, IGuestClock clock, EventScheduler scheduler, IHostDoor door, IPacketSender sender)
    {
        _options = options;
        Clock = clock;
        Scheduler = scheduler;
        Door = door;
        Sender = sender;
    }

    /// <summary>What has happened so far.</summary>
    public TcpStatistics Statistics { get; } = new();

    /// <summary>Connections that are known now, in whatever state.</summary>
    public int ConnectionCount => _connections.Count;

    internal IGuestClock Clock { get; }

    internal EventScheduler Scheduler { get; }

    internal IHostDoor Door { get; }

    internal IPacketSender Sender { get; }

    internal TcpBufferPool Buffers { get; } = new();

    /// <summary>The state of a connection; closed if there is none.</summary>
    public TcpState StateOf(in TcpEndpoints endpoints) =>
        _connections.TryGetValue(endpoints, out var connection) ? connection.State : TcpState.Closed;

    /// <summary>Forwards a port of the host to the guest; before the machine runs.</summary>
    /// <exception cref="HostPortException">The port can't be had.</exception>
    public void Listen(HostEndpoint local, HostEndpoint guest)
    {
        Door.Listen(FirstListener + _listeners.Count, HostProtocol.Tcp, local);
        _listeners.Add(guest);
    }

    /// <summary>Forwards a port of the guest's network to the host; before the machine runs.</summary>
    public void Forward(GuestForward forward) => _forwards.Add(forward);

    /// <summary>True if a guest forward sits at an address, so that somebody must answer for it.</summary>
    public bool HasForward(IPv4Address address) => _forwards.Exists(forward => forward.Server.Address == address);

    /// <summary>Takes a segment of the guest.</summary>
    /// <param name="source">Of the packet.</param>
    /// <param name="destination">Of the packet.</param>
    /// <param name="segment">The packet's payload.</param>
    /// <param name="packet">The same from the IPv4 header on, to be quoted.</param>
    public void Receive(
        IPv4Address source, IPv4Address destination, ReadOnlySpan<byte> segment, ReadOnlySpan<byte> packet)
    {
        Statistics.SegmentsReceived++;
        if (!TcpSegment.TryRead(segment, out var read) || !read.HasValidChecksum(source, destination))
        {
            Statistics.SegmentsMalformed++;
            return;
        }

        if (!IsUnicast(source) || !IsUnicast(destination) || destination.IsLoopback || source.IsLoopback)
        {
            return;
        }

        var endpoints = TcpEndpoints.Of(source, destination, read);
        if (_connections.TryGetValue(endpoints, out var connection) && !IsReborn(connection, read))
        {
            connection.Receive(read);
        }
        else if ((read.Flags & (TcpFlags.Syn | TcpFlags.Ack | TcpFlags.Rst)) == TcpFlags.Syn)
        {
            Open(endpoints, read, packet);
        }
        else
        {
            Refuse(endpoints, read);
        }
    }

    /// <summary>The guest says that a segment of ours reached nobody (ICMP).</summary>
    /// <param name="source">Whose segment it seemed to be.</param>
    /// <param name="destination">The guest's address.</param>
    /// <param name="segmentStart">At least the 8 bytes that ICMP quotes.</param>
    public void Unreachable(IPv4Address source, IPv4Address destination, ReadOnlySpan<byte> segmentStart)
    {
        if (segmentStart.Length >= 8)
        {
            var remote = new HostEndpoint(source, (ushort)(segmentStart[0] << 8 | segmentStart[1]));
            var guest = new HostEndpoint(destination, (ushort)(segmentStart[2] << 8 | segmentStart[3]));
            if (_connections.TryGetValue(new TcpEndpoints(guest, remote), out var connection))
            {
                connection.GuestUnreachable();
            }
        }
    }

    /// <summary>The cable has room again: those who wait take turns.</summary>
    public void RoomAvailable()
    {
        for (int turns = _blocked.Count; turns > 0 && Sender.RoomFrames > 0; turns--)
        {
            var connection = _blocked.Dequeue();
            connection.IsBlocked = false;
            connection.Unblock();
        }
    }

    /// <summary>The machine was reset: the guest knows of no connection any more. Forwarded ports stay.</summary>
    public void Reset()
    {
        for (int slot = 0; slot < _slotsUsed; slot++)
        {
            _slots[slot]!.Release();
        }
    }

    /// <inheritdoc cref="IHostDoorEvents.TcpAccepted"/>
    public int TcpAccepted(int listener, HostEndpoint from)
    {
        int index = listener - FirstListener;
        if (index < 0 || index >= _listeners.Count)
        {
            return -1;
        }

        var guest = _listeners[index];
        if (!TryNameRemote(guest, from.Port, out var endpoints) || TryTakePlace() is not { } connection)
        {
            Statistics.ConnectionsRefused++;
            return -1;
        }

        Statistics.ConnectionsAccepted++;
        _connections.Add(endpoints, connection);
        connection.OpenFromHost(endpoints);
        return connection.Flow;
    }

    /// <inheritdoc cref="IHostDoorEvents.TcpConnected"/>
    public void TcpConnected(int flow) => Find(flow)?.HostConnected();

    /// <inheritdoc cref="IHostDoorEvents.TcpFailed"/>
    public void TcpFailed(int flow, HostFailure reason) => Find(flow)?.HostFailed(reason);

    /// <inheritdoc cref="IHostDoorEvents.TcpReceived"/>
    public void TcpReceived(int flow, ReadOnlySpan<byte> data) => Find(flow)?.HostReceived(data);

    /// <inheritdoc cref="IHostDoorEvents.TcpSent"/>
    public void TcpSent(int flow, int bytes) => Find(flow)?.HostSent(bytes);

    /// <inheritdoc cref="IHostDoorEvents.TcpEnded"/>
    public void TcpEnded(int flow) => Find(flow)?.HostEnded();

    /// <inheritdoc cref="IHostDoorEvents.TcpReset"/>
    public void TcpReset(int flow) => Find(flow)?.HostReset();

    /// <summary>RFC 9293 "Reset Generation": answers a segment that belongs to no connection.</summary>
    internal void Refuse(in TcpEndpoints endpoints, in TcpSegment segment)
    {
        if ((segment.Flags & TcpFlags.Rst) != 0)
        {
            return;
        }

        var header = (segment.Flags & TcpFlags.Ack) != 0
            ? new TcpHeader(endpoints.Remote.Port, endpoints.Guest.Port, segment.Acknowledgement, 0, TcpFlags.Rst, 0)
            : new TcpHeader(
                endpoints.Remote.Port,
                endpoints.Guest.Port,
                0,
                segment.Sequence + segment.SequenceLength,
                TcpFlags.Rst | TcpFlags.Ack,
                0);
        SendSegment(endpoints, header);
    }

    /// <summary>Sends a segment that is nothing but a header.</summary>
    internal void SendSegment(in TcpEndpoints endpoints, in TcpHeader header) =>
        SendWritten(endpoints, header.Write(Sender.PacketPayload, TcpOptions.None));

    /// <summary>Sends a segment that lies in the sender's buffer.</summary>
    internal void SendWritten(in TcpEndpoints endpoints, int lengthBytes)
    {
        Statistics.SegmentsSent++;
        TcpHeader.Seal(Sender.PacketPayload[..lengthBytes], endpoints.Remote.Address, endpoints.Guest.Address);
        Sender.Send(endpoints.Remote.Address, endpoints.Guest.Address, IpProtocol.Tcp, lengthBytes);
    }

    /// <summary>Remembers who waits for room in the cable.</summary>
    internal void Block(TcpConnection connection)
    {
        if (!connection.IsBlocked)
        {
            connection.IsBlocked = true;
            _blocked.Enqueue(connection);
        }
    }

    /// <summary>Takes a connection that is over back.</summary>
    internal void Remove(TcpConnection connection)
    {
        _connections.Remove(connection.Endpoints);
        _free.Push(connection);
    }

    private static bool IsUnicast(IPv4Address address) => address.Value >> 24 != 0 && address.Value >> 28 < 0xe;

    /// <summary>
    /// A SYN for a connection that only waits out its end begins a new one, if its numbers are new (RFC 1122 "Closing a
    /// Connection").
    /// </summary>
    private static bool IsReborn(TcpConnection connection, in TcpSegment segment)
    {
        if (connection.State != TcpState.TimeWait
            || (segment.Flags & (TcpFlags.Syn | TcpFlags.Ack | TcpFlags.Rst)) != TcpFlags.Syn
            || !connection.IsUnused(segment.Sequence))
        {
            return false;
        }

        connection.Release();
        return true;
    }

    private void Open(in TcpEndpoints endpoints, in TcpSegment syn, ReadOnlySpan<byte> packet)
    {
        var target = endpoints.Remote;
        bool isOpen = TryForward(ref target) || (!_options.IsRestricted && target.Address != _options.Dns);
        if (isOpen && target == endpoints.Remote)
        {
            if (target.Address == _options.Host)
            {
                target = target with { Address = IPv4Address.Loopback };
            }
            else if (_options.Contains(target.Address))
            {
                Statistics.ConnectionsRefused++;
                Sender.SendUnreachable(HostUnreachable, packet);
                return;
            }
        }

        if (!isOpen || TryTakePlace() is not { } connection)
        {
            Statistics.ConnectionsRefused++;
            Refuse(endpoints, syn);
            return;
        }

        Statistics.ConnectionsOpened++;
        _connections.Add(endpoints, connection);
        connection.OpenFromGuest(endpoints, syn, packet, target);
    }

    private bool TryForward(ref HostEndpoint target)
    {
        foreach (var forward in _forwards)
        {
            if (forward.Server == target)
            {
                target = forward.Target;
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// The guest sees a forwarded connection come from the gateway, from the peer's own port if that is free.
    /// </summary>
    private bool TryNameRemote(HostEndpoint guest, ushort port, out TcpEndpoints endpoints)
    {
        endpoints = new TcpEndpoints(guest, new HostEndpoint(_options.Host, port));
        for (int tries = 0; tries <= ConnectionsMax && (port == 0 || _connections.ContainsKey(endpoints)); tries++)
        {
            port = _nextPort;
            _nextPort = port == ushort.MaxValue ? FirstEphemeralPort : (ushort)(port + 1);
            endpoints = new TcpEndpoints(guest, new HostEndpoint(_options.Host, port));
        }

        return !_connections.ContainsKey(endpoints);
    }

    private TcpConnection? Find(int flow)
    {
        int slot = flow - FirstFlow;
        return slot >= 0 && slot < _slotsUsed && _slots[slot] is { State: not TcpState.Closed, HasFlow: true } found ? found : null;
    }

    private TcpConnection? TryTakePlace()
    {
        if (_free.Count == 0 && _slotsUsed < ConnectionsMax)
        {
            var created = new TcpConnection(this, FirstFlow + _slotsUsed);
            _slots[_slotsUsed++] = created;
            return created;
        }

        if (_free.Count == 0)
        {
            FindDispensable()?.Release();
        }

        return _free.TryPop(out var connection) ? connection : null;
    }

    /// <summary>
    /// One that waits out its end; or one that we have closed, and of whose guest nothing was heard for long.
    /// </summary>
    private TcpConnection? FindDispensable()
    {
        ulong patience = AbandonedSeconds * Clock.CyclesPerSecond;
        TcpConnection? best = null;
        foreach (var candidate in _slots)
        {
            bool isDispensable = candidate!.State == TcpState.TimeWait
                || (candidate.State == TcpState.FinWait2 && Clock.NowCycles - candidate.HeardCycles > patience);
            if (isDispensable && (best is null || candidate.HeardCycles < best.HeardCycles))
            {
                best = candidate;
            }
        }

        return best;
    }
}
