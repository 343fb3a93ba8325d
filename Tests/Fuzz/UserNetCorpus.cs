using System.Text;
using RiscvXv6.Devices.Net.Wire;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Fuzz;

/// <summary>
/// Frames for a user network: sound ones of every protocol, as its guests send them, and what becomes of those by
/// mutation. Most mutants get their checksums repaired, so that they are looked at and not thrown away at the door.
/// </summary>
internal sealed class UserNetCorpus(Random random)
{
    private const int IpAt = 14;

    private static readonly IPv4Address s_outside = Packets.Address("192.0.2.7");
    private static readonly MacAddress[] s_macs = [Packets.Mac("52:54:00:12:34:56"), Packets.Mac("52:54:00:12:34:57")];
    private static readonly string[] s_names = ["host.example", "other.example", "7.2.0.192.in-addr.arpa", "x"];

    private readonly Dictionary<(uint To, int Port, int GuestPort), (uint Next, uint Expected)> _connections = [];

    /// <summary>Remembers where a connection stands, so that later segments fit into it.</summary>
    public void Note(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < 54 || Packets.Word(frame, 12) != Packets.IPv4 || frame[23] != Packets.Tcp)
        {
            return;
        }

        var packet = frame[IpAt..];
        int header = (packet[32] >> 4) * 4;
        uint length = (uint)(Packets.Word(packet, 2) - 20 - header) + (uint)(packet[33] & 1) + (uint)(packet[33] >> 1 & 1);
        if (_connections.Count > 64)
        {
            _connections.Clear();
        }

