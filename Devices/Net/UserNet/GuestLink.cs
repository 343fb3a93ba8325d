using RiscvXv6.Devices.Net.Wire;
using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Devices.Net.UserNet;

/// <summary>
/// The way to the guests: puts headers before a payload, cuts it into fragments if it is long, and knows which Ethernet
/// address each guest has. A guest is known by anything it sends; one that never sent anything is asked for (RFC 826),
/// while what is for it waits a second at most. One that has sent packets, but neither an ARP packet nor a request for
/// a lease, is asked once, though nothing waits for its answer: xv6 of 2024 and later asks nobody, and its course looks
/// for such a question.
/// </summary>
/// <remarks>
/// Deviation: what is known of a guest is never asked for again (RFC 1122 "ARP Cache Validation" would have it time
/// out), because xv6 of 2024 and later answers only the first question. A machine that is reset is forgotten.
/// </remarks>
internal sealed class GuestLink
{
    /// <summary>Longest IPv4 packet of an Ethernet frame.</summary>
    public const int MtuBytes = 1500;

    private const int HeaderBytes = EthernetHeader.SizeBytes + IPv4Header.SizeBytes;
    private const int FragmentPayloadBytes = MtuBytes - IPv4Header.SizeBytes;
    private const int GuestsMax = 64;
    private const ulong HoldMilliseconds = 1000;
    private const ulong AskMilliseconds = 250;
    private const ulong MillisecondsPerSecond = 1000;

    private readonly byte[] _buffer = new byte[HeaderBytes + IPv4Header.PayloadBytesMax];
    private readonly byte[] _arpFrame = new byte[EthernetHeader.FrameBytesMin];
    private readonly UserNetAddresses _addresses;
    private readonly UserNetCounters _counters;
    private readonly IGuestClock _clock;
    private readonly ExpiringTable<IPv4Address> _guests;
    private readonly MacAddress[] _macs = new MacAddress[GuestsMax];
    private readonly bool[] _areIntroduced = new bool[GuestsMax];
    private readonly bool[] _areAsked = new bool[GuestsMax];
    private readonly HeldPackets _held = new();
    private readonly ScheduledEvent _ask;
    private INetworkClient? _client;
    private ushort _identification;

    public GuestLink(UserNetAddresses addresses, UserNetCounters counters, IGuestClock clock, EventScheduler scheduler)
    {
        _addresses = addresses;
        _counters = counters;
        _clock = clock;
        _guests = new ExpiringTable<IPv4Address>("user.guests", GuestsMax, 0, clock, scheduler, static (_, _) => { });
        _ask = scheduler.Create("user.arp", AskAgain);
    }

    /// <summary>Where the payload of the next packet is written: 65,515 bytes.</summary>
    public Span<byte> Payload => _buffer.AsSpan(HeaderBytes);

    /// <summary>Where the data of the next UDP datagram are written: 65,507 bytes.</summary>
    public Span<byte> UdpPayload => _buffer.AsSpan(HeaderBytes + UdpHeader.SizeBytes);

    public int RoomFrames => _client?.ReceiveRoomFrames ?? 0;

    public void Connect(INetworkClient client) => _client = client;

    public void Reset()
    {
        _guests.Clear();
        _held.Clear();
        _ask.Cancel();
    }

    /// <summary>
    /// Takes note that a guest has an address, if one can have it, and sends it what waited for that.
    /// </summary>
    /// <param name="address">The guest's address.</param>
    /// <param name="mac">The Ethernet address that it has it at.</param>
    /// <param name="isIntroduction">It told so by ARP, or took a lease; otherwise its packets merely showed it.</param>
    public void Learn(IPv4Address address, MacAddress mac, bool isIntroduction)
    {
        if (mac.IsMulticast || !_addresses.CanBeGuest(address))
        {
            return;
        }

        int slot = _guests.Find(address);
        if (slot >= 0)
        {
            _guests.Touch(slot);
            Compare(slot, address, mac, isIntroduction);
            return;
        }

        slot = _guests.Add(address);
        _macs[slot] = mac;
        _areIntroduced[slot] = isIntroduction;

        // For whatever waits it was asked already.
        _areAsked[slot] = isIntroduction || _held.HasAny(address);
        while (_held.TryTake(address, out var packet))
        {
            packet.Payload.CopyTo(Payload);
            Transmit(mac, packet.Source, packet.Destination, packet.Protocol, packet.Payload.Length);
        }
    }

    public bool TryFind(IPv4Address address, out MacAddress mac)
    {
        int slot = _guests.Find(address);
        mac = slot >= 0 ? _macs[slot] : default;
        return slot >= 0;
    }

    /// <summary>Sends what was written to <see cref="Payload"/>, as soon as the guest is known.</summary>
    public void Send(IPv4Address source, IPv4Address destination, IpProtocol protocol, int lengthBytes)
    {
        if (_addresses.IsBroadcast(destination))
        {
            Transmit(MacAddress.Broadcast, source, destination, protocol, lengthBytes);
        }
        else if (TryFind(destination, out var mac))
        {
            ref bool isAsked = ref _areAsked[_guests.Find(destination)];
            if (!isAsked)
            {
                isAsked = true;
                Ask(destination);
            }

            Transmit(mac, source, destination, protocol, lengthBytes);
        }
        else
        {
            Hold(source, destination, protocol, lengthBytes);
        }
    }

