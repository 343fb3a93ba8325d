using System.Buffers.Binary;
using NUnit.Framework;
using RiscvXv6.Devices.Net.Wire;

namespace RiscvXv6.Tests.Devices.E1000;

/// <summary>
/// What the card computes about a frame: checksums, and VLAN tags taken off (test statement 27, the receiving half).
/// </summary>
public sealed class ReceiveOffloadTests
{
    private const uint IpOffload = 1 << 8;
    private const uint TransportOffload = 1 << 9;
    private const uint IPv6Offload = 1 << 10;
    private const uint VlanMode = 1 << 30;
    private const uint VlanFilter = 1 << 18;
    private const uint CfiEnable = 1 << 19;
    private const uint CfiValue = 1 << 20;
    private const byte Ignore = 0x04;
    private const byte VlanPacket = 0x08;
    private const byte TcpCalculated = 0x20;
    private const byte IpCalculated = 0x40;
    private const byte TcpError = 0x20;
    private const byte IpError = 0x40;
    private const byte Tcp = 6;
    private const byte Udp = 17;

    private static readonly byte[] Ends = [Ignore | TcpCalculated | IpCalculated | VlanPacket];

    [TestCase(0u, Ignore, TestName = "Without_offload_the_checksums_are_to_be_ignored")]
    [TestCase(IpOffload, IpCalculated, TestName = "With_ipofld_the_header_is_judged")]
    [TestCase(TransportOffload, TcpCalculated, TestName = "With_tuofld_the_segment_is_judged")]
    [TestCase(IpOffload | TransportOffload, IpCalculated | TcpCalculated, TestName = "With_both_both_are_judged")]
    public void A_good_packet(uint rxcsum, int status)
    {
        foreach (byte protocol in new[] { Tcp, Udp })
        {
            var taken = ReceiveWith(rxcsum, IPv4Frame(protocol));
            Assert.That(taken.Status & Ends[0], Is.EqualTo(status));
            Assert.That(taken.Errors, Is.Zero);
        }
    }

    [Test]
    public void A_wrong_header_checksum_is_ipe_and_nothing_else()
    {
        var frame = IPv4Frame(Tcp);
        frame[14 + 8]--;
        var taken = ReceiveWith(IpOffload | TransportOffload, frame);
        Assert.That(taken.Status & Ends[0], Is.EqualTo(IpCalculated | TcpCalculated));
        Assert.That(taken.Errors, Is.EqualTo(IpError));
    }

    [TestCase(Tcp)]
    [TestCase(Udp)]
    public void A_wrong_byte_of_data_is_tcpe_and_nothing_else(byte protocol)
    {
        var frame = IPv4Frame(protocol);
        frame[^1] ^= 0x10;
        var taken = ReceiveWith(IpOffload | TransportOffload, frame);
        Assert.That(taken.Status & Ends[0], Is.EqualTo(IpCalculated | TcpCalculated));
        Assert.That(taken.Errors, Is.EqualTo(TcpError));
    }

    [Test]
    public void Padding_behind_a_short_packet_is_no_part_of_it()
    {
        var frame = IPv4Frame(Udp, dataBytes: 3);
        frame.AsSpan(14 + 20 + 8 + 3).Fill(0xa5);
        var taken = ReceiveWith(IpOffload | TransportOffload, frame);
        Assert.That(taken.Errors, Is.Zero);
        Assert.That(taken.Status & TcpCalculated, Is.EqualTo(TcpCalculated));
    }

    [Test]
    public void Header_options_are_part_of_the_header()
    {
        var taken = ReceiveWith(IpOffload | TransportOffload, IPv4Frame(Tcp, optionBytes: 12));
        Assert.That(taken.Status & Ends[0], Is.EqualTo(IpCalculated | TcpCalculated));
        Assert.That(taken.Errors, Is.Zero);
    }

    [TestCase(0x2000, TestName = "A_first_fragment_has_its_header_judged_only")]
    [TestCase(0x0003, TestName = "A_later_fragment_has_its_header_judged_only")]
    public void A_fragment(int fragment)
    {
        var taken = ReceiveWith(IpOffload | TransportOffload, IPv4Frame(Tcp, fragment: (ushort)fragment));
        Assert.That(taken.Status & Ends[0], Is.EqualTo(IpCalculated));
        Assert.That(taken.Errors, Is.Zero);
    }

    [Test]
    public void Other_protocols_and_a_datagram_without_checksum_have_their_header_judged_only()
    {
        Assert.That(ReceiveWith(IpOffload | TransportOffload, IPv4Frame(1)).Status & Ends[0], Is.EqualTo(IpCalculated));
        var frame = IPv4Frame(Udp);
        frame.AsSpan(14 + 20 + 6, 2).Clear();
        Assert.That(ReceiveWith(IpOffload | TransportOffload, frame).Status & Ends[0], Is.EqualTo(IpCalculated));
    }

