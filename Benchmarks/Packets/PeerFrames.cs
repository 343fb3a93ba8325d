using System.Buffers.Binary;
using System.Buffers.Text;

namespace RiscvXv6.Benchmarks.Packets;

/// <summary>
/// What a peer of the guest, 10.0.2.2, does with each frame, as bytes in and bytes out: the same for the peer inside a machine's guest time and the one at the
/// other end of a socket.
/// </summary>
internal static class PeerFrames
{
    /// <summary>UDP ports of the peer: it forgets what comes to the first, echoes the second, and the third asks for a flood.</summary>
    public const ushort SinkPort = 9, EchoPort = 7, FloodPort = 9000;

    /// <summary>Where the guest waits for a flood.</summary>
    public const ushort GuestPort = 2000;

    /// <summary>Bytes of an Ethernet frame without its frame check sequence, at most.</summary>
    public const int BytesMax = 1514;

    private const int EthernetHeader = 14, Ipv4Header = 20, UdpHeader = 8, FrameCheck = 4, AddressOffset = EthernetHeader + 12;
    private const int ProtocolOffset = EthernetHeader + 9, PortOffset = EthernetHeader + Ipv4Header;
    private const ushort Ipv4Type = 0x0800, ArpType = 0x0806, ExperimentalType = 0x88b5;
    private const byte Udp = 17;
    private const uint PeerAddress = 0x0a00_0202;

    private static ReadOnlySpan<byte> PeerMac => [0x52, 0x55, 10, 0, 2, 2];

    private static ReadOnlySpan<byte> GuestMac => [0x52, 0x54, 0, 0x12, 0x34, 0x56];

    public static PeerDuty DutyOf(ReadOnlySpan<byte> frame)
    {
        switch (BinaryPrimitives.ReadUInt16BigEndian(frame[12..]))
        {
            case ExperimentalType:
                return PeerDuty.Experiment;
            case ArpType when IsArpRequest(frame):
                return PeerDuty.AnswerArp;
            case Ipv4Type when frame[ProtocolOffset] == Udp:
                return BinaryPrimitives.ReadUInt16BigEndian(frame[(PortOffset + 2)..]) switch
                {
                    SinkPort => PeerDuty.Count,
                    EchoPort => PeerDuty.Echo,
                    FloodPort => PeerDuty.Flood,
                    _ => PeerDuty.None,
                };
            default:
                return PeerDuty.None;
        }
    }

    /// <summary>A frame of the experimental type, all zeros, for the guest.</summary>
    public static void WriteExperiment(Span<byte> frame)
    {
        frame.Clear();
        Address(frame, ExperimentalType);
    }

    /// <summary>The same frame back to where it came from, with addresses and ports exchanged; sums that cover both stay right.</summary>
    public static void WriteEcho(ReadOnlySpan<byte> frame, Span<byte> reply)
    {
        frame.CopyTo(reply);
        frame[6..12].CopyTo(reply);
        PeerMac.CopyTo(reply[6..]);
        if (BinaryPrimitives.ReadUInt16BigEndian(frame[12..]) == Ipv4Type)
        {
            frame.Slice(AddressOffset, 4).CopyTo(reply[(AddressOffset + 4)..]);
            frame.Slice(AddressOffset + 4, 4).CopyTo(reply[AddressOffset..]);
            frame.Slice(PortOffset, 2).CopyTo(reply[(PortOffset + 2)..]);
            frame.Slice(PortOffset + 2, 2).CopyTo(reply[PortOffset..]);
        }
    }

    /// <summary>RFC 826 "Packet Reception": who has 10.0.2.2? We do. Returns the reply's length.</summary>
    public static int WriteArpReply(ReadOnlySpan<byte> frame, Span<byte> reply)
    {
        const int length = 60, operation = EthernetHeader + 6, sender = EthernetHeader + 8, target = EthernetHeader + 18;
        reply[..length].Clear();
        Address(reply, ArpType);
        frame[EthernetHeader..sender].CopyTo(reply[EthernetHeader..]);
        reply[operation + 1] = 2;
        PeerMac.CopyTo(reply[sender..]);
        BinaryPrimitives.WriteUInt32BigEndian(reply[(sender + 6)..], PeerAddress);
        frame.Slice(sender, 10).CopyTo(reply[target..]);
        return length;
    }

    /// <summary>Makes the datagram that a request asks for again and again, and says how often.</summary>
    /// <param name="request">Its payload is text, for the guest's sendpkt: the bytes of each frame with its frame check sequence, and how many.</param>
    /// <param name="frame">Room for <see cref="BytesMax"/>.</param>
    /// <param name="frameBytes">With the frame check sequence.</param>
    /// <param name="count">How many are wanted.</param>
    public static bool TryWriteFlood(ReadOnlySpan<byte> request, Span<byte> frame, out int frameBytes, out int count)
    {
        count = 0;
        var text = request[(PortOffset + UdpHeader)..];
        if (!Utf8Parser.TryParse(text, out frameBytes, out int digits) || !Utf8Parser.TryParse(text[(digits + 1)..], out count, out _))
        {
            return false;
        }

        int length = frameBytes - FrameCheck - EthernetHeader;
        frame.Clear();
        Address(frame, Ipv4Type);
        var packet = frame[EthernetHeader..];
        packet[0] = 0x45;
        packet[8] = 64; // time to live
        packet[9] = Udp;
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)length);
        BinaryPrimitives.WriteUInt32BigEndian(packet[12..], PeerAddress);
        request.Slice(AddressOffset, 4).CopyTo(packet[16..]);
        BinaryPrimitives.WriteUInt16BigEndian(packet[10..], (ushort)~SumOf(packet[..Ipv4Header]));
        BinaryPrimitives.WriteUInt16BigEndian(packet[Ipv4Header..], FloodPort);
        BinaryPrimitives.WriteUInt16BigEndian(packet[(Ipv4Header + 2)..], GuestPort);
        BinaryPrimitives.WriteUInt16BigEndian(packet[(Ipv4Header + 4)..], (ushort)(length - Ipv4Header));
        return true;
    }

    private static void Address(Span<byte> frame, ushort type)
    {
        GuestMac.CopyTo(frame);
        PeerMac.CopyTo(frame[6..]);
        BinaryPrimitives.WriteUInt16BigEndian(frame[12..], type);
    }

    private static bool IsArpRequest(ReadOnlySpan<byte> frame) =>
        frame[EthernetHeader + 7] == 1 && BinaryPrimitives.ReadUInt32BigEndian(frame[(EthernetHeader + 24)..]) == PeerAddress;

    /// <summary>RFC 1071: the ones' complement sum of 16-bit words.</summary>
    private static uint SumOf(ReadOnlySpan<byte> words)
    {
        uint sum = 0;
        for (int at = 0; at < words.Length; at += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(words[at..]);
        }

        sum = (sum & 0xffff) + (sum >> 16);
        return (sum & 0xffff) + (sum >> 16);
    }
}
