using RiscvXv6.Devices.Net.Wire;
using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Devices.Net.UserNet;

/// <summary>
/// ICMP: virtual hosts answer echo requests themselves, those to the host's network go through the door; and the errors
/// that tell a guest why a packet did not arrive.
/// </summary>
internal sealed class IcmpResponder
{
    /// <summary>Flows of the door from here on are pings.</summary>
    public const int FirstFlow = 0x2_0000;

    private const int FlowsMax = 32;
    private const ulong FlowSeconds = 60;

    /// <summary>RFC 1812 "Original Message Header": as much of the packet as fits into 576 bytes.</summary>
    private const int QuotationBytesMax = 576 - IPv4Header.SizeBytes - IcmpMessage.HeaderBytes;

    /// <summary>RFC 792 "Destination Unreachable Message": at least so much of what the packet carried.</summary>
    private const int QuotedPayloadBytes = 8;

    private readonly UserNetAddresses _addresses;
    private readonly UserNetCounters _counters;
    private readonly GuestLink _link;
    private readonly IHostDoor _door;
    private readonly bool _isRestricted;
    private readonly ExpiringTable<Pinger> _pingers;
    private readonly HostEndpoint[] _lastSent = new HostEndpoint[FlowsMax];
    private readonly byte[] _quotation = new byte[IPv4Header.SizeBytes + QuotedPayloadBytes];

    public IcmpResponder(
        UserNetOptions options, UserNetAddresses addresses, UserNetCounters counters, GuestLink link, IHostDoor door,
        IGuestClock clock, EventScheduler scheduler)
    {
        _addresses = addresses;
        _counters = counters;
        _link = link;
        _door = door;
        _isRestricted = options.IsRestricted;
        _pingers = new ExpiringTable<Pinger>(
            "user.icmp", FlowsMax, FlowSeconds, clock, scheduler, (slot, _) => door.Close(FirstFlow + slot));
    }

    private readonly record struct Pinger(IPv4Address Guest, ushort Identifier);

    /// <summary>
    /// The frame at hand was for every station; no error is told about it (RFC 1122 "Internet Control Message
    /// Protocol").
    /// </summary>
    public bool IsAboutBroadcastFrame { get; set; }

    public void Reset() => _pingers.Clear();

    public void Receive(in IPv4Packet packet, Destination destination)
    {
        if (!IcmpMessage.TryRead(packet.Payload, out var message))
        {
            _counters.DroppedMalformed++;
            return;
        }

        if (message.Type != IcmpType.Echo || message.Code != 0)
        {
            return;
        }

        if (destination != Destination.Outside)
        {
            Reply(packet.Destination, packet.Source, message.Identifier, message.Sequence, message.Payload);
        }
        else if (_isRestricted)
        {
            _counters.DroppedRestricted++;
        }
        else
        {
            var pinger = new Pinger(packet.Source, message.Identifier);
            int slot = _pingers.Find(pinger);
            slot = slot >= 0 ? slot : _pingers.Add(pinger);
            _pingers.Touch(slot);
            _lastSent[slot] = new HostEndpoint(packet.Destination, message.Sequence);
            _door.SendEcho(FirstFlow + slot, packet.Destination, message.Sequence, message.Payload);
        }
    }

    public void EchoReplied(int flow, IPv4Address from, ushort sequence, ReadOnlySpan<byte> payload)
    {
        if (_pingers.Holds(flow - FirstFlow) && payload.Length <= IPv4Header.PayloadBytesMax - IcmpMessage.HeaderBytes)
        {
            var pinger = _pingers.KeyOf(flow - FirstFlow);
            Reply(_addresses.Show(from), pinger.Guest, pinger.Identifier, sequence, payload);
        }
    }

    public void EchoFailed(int flow)
    {
        if (!_pingers.Holds(flow - FirstFlow))
        {
            return;
        }

        var pinger = _pingers.KeyOf(flow - FirstFlow);
        var sent = _lastSent[flow - FirstFlow];
        new IPv4Header(pinger.Guest, sent.Address, IpProtocol.Icmp, 0).Write(_quotation, IcmpMessage.HeaderBytes);
        IcmpMessage.WriteHeader(
            _quotation.AsSpan(IPv4Header.SizeBytes), IcmpType.Echo, 0, pinger.Identifier, sent.Port);
        SendError(_addresses.Host, IcmpType.Unreachable, IcmpCode.NetUnreachable, _quotation);
    }

    /// <summary>
    /// Tells a guest that nobody takes datagrams at a port; there is no packet to quote, only whose it was.
    /// </summary>
    public void SendPortUnreachable(HostEndpoint guest, HostEndpoint refuser)
    {
        new IPv4Header(guest.Address, refuser.Address, IpProtocol.Udp, 0).Write(_quotation, UdpHeader.SizeBytes);
        new UdpHeader(guest.Port, refuser.Port)
            .Write(_quotation.AsSpan(IPv4Header.SizeBytes), guest.Address, refuser.Address);
        SendError(refuser.Address, IcmpType.Unreachable, IcmpCode.PortUnreachable, _quotation);
    }

    /// <summary>Tells a guest what became of a packet, unless it is one about which nobody may be told.</summary>
    /// <param name="from">Who tells.</param>
    /// <param name="type">What kind of misfortune.</param>
    /// <param name="code">What exactly.</param>
    /// <param name="packet">The guest's packet from its header on, which is sound, with the first bytes of its
    /// payload.</param>
    public void SendError(IPv4Address from, IcmpType type, byte code, ReadOnlySpan<byte> packet)
    {
        int headerBytes = (packet[0] & 0xf) * 4;
        var guest = IPv4Address.Read(packet[12..]);
        bool isLaterFragment = (packet[6] & 0x1f | packet[7]) != 0;
        bool isError = packet[9] == (byte)IpProtocol.Icmp
            && (packet.Length <= headerBytes || IcmpMessage.IsErrorType(packet[headerBytes]));

        // RFC 1122 "Internet Control Message Protocol": not about errors, what went to many, later fragments, or a
        // source that is not one host.
        if (IsAboutBroadcastFrame || isLaterFragment || isError
            || !_addresses.CanBeGuest(guest)
            || _addresses.Classify(IPv4Address.Read(packet[16..])) == Destination.Nowhere)
        {
            return;
        }

        int quotedBytes = Math.Min(packet.Length, QuotationBytesMax);
        packet[..quotedBytes].CopyTo(_link.Payload[IcmpMessage.HeaderBytes..]);
        int lengthBytes = IcmpMessage.HeaderBytes + quotedBytes;
        IcmpMessage.WriteHeader(_link.Payload[..lengthBytes], type, code);
        _link.Send(from, guest, IpProtocol.Icmp, lengthBytes);
    }

    private void Reply(IPv4Address from, IPv4Address guest, ushort identifier, ushort sequence, ReadOnlySpan<byte> data)
    {
        data.CopyTo(_link.Payload[IcmpMessage.HeaderBytes..]);
        int lengthBytes = IcmpMessage.HeaderBytes + data.Length;
        IcmpMessage.WriteHeader(_link.Payload[..lengthBytes], IcmpType.EchoReply, 0, identifier, sequence);
        _link.Send(from, guest, IpProtocol.Icmp, lengthBytes);
    }
}
