using NUnit.Framework;
using RiscvXv6.Devices.Net;
using RiscvXv6.Devices.Net.Wire;

namespace RiscvXv6.Tests.Support;

/// <summary>A UDP datagram that a guest received.</summary>
internal sealed record GuestDatagram(IPv4Address From, int FromPort, IPv4Address To, int ToPort, byte[] Data);

/// <summary>An ICMP message that a guest received.</summary>
internal sealed record GuestIcmp(IPv4Address From, int Type, int Code, byte[] RestOfHeader, byte[] Data);

/// <summary>An ARP packet that a guest received.</summary>
internal sealed record GuestArp(int Operation, MacAddress SenderMac, IPv4Address Sender, MacAddress TargetMac, IPv4Address Target);

/// <summary>
/// Plays a guest packet by packet at the end of a cable: it sends what a test says, takes apart what comes, and fails
/// the test at once if a frame is malformed or a checksum wrong.
/// </summary>
internal sealed class NetGuest : INetworkClient
{
    public static readonly IPv4Address Gateway = Packets.Address("10.0.2.2");
    public static readonly IPv4Address Dns = Packets.Address("10.0.2.3");
    public static readonly MacAddress GatewayMac = Packets.Mac("52:55:0a:00:02:02");
    public static readonly IPv4Address AnyAddress = Packets.Address("0.0.0.0");
    public static readonly IPv4Address Everybody = Packets.Address("255.255.255.255");

    private readonly INetworkBackend _network;
    private readonly List<byte[]> _frames = [];

    /// <param name="network">What the cable leads to.</param>
    /// <param name="mac">The card's address.</param>
    /// <param name="address">What the guest was configured with.</param>
    /// <param name="isPluggedIn">False for a second guest on a cable that another one holds.</param>
    public NetGuest(
        INetworkBackend network, string mac = "52:54:00:12:34:56", string address = "10.0.2.15", bool isPluggedIn = true)
    {
        _network = network;
        Mac = Packets.Mac(mac);
        Address = Packets.Address(address);
        if (isPluggedIn)
        {
            network.Connect(this);
        }
    }

    public MacAddress Mac { get; }

    public IPv4Address Address { get; set; }

    public int ReceiveRoomFrames { get; set; } = 1000;

    /// <summary>Whether ARP requests for the guest's address are answered, as any guest that is up does.</summary>
    public bool AnswersArp { get; set; } = true;

    /// <summary>Whether frames are kept; a fuzzer only has them judged.</summary>
    public bool Keeps { get; set; } = true;

    public long FrameCount { get; private set; }

    /// <summary>Frames lost because there was no room.</summary>
    public int Lost { get; private set; }

    /// <summary>Everything that came since <see cref="Clear"/>, or since it was taken.</summary>
    public IReadOnlyList<byte[]> Frames => _frames;

    /// <summary>Told of every frame in both directions; true for those from the guest.</summary>
    public Action<bool, byte[]>? Observer { get; set; }

    public void Receive(ReadOnlySpan<byte> frame, in FrameInfo info)
    {
        Assert.That(Packets.Fault(frame), Is.Null, "what the network sends");
        FrameCount++;
        if (ReceiveRoomFrames <= 0)
        {
            Lost++;
            return;
        }

        Observer?.Invoke(false, frame.ToArray());
        if (Keeps)
        {
            _frames.Add(frame.ToArray());
        }

        if (AnswersArp && Packets.Word(frame, 12) == Packets.Arp && ReadArp(frame) is { Operation: 1 } request && request.Target == Address)
        {
            SendArp(2, Mac, Address, request.SenderMac, request.Sender, to: request.SenderMac);
        }
    }

    public void SetLink(bool isUp)
    {
    }

    public void Clear() => _frames.Clear();

    public void Send(byte[] frame, FrameFlags flags = FrameFlags.None)
    {
        // As a card does that pads short packets.
        byte[] padded = frame.Length < 60 ? [.. frame, .. new byte[60 - frame.Length]] : frame;
        Observer?.Invoke(true, padded);
        _network.Send(padded, new FrameInfo(flags));
    }

    public void SendIp(IPv4Address to, byte protocol, byte[] payload, MacAddress? toMac = null) =>
        Send(Packets.Ethernet(toMac ?? GatewayMac, Mac, Packets.IPv4, Packets.Ip(Address, to, protocol, payload)));

    public void SendUdp(int fromPort, IPv4Address to, int toPort, byte[] data) =>
        SendIp(to, Packets.Udp, Packets.UdpPayload(Address, fromPort, to, toPort, data));

    public void SendEcho(IPv4Address to, int identifier, int sequence, byte[] data) =>
        SendIp(to, Packets.Icmp, Packets.IcmpPayload(8, 0, [.. Packets.Big16(identifier), .. Packets.Big16(sequence)], data));

    public void SendArp(
        int operation, MacAddress senderMac, IPv4Address sender, MacAddress targetMac, IPv4Address target, MacAddress? to = null) =>
        Send(Packets.Ethernet(
            to ?? MacAddress.Broadcast, Mac, Packets.Arp, Packets.ArpPayload(operation, senderMac, sender, targetMac, target)));

    public void AskFor(IPv4Address address) => SendArp(1, Mac, Address, default, address);

    /// <summary>The datagrams that came, taken out; nothing else may have come, but ARP.</summary>
    public GuestDatagram[] TakeUdp()
    {
        var packets = TakeIp();
        Assert.That(packets.Select(static packet => packet[9]), Is.All.EqualTo(Packets.Udp));
        return [.. packets.Select(static packet => ReadUdp(packet))];
    }

    /// <summary>The ICMP messages that came, taken out; nothing else may have come, but ARP.</summary>
    public GuestIcmp[] TakeIcmp()
    {
        var packets = TakeIp();
        Assert.That(packets.Select(static packet => packet[9]), Is.All.EqualTo(Packets.Icmp));
        return [.. packets.Select(static packet => new GuestIcmp(
            new IPv4Address(Packets.Long(packet, 12)), packet[20], packet[21], packet[24..28], packet[28..Packets.Word(packet, 2)]))];
    }

    /// <summary>The ARP packets that came, taken out.</summary>
    public GuestArp[] TakeArp()
    {
        GuestArp[] packets = [.. _frames.Where(static frame => Packets.Word(frame, 12) == Packets.Arp).Select(static frame => ReadArp(frame))];
        _frames.RemoveAll(static frame => Packets.Word(frame, 12) == Packets.Arp);
        return packets;
    }

    /// <summary>The IPv4 packets that came, taken out, cut to their length; ARP packets are thrown away.</summary>
    public List<byte[]> TakeIp()
    {
        List<byte[]> packets =
        [
            .. _frames.Where(static frame => Packets.Word(frame, 12) == Packets.IPv4)
                .Select(static frame => frame[14..(14 + Packets.Word(frame, 16))]),
        ];
        _frames.Clear();
        return packets;
    }

    public static GuestDatagram ReadUdp(byte[] packet) => new(
        new IPv4Address(Packets.Long(packet, 12)),
        Packets.Word(packet, 20),
        new IPv4Address(Packets.Long(packet, 16)),
        Packets.Word(packet, 22),
        packet[28..(20 + Packets.Word(packet, 24))]);

    private static GuestArp ReadArp(ReadOnlySpan<byte> frame) => new(
        Packets.Word(frame, 20),
        MacAddress.Read(frame[22..]),
        new IPv4Address(Packets.Long(frame, 28)),
        MacAddress.Read(frame[32..]),
        new IPv4Address(Packets.Long(frame, 38)));
}