        _connections[(Packets.Long(packet, 12), Packets.Word(packet, 20), Packets.Word(packet, 22))] =
            (Packets.Long(packet, 28), Packets.Long(packet, 24) + length);
    }

    public byte[] Next()
    {
        byte[] frame = Sound();
        int kind = random.Next(10);
        if (kind < 3)
        {
            return frame;
        }

        for (int times = random.Next(1, 4); times > 0; times--)
        {
            frame = Mutate(frame);
        }

        if (kind < 9)
        {
            Repair(frame);
        }

        return frame;
    }

    /// <summary>Puts right what checksums there seem to be.</summary>
    public static void Repair(byte[] frame)
    {
        if (frame.Length < IpAt + 20 || Packets.Word(frame, 12) != Packets.IPv4)
        {
            return;
        }

        int header = Math.Min((frame[IpAt] & 0xf) * 4, frame.Length - IpAt);
        if (header < 20)
        {
            return;
        }

        frame[IpAt + 10] = frame[IpAt + 11] = 0;
        Packets.Big16(Packets.Checksum(frame[IpAt..(IpAt + header)])).CopyTo(frame, IpAt + 10);
        int total = Math.Clamp(Packets.Word(frame, IpAt + 2), header, frame.Length - IpAt);
        byte[] payload = frame[(IpAt + header)..(IpAt + total)];
        int? at = frame[IpAt + 9] switch { Packets.Icmp => 2, Packets.Tcp => 16, Packets.Udp => 6, _ => null };
        if (at is null || payload.Length < at + 2)
        {
            return;
        }

        payload[at.Value] = payload[at.Value + 1] = 0;
        byte[] pseudo = frame[IpAt + 9] == Packets.Icmp ? [] : Packets.PseudoHeader(
            new IPv4Address(Packets.Long(frame, IpAt + 12)), new IPv4Address(Packets.Long(frame, IpAt + 16)), frame[IpAt + 9], payload.Length);
        Packets.Big16(Packets.Checksum(pseudo, payload)).CopyTo(frame, IpAt + header + at.Value);
    }

    private byte[] Sound()
    {
        int guest = random.Next(s_macs.Length);
        var mac = s_macs[guest];
        var source = new IPv4Address(0x0a00_020f + (uint)guest);
        IPv4Address[] places =
            [NetGuest.Gateway, NetGuest.Dns, s_outside, Packets.Address("10.0.2.100"), Packets.Address("10.0.2.77"), NetGuest.Everybody];
        int kind = random.Next(16);
        var to = kind is 9 or 10 ? NetGuest.Gateway : places[random.Next(places.Length)];
        return kind switch
        {
            0 => Packets.Ethernet(MacAddress.Broadcast, mac, Packets.Arp, Packets.ArpPayload(1, mac, source, default, to)),
            1 => Packets.Ethernet(NetGuest.GatewayMac, mac, Packets.Arp, Packets.ArpPayload(2, mac, source, NetGuest.GatewayMac, NetGuest.Gateway)),
            2 => Ip(Packets.Icmp, Packets.IcmpPayload(8, 0, [0, (byte)random.Next(256), 0, 1], Noise(random.Next(64)))),
            3 or 4 => Udp(Pick(1, 7, 2000, 2001, random.Next(65_536)), Pick(9, 53, 69, 5555, random.Next(65_536)), Noise(random.Next(100))),
            5 or 6 => Udp(1234, 53, Query()),
            7 or 8 => Dhcp(),
            9 => Udp(3000 + random.Next(4), 69, Encoding.Latin1.GetBytes(
                $"\0\u0001{(random.Next(3) == 0 ? s_names[random.Next(4)] : "kernel")}\0octet\0{(random.Next(2) == 0 ? $"blksize\0{random.Next(2000)}\0tsize\00\0timeout\0{random.Next(9)}\0" : "")}")),
            10 => Udp(3000 + random.Next(4), 0xc000 + random.Next(100), [0, 4, 0, (byte)random.Next(4)]),
            11 or 12 or 13 => Tcp(),
            14 => Fragment(),
            _ => Packets.Ethernet(NetGuest.GatewayMac, mac, 0x8100, [.. Packets.Big16(random.Next(65_536)), 8, 0, .. Ip(17, Noise(20))[IpAt..]]),
        };

        byte[] Ip(byte protocol, byte[] payload) => Packets.Ethernet(
            random.Next(4) == 0 ? MacAddress.Broadcast : NetGuest.GatewayMac, mac, Packets.IPv4, Packets.Ip(source, to, protocol, payload));

        byte[] Udp(int from, int port, byte[] data) => Ip(Packets.Udp, Packets.UdpPayload(source, from, to, port, data));

        byte[] Dhcp()
        {
            byte[] options = [53, 1, (byte)random.Next(9), 55, 4, 1, 3, 26, 58, .. random.Next(2) == 0 ? (byte[])[50, 4, 10, 0, 2, (byte)random.Next(256)] : []];
            byte[] message = [1, 1, 6, 0, .. Noise(8), .. new byte[16], .. Packets.Bytes(mac), .. new byte[202], 0x63, 0x82, 0x53, 0x63, .. options, 255];
            message[33] = (byte)random.Next(4);
            return Packets.Ethernet(MacAddress.Broadcast, mac, Packets.IPv4, Packets.Ip(
                NetGuest.AnyAddress, NetGuest.Everybody, Packets.Udp, Packets.UdpPayload(NetGuest.AnyAddress, 68, NetGuest.Everybody, 67, message)));
        }

        byte[] Tcp()
        {
            var known = _connections.Where(one => one.Key.To != 0).ElementAtOrDefault(random.Next(_connections.Count + 2));
            if (known.Value == default)
            {
                return Ip(Packets.Tcp, Packets.TcpPayload(
                    source, 1024 + random.Next(50), to, Pick(22, 80), (uint)random.Next(), 0, 2, 65_535, [2, 4, 5, 0xb4, 1, 3, 3, 7]));
            }

            to = new IPv4Address(known.Key.To);
            return Ip(Packets.Tcp, Packets.TcpPayload(
                source, known.Key.GuestPort, to, known.Key.Port, known.Value.Next, known.Value.Expected,
                Pick(16, 16, 24, 17, 4, 18), Pick(0, 1000, 65_535), data: Noise(random.Next(3) == 0 ? random.Next(1400) : 0)));
        }

        byte[] Fragment()
        {
            int offset = random.Next(4);
            return Packets.Ethernet(NetGuest.GatewayMac, mac, Packets.IPv4, Packets.Ip(
                source, to, (byte)Pick(17, 1, 6), Noise(800), random.Next(4), offset * 100 | (offset == 3 ? 0 : 0x2000)));
        }
    }

    private byte[] Query()
    {
        byte[] name = [.. s_names[random.Next(s_names.Length)].Split('.').SelectMany(static label => (byte[])[(byte)label.Length, .. Encoding.ASCII.GetBytes(label)]), 0];
        byte[] query = [.. Noise(2), 1, 0, 0, 1, 0, 0, 0, 0, 0, 1, .. name, 0, (byte)Pick(1, 12, 28, 255), 0, 1, 0, 0, 41, 16, 0, 0, 0, 0, 0, 0, 0];
        return query;
    }

    private byte[] Mutate(byte[] frame)
    {
        switch (random.Next(7))
        {
            case 0:
                return frame[..random.Next(frame.Length + 1)];
            case 1:
                return [.. frame, .. Noise(random.Next(1, 200))];
            case 2:
                byte[] other = Sound();
                return [.. frame[..random.Next(frame.Length + 1)], .. other[random.Next(other.Length + 1)..]];
            default:
                byte[] changed = [.. frame];
                for (int times = random.Next(1, 5); times > 0 && changed.Length > 0; times--)
                {
                    // Headers are where it hurts; the edges of a byte are where checks go wrong.
                    int at = random.Next(random.Next(2) == 0 ? changed.Length : Math.Min(changed.Length, 80));
                    changed[at] = random.Next(3) == 0 ? (byte)Pick(0, 1, 0x7f, 0x80, 0xff, 0x45, 64) : (byte)random.Next(256);
                }

                return changed;
        }
    }

    private int Pick(params ReadOnlySpan<int> values) => values[random.Next(values.Length)];

    private byte[] Noise(int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
