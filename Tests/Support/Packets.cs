using System.Buffers.Binary;
using RiscvXv6.Devices.Net.Wire;

namespace RiscvXv6.Tests.Support;

/// <summary>
/// Builds and takes apart packets byte by byte from the RFCs' figures, in the slowest and plainest way, so that what
/// the machine reads and writes is judged by something else than its own code.
/// </summary>
internal static class Packets
{
    public const ushort IPv4 = 0x0800;
    public const ushort Arp = 0x0806;
    public const byte Icmp = 1;
    public const byte Tcp = 6;
    public const byte Udp = 17;

    public static IPv4Address Address(string text) =>
        IPv4Address.TryParse(text, out var address) ? address : throw new ArgumentException(text);

    public static MacAddress Mac(string text) => MacAddress.TryParse(text, out var mac) ? mac : throw new ArgumentException(text);

    /// <summary>RFC 1071's sum, one word at a time.</summary>
    public static ushort Checksum(params byte[][] parts)
    {
        byte[] all = [.. parts.SelectMany(static part => part)];
        int sum = 0;
        for (int i = 0; i < all.Length; i += 2)
        {
            sum += all[i] * 256 + (i + 1 < all.Length ? all[i + 1] : 0);
            sum = sum % 65536 + sum / 65536;
        }

        return (ushort)(65535 - sum);
    }

    public static byte[] Big16(int value) => [(byte)(value >> 8), (byte)value];

    public static byte[] Big32(uint value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];

    public static byte[] Bytes(IPv4Address address) => Big32(address.Value);

    public static byte[] Bytes(MacAddress mac)
    {
        byte[] bytes = new byte[6];
        mac.Write(bytes);
        return bytes;
    }

    public static byte[] Ethernet(MacAddress destination, MacAddress source, ushort type, byte[] payload) =>
        [.. Bytes(destination), .. Bytes(source), .. Big16(type), .. payload];

    public static byte[] ArpPayload(int operation, MacAddress senderMac, IPv4Address sender, MacAddress targetMac, IPv4Address target) =>
    [
        0, 1, 8, 0, 6, 4, .. Big16(operation), .. Bytes(senderMac), .. Bytes(sender), .. Bytes(targetMac), .. Bytes(target),
    ];

    /// <summary>A packet with a right header checksum.</summary>
    /// <param name="flagsAndOffset">The word with DF (0x4000), MF (0x2000) and the offset in units of 8 bytes.</param>
    public static byte[] Ip(
        IPv4Address source, IPv4Address destination, byte protocol, byte[] payload, int identification = 0x1234,
        int flagsAndOffset = 0, byte timeToLive = 64, byte[]? options = null)
    {
        options ??= [];
        byte[] header =
        [
            (byte)(0x45 + options.Length / 4), 0, .. Big16(20 + options.Length + payload.Length), .. Big16(identification),
            .. Big16(flagsAndOffset), timeToLive, protocol, 0, 0, .. Bytes(source), .. Bytes(destination), .. options,
        ];
        Big16(Checksum(header)).CopyTo(header, 10);
        return [.. header, .. payload];
    }

    public static byte[] UdpPayload(IPv4Address source, int sourcePort, IPv4Address destination, int destinationPort, byte[] data)
    {
        byte[] datagram = [.. Big16(sourcePort), .. Big16(destinationPort), .. Big16(8 + data.Length), 0, 0, .. data];
        ushort checksum = Checksum(PseudoHeader(source, destination, Udp, datagram.Length), datagram);
        Big16(checksum == 0 ? 0xffff : checksum).CopyTo(datagram, 6);
        return datagram;
    }

    public static byte[] TcpPayload(
        IPv4Address source, int sourcePort, IPv4Address destination, int destinationPort, uint sequence, uint acknowledgement,
        int flags, int window, byte[]? options = null, byte[]? data = null)
    {
        options ??= [];
        byte[] segment =
        [
            .. Big16(sourcePort), .. Big16(destinationPort), .. Big32(sequence), .. Big32(acknowledgement),
            (byte)((20 + options.Length) / 4 << 4), (byte)flags, .. Big16(window), 0, 0, 0, 0, .. options, .. data ?? [],
        ];
        Big16(Checksum(PseudoHeader(source, destination, Tcp, segment.Length), segment)).CopyTo(segment, 16);
        return segment;
    }

    public static byte[] IcmpPayload(int type, int code, byte[] restOfHeader, byte[] data)
    {
        byte[] message = [(byte)type, (byte)code, 0, 0, .. restOfHeader, .. data];
        Big16(Checksum(message)).CopyTo(message, 2);
        return message;
    }

    public static byte[] PseudoHeader(IPv4Address source, IPv4Address destination, byte protocol, int length) =>
        [.. Bytes(source), .. Bytes(destination), 0, protocol, .. Big16(length)];

    public static int Word(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);

    public static uint Long(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);

    /// <summary>
    /// What is wrong with a frame that the machine sent, or null: lengths and every checksum up to the transport's.
    /// </summary>
    public static string? Fault(ReadOnlySpan<byte> frame)
    {
        if (frame.Length is < 60 or > 1514)
        {
            return $"{frame.Length} bytes long";
        }

        switch (Word(frame, 12))
        {
            case Arp:
                return !frame[14..22].SequenceEqual(new byte[] { 0, 1, 8, 0, 6, 4, 0, frame[21] }) || frame[21] is not (1 or 2)
                    ? "not an ARP packet for Ethernet and IPv4"
                    : frame[42..].IndexOfAnyExcept((byte)0) >= 0 ? "padding that is not zero" : null;
            case IPv4:
                return PacketFault(frame[14..]);
            default:
                return $"type {Word(frame, 12):x4}";
        }
    }

    private static string? PacketFault(ReadOnlySpan<byte> packet)
    {
        int total = Word(packet, 2);
        if (packet[0] != 0x45 || total < 20 || total > packet.Length || (total < packet.Length && packet.Length != 46))
        {
            return $"an IPv4 header that says {packet[0]:x2} and {total} of {packet.Length} bytes";
        }

        // Padding is zero, and so tells nothing of other packets.
        if (packet[total..].IndexOfAnyExcept((byte)0) >= 0)
        {
            return "padding that is not zero";
        }

        if (Checksum(packet[..20].ToArray()) != 0)
        {
            return "a wrong IPv4 checksum";
        }

        if ((Word(packet, 6) & 0x3fff) != 0)
        {
            return null; // A fragment's payload can't be judged alone.
        }

        byte[] payload = packet[20..total].ToArray();
        byte[] pseudo = PseudoHeader(
            new IPv4Address(Long(packet, 12)), new IPv4Address(Long(packet, 16)), packet[9], payload.Length);
        return packet[9] switch
        {
            Icmp => payload.Length >= 8 && Checksum(payload) == 0 ? null : "a wrong ICMP checksum",
            Udp => payload.Length >= 8 && Word(payload, 4) == payload.Length && Word(payload, 6) != 0 && Checksum(pseudo, payload) == 0
                ? null : "a wrong UDP length or checksum",
            Tcp => payload.Length >= 20 && payload[12] >> 4 >= 5 && (payload[12] >> 4) * 4 <= payload.Length && Checksum(pseudo, payload) == 0
                ? null : "a wrong TCP header or checksum",
            _ => $"protocol {packet[9]}",
        };
    }
}
