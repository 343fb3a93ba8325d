using RiscvXv6.Devices.Net.Wire;
using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Devices.Net.UserNet;

/// <summary>
/// A network that needs no privileges: behind the cable are a gateway that stands for the host, a name server, and, by
/// way of the host's own sockets, everything that the host reaches. The guest has a private address; DHCP gives it one.
/// </summary>
/// <remarks>
/// Everything happens on the machine thread and in virtual time; what a guest sends is checked before it is looked at.
/// Restricted, as in QEMU: DHCP, TFTP, ARP and echo requests to the virtual hosts work as ever, DHCP tells of no
/// router, and all else of a guest's own accord is dropped without a word. Deviations: names of the table are answered,
/// others do not exist, and answers to datagrams that were forwarded to the guest do leave (QEMU's documentation says
/// so, its program drops them).
/// </remarks>
public sealed partial class UserNetwork : INetworkBackend, IDisposable
{
    private readonly UserNetAddresses _addresses;
    private readonly IHostDoor _door;
    private readonly GuestLink _link;
    private readonly IcmpResponder _icmp;
    private readonly FragmentStore _fragments;
    private readonly UdpRelay _udp;
    private readonly TcpRelay _tcp;
    private readonly DhcpServer _dhcp;
    private readonly DnsServer _dns;
    private readonly TftpServer _tftp;

    /// <param name="options">What it is to be; without faults.</param>
    /// <param name="clock">The machine's clock.</param>
    /// <param name="scheduler">For its timers.</param>
    /// <param name="door">The way to the host's network; disposed with this.</param>
    /// <exception cref="HostPortException">A port to be forwarded can't be had.</exception>
    /// <exception cref="ArgumentException">The options do not fit together: <see cref="UserNetOptions.FindFault"/> says
    /// so beforehand.</exception>
    public UserNetwork(UserNetOptions options, IGuestClock clock, EventScheduler scheduler, IHostDoor door)
    {
        if (options.FindFault() is { } fault)
        {
            throw new ArgumentException(fault, nameof(options));
        }

        _addresses = new UserNetAddresses(options);
        _door = door;
        _link = new GuestLink(_addresses, Counters, clock, scheduler);
        _icmp = new IcmpResponder(options, _addresses, Counters, _link, door, clock, scheduler);
        _fragments = new FragmentStore(_addresses, _icmp, clock, scheduler);
        _udp = new UdpRelay(options, _addresses, Counters, _link, _icmp, door, clock, scheduler);
        _tcp = new TcpRelay(
            new TcpRelayOptions(
                _addresses.Network, _addresses.PrefixLength, _addresses.Host, _addresses.Dns, options.IsRestricted),
            clock, scheduler, door, this);
        _dhcp = new DhcpServer(options, _addresses, Counters, _link, clock);
        _dns = new DnsServer(options, _addresses, _link, door, clock, scheduler);
        _tftp = new TftpServer(options, _addresses, Counters, _link, clock, scheduler);
        door.Attach(this);
        foreach (var forward in options.Forwards)
        {
            var guest = forward.Guest.Address == IPv4Address.Any
                ? forward.Guest with { Address = _addresses.DhcpStart }
                : forward.Guest;
            if (forward.Protocol == HostProtocol.Udp)
            {
                _udp.Forward(forward.Host, guest);
            }
            else
            {
                _tcp.Listen(forward.Host, guest);
            }
        }

        foreach (var forward in options.GuestForwards)
        {
            _tcp.Forward(forward);
        }
    }

    public string Name => "user";

    /// <summary>What became of the frames.</summary>
    public UserNetCounters Counters { get; } = new();

    /// <summary>What became of the connections.</summary>
    public TcpStatistics TcpStatistics => _tcp.Statistics;

    public void Connect(INetworkClient client) => _link.Connect(client);

    public void Send(ReadOnlySpan<byte> frame, in FrameInfo info)
    {
        Counters.FramesFromGuest++;
        if (info.Flags != FrameFlags.None)
        {
            Counters.DroppedBadFcs++;
        }
        else if (!EthernetFrame.TryRead(frame, out var ethernet) || ethernet.Source.IsMulticast)
        {
            Counters.DroppedMalformed++;
        }
        else if (ethernet.Tag.VlanId != 0
            || (ethernet.Destination != MacAddress.Broadcast && !_addresses.IsVirtualHost(ethernet.Destination)))
        {
            Counters.DroppedNotForUs++;
        }
        else if (ethernet.Type == EtherType.Arp)
        {
            ReceiveArp(ethernet);
        }
        else if (ethernet.Type == EtherType.IPv4)
        {
            _icmp.IsAboutBroadcastFrame = ethernet.Destination == MacAddress.Broadcast;
            ReceiveIPv4(ethernet);
            _icmp.IsAboutBroadcastFrame = false;
        }
        else
        {
            Counters.DroppedNotForUs++;
        }
    }

    public void ReceiveRoomAvailable() => _tcp.RoomAvailable();

    public void Reset()
    {
        _link.Reset();
        _fragments.Reset();
        _icmp.Reset();
        _udp.Reset();
        _tcp.Reset();
        _dns.Reset();
        _tftp.Reset();
    }

    public void Dispose() => _door.Dispose();

