using System.Buffers.Binary;

namespace RiscvXv6.Tests.Devices.E1000;

/// <summary>
/// Packets with IPv4, IPv6, TCP and UDP, and their checksums, in the plainest way: word by word, as RFC 1071 tells it.
/// </summary>
internal static class PlainPackets
{
    public const int EthernetBytes = 14;
    public const int IPv4Bytes = 20;
    public const int IPv6Bytes = 40;
    public const int TcpBytes = 20;
    public const int UdpBytes = 8;

    /// <summary>The ones' complement sum, with carries brought round one by one.</summary>
    public static ushort Sum(ReadOnlySpan<byte> bytes, int sum = 0)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            sum += i % 2 == 0 ? bytes[i] << 8 : bytes[i];
            while (sum > 0xffff)
            {
                sum -= 0xffff;
            }
        }

        return (ushort)sum;
    }

    /// <summary>
    /// Headers with lengths and checksums of zero, but for the pseudo-header's sum, in which there is no length.
    /// </summary>
    public static byte[] Prototype(bool isIPv6, bool isTcp, int payloadBytes)
    {
        int ipBytes = isIPv6 ? IPv6Bytes : IPv4Bytes;
        int transport = EthernetBytes + ipBytes;
        byte[] packet = new byte[transport + (isTcp ? TcpBytes : UdpBytes) + payloadBytes];
        Convert.FromHexString("020000000002" + "525400123456" + (isIPv6 ? "86dd" : "0800")).CopyTo(packet, 0);
        var ip = packet.AsSpan(EthernetBytes);
        byte protocol = isTcp ? (byte)6 : (byte)17;
        if (isIPv6)
        {
            ip[0] = 0x60;
            ip[6] = protocol;
            ip[7] = 64;
            Convert.FromHexString("fe800000000000005054 00fffe123456".Replace(" ", "", StringComparison.Ordinal)).CopyTo(ip[8..]);
            Convert.FromHexString("fe800000000000000000000000000002").CopyTo(ip[24..]);
        }
        else
        {
            Convert.FromHexString("45000000fffe40004000" + "0000" + "0a00020f" + "0a000202").CopyTo(ip);
            ip[9] = protocol;
        }

        var header = packet.AsSpan(transport);
        Convert.FromHexString("1f900050").CopyTo(header);
        if (isTcp)
        {
            Convert.FromHexString("fffffc00" + "12345678" + "5019" + "4000").CopyTo(header[4..]);
        }

        BinaryPrimitives.WriteUInt16BigEndian(header[(isTcp ? 16 : 6)..], PseudoHeader(packet, isIPv6, protocol, 0));
        for (int i = packet.Length - payloadBytes; i < packet.Length; i++)
        {
            packet[i] = (byte)(i * 13 + (i >> 8));
        }

        return packet;
    }

    /// <summary>The sum over the pseudo header that TCP and UDP include.</summary>
    public static ushort PseudoHeader(ReadOnlySpan<byte> packet, bool isIPv6, byte protocol, int lengthBytes) =>
        isIPv6
            ? Sum(packet.Slice(EthernetBytes + 8, 32), protocol + lengthBytes)
            : Sum(packet.Slice(EthernetBytes + 12, 8), protocol + lengthBytes);
}
