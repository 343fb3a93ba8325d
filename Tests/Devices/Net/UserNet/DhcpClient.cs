using RiscvXv6.Devices.Net.Wire;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Devices.Net.UserNet;

/// <summary>A DHCP message as a guest received it.</summary>
internal sealed record DhcpReply(
    MacAddress ToMac, IPv4Address To, IPv4Address From, uint Transaction, int Flags, IPv4Address Client, IPv4Address Yours,
    IPv4Address NextServer, MacAddress ClientMac, string ServerName, string File, Dictionary<int, byte[]> Options, int Length)
{
    public int Type => Options.TryGetValue(53, out byte[]? type) ? type.Single() : 0;

    public IPv4Address Address(int option) => new(Packets.Long(Options[option], 0));

    public string? Text(int option) => Options.TryGetValue(option, out byte[]? text) ? System.Text.Encoding.ASCII.GetString(text) : null;
}

/// <summary>Plays a DHCP client, by RFC 2131's figure 1 and RFC 2132's options.</summary>
internal static class DhcpClient
{
    public const uint Transaction = 0x3903_f326;

    /// <summary>What Linux's and U-Boot's clients ask for, and more.</summary>
    public static readonly byte[] Wanted = [55, 9, 1, 3, 6, 12, 15, 26, 28, 58, 59];

    public static readonly byte[] Discover = [53, 1, 1];

    public static byte[] Requested(string address) => [50, 4, .. Packets.Bytes(Packets.Address(address))];

    public static byte[] Server(string address) => [54, 4, .. Packets.Bytes(Packets.Address(address))];

    public static byte[] Message(
        MacAddress mac, byte[] options, int flags = 0, IPv4Address client = default, IPv4Address relay = default, bool hasCookie = true) =>
    [
        1, 1, 6, 0, .. Packets.Big32(Transaction), 0, 0, .. Packets.Big16(flags), .. Packets.Bytes(client), .. new byte[8],
        .. Packets.Bytes(relay), .. Packets.Bytes(mac), .. new byte[10 + 64 + 128],
        .. hasCookie ? new byte[] { 0x63, 0x82, 0x53, 0x63 } : new byte[4], .. options, 255, .. new byte[Math.Max(0, 59 - options.Length)],
    ];

    /// <summary>
    /// Sends a message as an unconfigured client does, or as one that has an address, and takes the reply, if there is
    /// one.
    /// </summary>
    public static DhcpReply? Ask(
        NetGuest guest, byte[] options, MacAddress? mac = null, int flags = 0, string client = "0.0.0.0", bool hasCookie = true)
    {
        var has = Packets.Address(client);
        var to = has == IPv4Address.Any ? NetGuest.Everybody : NetGuest.Gateway;
        byte[] datagram = Packets.UdpPayload(has, 68, to, 67, Message(mac ?? guest.Mac, options, flags, has, default, hasCookie));
        guest.Clear();
        guest.Send(Packets.Ethernet(
            has == IPv4Address.Any ? MacAddress.Broadcast : NetGuest.GatewayMac, mac ?? guest.Mac, Packets.IPv4,
            Packets.Ip(has, to, Packets.Udp, datagram)));

        // Who uses another's address makes the network ask its owner by ARP as well.
        byte[]? frame = guest.Frames.SingleOrDefault(static frame => Packets.Word(frame, 12) != Packets.Arp);
        guest.Clear();
        return frame is null ? null : Read(frame);
    }

    private static DhcpReply Read(byte[] frame)
    {
        var datagram = NetGuest.ReadUdp(frame[14..]);
        if ((datagram.FromPort, datagram.ToPort) != (67, 68))
        {
            throw new InvalidDataException($"from port {datagram.FromPort} to {datagram.ToPort}");
        }

        byte[] message = datagram.Data;
        if (message[..4] is not [2, 1, 6, 0] || Packets.Long(message, 236) != 0x63825363)
        {
            throw new InvalidDataException("no reply");
        }

        var options = new Dictionary<int, byte[]>();
        int at = 240;
        while (message[at] != 255)
        {
            options.Add(message[at], message[(at + 2)..(at + 2 + message[at + 1])]);
            at += 2 + message[at + 1];
        }

        return new DhcpReply(
            MacAddress.Read(frame), datagram.To, datagram.From, Packets.Long(message, 4), Packets.Word(message, 10), Address(12), Address(16),
            Address(20), MacAddress.Read(message.AsSpan(28)), Text(44, 64), Text(108, 128), options, message.Length);

        IPv4Address Address(int offset) => new(Packets.Long(message, offset));
        string Text(int offset, int length) => System.Text.Encoding.ASCII.GetString(message, offset, length).TrimEnd('\0');
    }
}