    /// <summary>
    /// RFC 826 "Packet Reception", for virtual hosts alone: what concerns a guest's own address is its own affair and
    /// that of other guests (RFC 5227 "Probing an Address").
    /// </summary>
    private void ReceiveArp(in EthernetFrame frame)
    {
        if (!ArpPacket.TryRead(frame.Payload, out var packet))
        {
            Counters.DroppedMalformed++;
            return;
        }

        _link.Learn(packet.Sender, packet.SenderMac, isIntroduction: true);
        if (packet.Operation == ArpOperation.Request
            && _addresses.IsVirtualHost(packet.Target)
            && !_addresses.IsVirtualHost(packet.Sender))
        {
            _link.SendArp(
                packet.SenderMac,
                new ArpPacket(
                    ArpOperation.Reply, UserNetAddresses.MacOf(packet.Target), packet.Target,
                    packet.SenderMac, packet.Sender));
        }
    }

    private void ReceiveIPv4(in EthernetFrame frame)
    {
        if (!IPv4Packet.TryRead(frame.Payload, out var packet))
        {
            Counters.DroppedMalformed++;
            return;
        }

        bool isUnconfigured = packet.Source == IPv4Address.Any && packet.Protocol == IpProtocol.Udp;
        if (!isUnconfigured && !_addresses.CanBeGuest(packet.Source))
        {
            Counters.DroppedAddress++;
            return;
        }

        _link.Learn(packet.Source, frame.Source, isIntroduction: false);
        if (!packet.IsFragment)
        {
            ReceivePacket(packet);
        }
        else if (_fragments.TryAdd(packet, out var whole))
        {
            ReceivePacket(whole);
        }
    }

    private void ReceivePacket(in IPv4Packet packet)
    {
        if (packet.Protocol == IpProtocol.Udp)
        {
            ReceiveUdp(packet);
            return;
        }

        var destination = _addresses.Classify(packet.Destination);
        if (!CanForward(packet, destination))
        {
            return;
        }

        if (packet.Protocol == IpProtocol.Tcp)
        {
            _tcp.Receive(packet.Source, packet.Destination, packet.Payload, packet.Bytes);
        }
        else if (packet.Protocol == IpProtocol.Icmp)
        {
            _icmp.Receive(packet, destination);
            ReceiveUnreachable(packet);
        }
        else if (destination == Destination.Outside)
        {
            Counters.DroppedNotForUs++;
        }
        else
        {
            _icmp.SendError(packet.Destination, IcmpType.Unreachable, IcmpCode.ProtocolUnreachable, packet.Bytes);
        }
    }

    /// <summary>A guest has nobody for a segment of ours: the connection learns of it.</summary>
    private void ReceiveUnreachable(in IPv4Packet packet)
    {
        if (IcmpMessage.TryRead(packet.Payload, out var message)
            && message.Type == IcmpType.Unreachable
            && IPv4Quotation.TryRead(message.Payload, out var quotation)
            && quotation.Protocol == IpProtocol.Tcp
            && quotation.Destination == packet.Source)
        {
            _tcp.Unreachable(quotation.Source, quotation.Destination, quotation.Payload);
        }
    }

    private void ReceiveUdp(in IPv4Packet packet)
    {
        if (!UdpDatagram.TryRead(packet.Payload, out var datagram)
            || !datagram.HasValidChecksum(packet.Source, packet.Destination))
        {
            Counters.DroppedMalformed++;
            return;
        }

        var guest = new HostEndpoint(packet.Source, datagram.SourcePort);
        var destination = _addresses.Classify(packet.Destination);
        if (datagram.DestinationPort == DhcpMessage.ServerPort
            && (destination == Destination.Host || _addresses.IsBroadcast(packet.Destination)))
        {
            _dhcp.Receive(datagram.Payload);
            return;
        }

        if (guest.Address == IPv4Address.Any || guest.Port == 0 || datagram.DestinationPort == 0)
        {
            Counters.DroppedAddress++;
            return;
        }

        if (!CanForward(packet, destination)
            || (datagram.DestinationPort == DnsMessage.Port && destination is Destination.Dns or Destination.Outside
                && _dns.TryReceive(guest, packet.Destination, datagram.Payload))
            || (destination == Destination.Host && _tftp.TryReceive(guest, datagram.DestinationPort, datagram.Payload)))
        {
            return;
        }

        if (destination is Destination.Host or Destination.Outside)
        {
            _udp.Receive(packet, datagram, destination);
        }
        else
        {
            _icmp.SendError(packet.Destination, IcmpType.Unreachable, IcmpCode.PortUnreachable, packet.Bytes);
        }
    }

    /// <summary>Whether there is anybody at a destination; says so to the guest if there is not.</summary>
    private bool CanForward(in IPv4Packet packet, Destination destination)
    {
        switch (destination)
        {
            case Destination.Nowhere:
                Counters.DroppedAddress++;
                return false;
            case Destination.Guest:
                // It came to the gateway's Ethernet address, which would be wrong if there were such a guest.
                _icmp.SendError(_addresses.Host, IcmpType.Unreachable, IcmpCode.HostUnreachable, packet.Bytes);
                return false;
            case Destination.Outside when packet.TimeToLive <= 1:
                // RFC 1812 "Time to Live (TTL)": so that a traceroute shows the gateway.
                _icmp.SendError(_addresses.Host, IcmpType.TimeExceeded, IcmpCode.TimeToLive, packet.Bytes);
                return false;
            default:
                return true;
        }
    }
}