    [Test]
    public void What_is_not_ip_is_to_be_ignored()
    {
        var arp = ReceiveBench.Frame(60, type: 0x0806);
        Assert.That(ReceiveWith(IpOffload | TransportOffload, arp).Status & Ends[0], Is.EqualTo(Ignore));
        var wrongVersion = IPv4Frame(Tcp);
        wrongVersion[14] = 0x55;
        Assert.That(ReceiveWith(IpOffload | TransportOffload, wrongVersion).Status & Ends[0], Is.EqualTo(Ignore));
        var shortHeader = IPv4Frame(Tcp);
        shortHeader[14] = 0x44;
        Assert.That(ReceiveWith(IpOffload | TransportOffload, shortHeader).Status & Ends[0], Is.EqualTo(Ignore));
    }

    [Test]
    public void Snap_and_a_vlan_tag_are_looked_through()
    {
        var plain = IPv4Frame(Udp);
        byte[] tagged = [.. plain[..12], 0x81, 0x00, 0x20, 0x07, .. plain[12..]];
        byte[] snap = [.. plain[..12], 0, 100, 0xaa, 0xaa, 3, 0, 0, 0, .. plain[12..]];
        foreach (byte[] frame in new[] { tagged, snap })
        {
            var taken = ReceiveWith(IpOffload | TransportOffload, frame);
            Assert.That(taken.Status & Ends[0], Is.EqualTo(IpCalculated | TcpCalculated));
            Assert.That(taken.Errors, Is.Zero);
        }
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Ipv6_is_judged_if_that_is_enabled(bool isEnabled)
    {
        var frame = IPv6Frame();
        uint rxcsum = TransportOffload | (isEnabled ? IPv6Offload : 0);
        Assert.That(ReceiveWith(rxcsum, frame).Status & Ends[0], Is.EqualTo(isEnabled ? TcpCalculated : Ignore));
        frame[^1] ^= 1;
        Assert.That(ReceiveWith(rxcsum, frame).Errors, Is.EqualTo(isEnabled ? TcpError : 0));
    }

    [TestCase(0u)]
    [TestCase(13u)]
    [TestCase(14u)]
    [TestCase(34u)]
    [TestCase(255u)]
    public void The_packet_checksum_is_the_complement_of_the_sum_from_pcss_on(uint start)
    {
        foreach (int length in new[] { 60, 61, 300, 1514 })
        {
            var frame = ReceiveBench.Frame(length);
            Assert.That(ReceiveWith(start, frame).Checksum, Is.EqualTo(SlowComplement(frame, (int)start)));

            // With the check sequence left on, it is under the sum as well.
            var whole = ReceiveWith(start, frame, control: ReceiveBench.UsualControl & ~ReceiveBench.StripCrc);
            Assert.That(whole.Checksum, Is.EqualTo(SlowComplement(whole.Bytes, (int)start)));
        }
    }

    [Test]
    public void With_vme_a_tag_is_taken_off_and_its_word_is_in_the_descriptor()
    {
        var frame = Tagged(0x6123, 100);
        var taken = ReceiveWith(14, frame, device: VlanMode);
        Assert.That(taken.Bytes, Is.EqualTo((byte[])[.. frame[..12], .. frame[16..]]));
        Assert.That(taken.Status & VlanPacket, Is.EqualTo(VlanPacket));
        Assert.That(taken.Special, Is.EqualTo(0x6123));
        Assert.That(taken.Checksum, Is.EqualTo(SlowComplement(taken.Bytes, 14)));
    }

    [Test]
    public void Without_vme_a_tag_stays()
    {
        var frame = Tagged(0x6123, 100);
        var taken = ReceiveWith(0, frame);
        Assert.That(taken.Bytes, Is.EqualTo(frame));
        Assert.That(taken.Status & VlanPacket, Is.Zero);
        Assert.That(taken.Special, Is.Zero);
    }

    [Test]
    public void With_vme_an_untagged_frame_stays_as_it_is()
    {
        var frame = ReceiveBench.Frame(100);
        var taken = ReceiveWith(0, frame, device: VlanMode);
        Assert.That(taken.Bytes, Is.EqualTo(frame));
        Assert.That(taken.Status & VlanPacket, Is.Zero);
    }

    [Test]
    public void What_a_tag_is_vet_says()
    {
        using var bench = Started(0, VlanMode, ReceiveBench.UsualControl);
        bench.Write(E1000Offset.Vet, 0x9100);
        bench.Receive(Tagged(5, 100));
        Assert.That(bench.Take()!.Status & VlanPacket, Is.Zero);
        var other = Tagged(5, 100);
        other[12] = 0x91;
        bench.Receive(other);
        Assert.That(bench.Take()!.Status & VlanPacket, Is.EqualTo(VlanPacket));
    }

    [TestCase(0u)]
    [TestCase(VlanMode)]
    public void With_vfe_tagged_frames_of_the_table_s_vlans_are_kept_and_untagged_ones_too(uint device)
    {
        using var bench = Started(0, device, ReceiveBench.UsualControl | VlanFilter);
        for (int row = 0; row < 128; row++)
        {
            bench.Write(E1000Offset.Vfta + 4 * (uint)row, row == 0x123 >> 5 ? 1u << (0x123 & 31) : 0);
        }

        Assert.That(IsKept(bench, Tagged(0x123, 100)), Is.True);
        Assert.That(IsKept(bench, Tagged(0x6123, 100)), Is.True, "a priority is no VLAN");
        Assert.That(IsKept(bench, Tagged(0x122, 100)), Is.False);
        Assert.That(IsKept(bench, Tagged(0x143, 100)), Is.False);
        Assert.That(IsKept(bench, ReceiveBench.Frame(100)), Is.True);
    }

    [TestCase(0u)]
    [TestCase(CfiValue)]
    public void With_cfien_the_cfi_bit_has_to_be_rctl_s(uint cfi)
    {
        using var bench = Started(0, 0, ReceiveBench.UsualControl | VlanFilter | CfiEnable | cfi);
        bench.Write(E1000Offset.Vfta, uint.MaxValue);
        Assert.That(IsKept(bench, Tagged(0x0001, 100)), Is.EqualTo(cfi == 0));
        Assert.That(IsKept(bench, Tagged(0x1001, 100)), Is.EqualTo(cfi != 0));
    }

    private static bool IsKept(ReceiveBench bench, byte[] frame)
    {
        bench.Receive(frame);
        return bench.TakeAll().Count == 1;
    }

    private static ReceiveBench Started(uint rxcsum, uint device, uint control)
    {
        var bench = new ReceiveBench();
        bench.Write(E1000Offset.Ctrl, bench.Read(E1000Offset.Ctrl) | device);
        bench.Write(E1000Offset.Rxcsum, rxcsum);
        bench.StartReceiver(control: control);
        return bench;
    }

    private static ReceivedFrame ReceiveWith(
        uint rxcsum, byte[] frame, uint device = 0, uint control = ReceiveBench.UsualControl)
    {
        using var bench = Started(rxcsum, device, control);
        bench.Receive(frame);
        return bench.Take()!;
    }

    private static byte[] Tagged(ushort word, int lengthBytes)
    {
        var frame = ReceiveBench.Frame(lengthBytes, type: 0x8100);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(14), word);
        return frame;
    }