    /// <summary>Sends what was written to <see cref="UdpPayload"/>.</summary>
    public void SendUdp(HostEndpoint source, HostEndpoint destination, int lengthBytes)
    {
        SealUdp(source, destination, lengthBytes);
        Send(source.Address, destination.Address, IpProtocol.Udp, UdpHeader.SizeBytes + lengthBytes);
    }

    /// <summary>
    /// Sends what was written to <see cref="UdpPayload"/> to a guest that need not have its address yet.
    /// </summary>
    public void SendUdp(MacAddress mac, HostEndpoint source, HostEndpoint destination, int lengthBytes)
    {
        SealUdp(source, destination, lengthBytes);
        Transmit(mac, source.Address, destination.Address, IpProtocol.Udp, UdpHeader.SizeBytes + lengthBytes);
    }

    /// <summary>Sends an ARP packet.</summary>
    public void SendArp(MacAddress destination, in ArpPacket packet)
    {
        new EthernetHeader(destination, packet.SenderMac, EtherType.Arp).Write(_arpFrame);
        packet.Write(_arpFrame.AsSpan(EthernetHeader.SizeBytes));
        Deliver(_arpFrame);
    }

    /// <summary>
    /// A packet may be damaged on its way: a guest that told its address is not believed to have moved before it says so.
    /// </summary>
    private void Compare(int slot, IPv4Address address, MacAddress mac, bool isIntroduction)
    {
        if (isIntroduction || !_areIntroduced[slot])
        {
            _macs[slot] = mac;
            _areIntroduced[slot] |= isIntroduction;
            _areAsked[slot] |= isIntroduction;
        }
        else if (mac != _macs[slot])
        {
            Ask(address);
        }
    }

    private void SealUdp(HostEndpoint source, HostEndpoint destination, int lengthBytes) =>
        new UdpHeader(source.Port, destination.Port)
            .Write(Payload[..(UdpHeader.SizeBytes + lengthBytes)], source.Address, destination.Address);

    private void Transmit(
        MacAddress mac, IPv4Address source, IPv4Address destination, IpProtocol protocol, int lengthBytes)
    {
        ushort identification = _identification++;
        var ethernet = new EthernetHeader(
            mac, UserNetAddresses.MacOf(_addresses.IsVirtualHost(source) ? source : _addresses.Host), EtherType.IPv4);
        int offset = 0;
        do
        {
            // The headers of a fragment take the place of what the one before it has carried away already.
            int partBytes = Math.Min(lengthBytes - offset, FragmentPayloadBytes);
            int frameBytes = Math.Max(HeaderBytes + partBytes, EthernetHeader.FrameBytesMin);
            var frame = _buffer.AsSpan(offset, frameBytes);
            ethernet.Write(frame);
            new IPv4Header(source, destination, protocol, identification, offset, offset + partBytes < lengthBytes)
                .Write(frame[EthernetHeader.SizeBytes..], partBytes);
            frame[(HeaderBytes + partBytes)..].Clear();
            Deliver(frame);
            offset += partBytes;
        }
        while (offset < lengthBytes);
    }

    private void Deliver(ReadOnlySpan<byte> frame)
    {
        _counters.FramesToGuest++;
        _client?.Receive(frame, FrameInfo.None);
    }

    private void Hold(IPv4Address source, IPv4Address destination, IpProtocol protocol, int lengthBytes)
    {
        bool isAskedFor = _held.HasAny(destination);
        ulong expiryCycles = _clock.NowCycles + Cycles(HoldMilliseconds);
        byte[] payload = Payload[..lengthBytes].ToArray();
        if (!_addresses.CanBeGuest(destination)
            || !_held.TryAdd(new HeldPacket(source, destination, protocol, payload, expiryCycles)))
        {
            _counters.DroppedUnresolved++;
            return;
        }

        if (!isAskedFor)
        {
            Ask(destination);
        }

        if (!_ask.IsScheduled)
        {
            _ask.ScheduleAt(_clock.NowCycles + Cycles(AskMilliseconds));
        }
    }

    /// <summary>A guest that is just starting may have missed the question.</summary>
    private void AskAgain()
    {
        _counters.DroppedUnresolved += _held.Expire(_clock.NowCycles);
        for (int i = 0; i < _held.Count; i++)
        {
            if (IsFirstOf(i))
            {
                Ask(_held[i].Destination);
            }
        }

        if (_held.Count > 0)
        {
            _ask.ScheduleAt(_clock.NowCycles + Cycles(AskMilliseconds));
        }
    }

    private bool IsFirstOf(int index)
    {
        for (int i = 0; i < index; i++)
        {
            if (_held[i].Destination == _held[index].Destination)
            {
                return false;
            }
        }

        return true;
    }

    private void Ask(IPv4Address guest) => SendArp(
        MacAddress.Broadcast,
        new ArpPacket(ArpOperation.Request, UserNetAddresses.MacOf(_addresses.Host), _addresses.Host, default, guest));

    private ulong Cycles(ulong milliseconds) => milliseconds * _clock.CyclesPerSecond / MillisecondsPerSecond;
}
