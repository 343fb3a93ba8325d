using RiscvXv6.Devices.Net.Wire;
using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Devices.Net.UserNet;

/// <summary>
/// UDP between guests and the host's world. Each port of a guest that sends has one flow of the door, and whoever sends
/// to that flow reaches the guest. A forwarded port leads to a guest from outside; the guest's answers leave by the
/// same port.
/// </summary>
internal sealed class UdpRelay
{
    /// <summary>Flows of the door from here on are guests' ports; below are forwarded ports.</summary>
    public const int FirstFlow = 0x1_0000;

    private const int FlowsMax = 256;
    private const int PeersMax = 256;

    /// <summary>As long as QEMU keeps one.</summary>
    private const ulong FlowSeconds = 240;

    private readonly UserNetAddresses _addresses;
    private readonly UserNetCounters _counters;
    private readonly GuestLink _link;
    private readonly IcmpResponder _icmp;
    private readonly IHostDoor _door;
    private readonly bool _isRestricted;
    private readonly ExpiringTable<HostEndpoint> _flows;
    private readonly List<HostEndpoint> _forwards = [];
    private readonly ExpiringTable<Peer> _peers;
    private readonly HostEndpoint[] _peerEndpoints = new HostEndpoint[PeersMax];

    public UdpRelay(
        UserNetOptions options, UserNetAddresses addresses, UserNetCounters counters, GuestLink link,
        IcmpResponder icmp, IHostDoor door, IGuestClock clock, EventScheduler scheduler)
    {
        _addresses = addresses;
        _counters = counters;
        _link = link;
        _icmp = icmp;
        _door = door;
        _isRestricted = options.IsRestricted;
        _flows = new ExpiringTable<HostEndpoint>(
            "user.udp", FlowsMax, FlowSeconds, clock, scheduler, (slot, _) => door.Close(FirstFlow + slot));
        _peers = new ExpiringTable<Peer>(
            "user.udp.peers", PeersMax, FlowSeconds, clock, scheduler, static (_, _) => { });
    }

    /// <summary>Somebody who sent to a forwarded port, as the guest sees them.</summary>
    private readonly record struct Peer(int Forward, HostEndpoint Shown);

    /// <summary>Forwards a port of the host.</summary>
    /// <exception cref="HostPortException">It can't be had.</exception>
    public void Forward(HostEndpoint local, HostEndpoint guest)
    {
        _door.Listen(_forwards.Count, HostProtocol.Udp, local);
        _forwards.Add(guest);
    }

    public void Reset()
    {
        _flows.Clear();
        _peers.Clear();
    }

    /// <summary>Takes a guest's datagram to the gateway or to the outside.</summary>
    public void Receive(in IPv4Packet packet, in UdpDatagram datagram, Destination destination)
    {
        var guest = new HostEndpoint(packet.Source, datagram.SourcePort);
        var shown = new HostEndpoint(packet.Destination, datagram.DestinationPort);
        for (int forward = 0; forward < _forwards.Count; forward++)
        {
            int peer = _forwards[forward] == guest ? _peers.Find(new Peer(forward, shown)) : -1;
            if (peer >= 0)
            {
                _peers.Touch(peer);
                _door.SendUdp(forward, _peerEndpoints[peer], datagram.Payload);
                return;
            }
        }

        if (_isRestricted)
        {
            _counters.DroppedRestricted++;
            return;
        }

        int slot = _flows.Find(guest);
        if (slot < 0)
        {
            slot = _flows.Add(guest);
            _door.OpenUdp(FirstFlow + slot);
        }

        _flows.Touch(slot);
        var to = destination == Destination.Host ? shown with { Address = IPv4Address.Loopback } : shown;
        _door.SendUdp(FirstFlow + slot, to, datagram.Payload);
    }

    /// <summary>A datagram came to a forwarded port or to a guest's flow.</summary>
    public void UdpReceived(int flow, HostEndpoint sender, ReadOnlySpan<byte> payload)
    {
        if (payload.Length > UdpHeader.PayloadBytesMax || !TryFindGuest(flow, out var guest))
        {
            return;
        }

        var shown = sender with { Address = _addresses.Show(sender.Address) };
        if (flow < FirstFlow)
        {
            var peer = new Peer(flow, shown);
            int slot = _peers.Find(peer);
            slot = slot >= 0 ? slot : _peers.Add(peer);
            _peers.Touch(slot);
            _peerEndpoints[slot] = sender;
        }
        else
        {
            _flows.Touch(flow - FirstFlow);
        }

        payload.CopyTo(_link.UdpPayload);
        _link.SendUdp(shown, guest, payload.Length);
    }

    public void UdpRefused(int flow, HostEndpoint to)
    {
        if (TryFindGuest(flow, out var guest))
        {
            _icmp.SendPortUnreachable(guest, to with { Address = _addresses.Show(to.Address) });
        }
    }

    private bool TryFindGuest(int flow, out HostEndpoint guest)
    {
        bool isKnown = flow < FirstFlow ? flow >= 0 && flow < _forwards.Count : _flows.Holds(flow - FirstFlow);
        guest = !isKnown ? default : flow < FirstFlow ? _forwards[flow] : _flows.KeyOf(flow - FirstFlow);
        return isKnown;
    }
}