    private static byte[] IPv4Frame(byte protocol, int dataBytes = 101, int optionBytes = 0, ushort fragment = 0)
    {
        int headerBytes = 20 + optionBytes;
        int transportBytes = protocol == Tcp ? 20 : 8;
        int totalBytes = headerBytes + transportBytes + dataBytes;
        var frame = ReceiveBench.Frame(Math.Max(60, 14 + totalBytes), E1000OptionsMac(), seed: protocol, type: 0x0800);
        var packet = frame.AsSpan(14, totalBytes);
        packet[0] = (byte)(0x40 | headerBytes / 4);
        packet[1] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)totalBytes);
        BinaryPrimitives.WriteUInt16BigEndian(packet[6..], fragment);
        packet[8] = 64;
        packet[9] = protocol;
        packet.Slice(10, 2).Clear();
        BinaryPrimitives.WriteUInt16BigEndian(packet[10..], SlowComplement(packet[..headerBytes].ToArray(), 0));
        var segment = packet[headerBytes..];
        if (protocol is Tcp or Udp)
        {
            if (protocol == Udp)
            {
                BinaryPrimitives.WriteUInt16BigEndian(segment[4..], (ushort)segment.Length);
            }

            byte[] pseudo = [.. packet[12..20], 0, protocol, (byte)(segment.Length >> 8), (byte)segment.Length];
            PutChecksum(segment, protocol == Tcp ? 16 : 6, pseudo);
        }

        return frame;
    }

    private static byte[] IPv6Frame()
    {
        const int segmentBytes = 20 + 33;
        var frame = ReceiveBench.Frame(14 + 40 + 16 + segmentBytes, E1000OptionsMac(), type: 0x86dd);
        var packet = frame.AsSpan(14);
        packet[0] = 0x60;
        BinaryPrimitives.WriteUInt16BigEndian(packet[4..], 16 + segmentBytes);

        // Hop-by-hop options, then destination options, then TCP.
        packet[6] = 0;
        packet[40] = 60;
        packet[41] = 0;
        packet[48] = Tcp;
        packet[49] = 0;
        PutChecksum(packet[56..], 16, [.. packet[8..40], 0, 0, 0, segmentBytes, 0, 0, 0, Tcp]);
        return frame;
    }

    private static void PutChecksum(Span<byte> segment, int offset, byte[] pseudo)
    {
        segment.Slice(offset, 2).Clear();
        BinaryPrimitives.WriteUInt16BigEndian(segment[offset..], SlowComplement([.. pseudo, .. segment], 0));
    }

    private static MacAddress E1000OptionsMac() => RiscvXv6.Devices.E1000.E1000Options.DefaultMac;

    /// <summary>RFC 1071's sum, word by word with the carry put back each time, complemented.</summary>
    private static ushort SlowComplement(byte[] bytes, int start)
    {
        uint sum = 0;
        for (int index = start; index < bytes.Length; index += 2)
        {
            sum += (uint)bytes[index] << 8 | (index + 1 < bytes.Length ? bytes[index + 1] : 0u);
            sum = (sum & 0xffff) + (sum >> 16);
        }

        return (ushort)~sum;
    }
}
