using NUnit.Framework;
using RiscvXv6.Devices.Net.Wire;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Devices.Net.Wire;

public sealed class IPv4PacketTests
{
    private static readonly IPv4Address s_from = Packets.Address("10.0.2.15");
    private static readonly IPv4Address s_to = Packets.Address("192.0.2.1");

    [Test]
    public void A_packet_says_what_was_put_into_it()
    {
        byte[] bytes = [.. Packets.Ip(s_from, s_to, 17, [1, 2, 3], 0xabcd, 0x6003, 9, [1, 1, 1, 0]), 99, 99];
        Assert.That(IPv4Packet.TryRead(bytes, out var packet));
        Assert.That((packet.Source, packet.Destination, packet.Protocol), Is.EqualTo((s_from, s_to, IpProtocol.Udp)));
        Assert.That((packet.Identification, packet.TimeToLive, packet.HeaderBytes), Is.EqualTo((0xabcd, 9, 24)));
        Assert.That((packet.DontFragment, packet.MoreFragments, packet.FragmentOffsetBytes), Is.EqualTo((true, true, 24)));
        Assert.That(packet.Payload.ToArray(), Is.EqualTo(new byte[] { 1, 2, 3 }));
        Assert.That(packet.Bytes.Length, Is.EqualTo(27), "without what padded the frame");
    }

    [Test]
    public void A_packet_that_contradicts_itself_is_refused()
    {
        byte[] good = Packets.Ip(s_from, s_to, 17, [1, 2, 3]);
        Assert.That(IPv4Packet.TryRead(good, out _));
        Assert.That(IPv4Packet.TryRead(good.AsSpan(0, 22), out _), Is.False, "cut off");
        Assert.That(IPv4Packet.TryRead(good.AsSpan(0, 19), out _), Is.False, "half a header");
        Assert.That(IPv4Packet.TryRead([], out _), Is.False);
        Assert.That(IPv4Packet.TryRead(Repaired(good, 0, 0x65), out _), Is.False, "version 6");
        Assert.That(IPv4Packet.TryRead(Repaired(good, 0, 0x44), out _), Is.False, "a header of 16 bytes");
        Assert.That(IPv4Packet.TryRead(Repaired(good, 0, 0x4f), out _), Is.False, "a header longer than the packet");
        Assert.That(IPv4Packet.TryRead(Repaired(good, 3, 19), out _), Is.False, "a length below the header's");
        Assert.That(IPv4Packet.TryRead(Repaired(good, 3, 24), out _), Is.False, "a length beyond the bytes");
    }

    [Test]
    public void Any_bit_that_flips_in_the_header_is_noticed()
    {
        byte[] good = Packets.Ip(s_from, s_to, 17, [1, 2, 3]);
        for (int bit = 0; bit < 160; bit++)
        {
            byte[] bad = [.. good];
            bad[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.That(IPv4Packet.TryRead(bad, out _), Is.False, $"bit {bit}");
        }
    }

    [Test]
    public void A_header_is_written_as_the_RFC_draws_it()
    {
        byte[] bytes = new byte[23];
        new IPv4Header(s_from, s_to, IpProtocol.Udp, 0x1234, 24, true, 9).Write(bytes, 3);
        Assert.That(bytes, Is.EqualTo((byte[])[.. Packets.Ip(s_from, s_to, 17, [0, 0, 0], 0x1234, 0x2003, 9)]));
    }

    [Test]
    public void The_longest_datagram_is_put_together_from_its_fragments()
    {
        var reassembly = new IPv4Reassembly();
        reassembly.Begin();
        byte[] data = new byte[65_515];
        new Random(1).NextBytes(data);
        bool isWhole = false;
        for (int at = 0; at < data.Length; at += 8000)
        {
            int end = Math.Min(at + 8000, data.Length);
            Assert.That(isWhole, Is.False);
            Assert.That(IPv4Packet.TryRead(
                Packets.Ip(s_from, s_to, 17, data[at..end], 1, at / 8 | (end < data.Length ? 0x2000 : 0)), out var fragment));
            Assert.That(reassembly.TryAdd(fragment));
            isWhole = reassembly.TryComplete(fragment, out var whole);
            if (isWhole)
            {
                Assert.That(whole.Payload.SequenceEqual(data));
                Assert.That(whole.IsFragment, Is.False);
            }
        }

        Assert.That(isWhole);
    }

    [Test]
    public void Of_overlapping_fragments_the_later_one_counts()
    {
        // RFC 791 "An Example Reassembly Procedure".
        var reassembly = new IPv4Reassembly();
        reassembly.Begin();
        Assert.That(Add(reassembly, 0, true, 16, 1), Is.Null);
        Assert.That(Add(reassembly, 8, true, 16, 2), Is.Null);
        Assert.That(Add(reassembly, 24, false, 4, 3), Is.EqualTo((byte[])[
            .. Enumerable.Repeat((byte)1, 8), .. Enumerable.Repeat((byte)2, 16), 3, 3, 3, 3,
        ]));
    }

    [Test]
    public void What_was_begun_anew_holds_nothing_of_before()
    {
        var reassembly = new IPv4Reassembly();
        reassembly.Begin();
        Add(reassembly, 0, true, 16, 1);
        reassembly.Begin();
        Assert.That(Add(reassembly, 16, false, 8, 2), Is.Null);
        Assert.That(reassembly.Quotation.IsEmpty);
        Assert.That(Add(reassembly, 0, true, 16, 3), Has.Length.EqualTo(24));
    }

    [Test]
    public void Fragments_that_contradict_each_other_are_refused()
    {
        Assert.That(Accepts((0, true, 16), (16, false, 8)), "the control");
        Assert.That(Accepts((16, true, 16), (16, false, 8)), Is.False, "an end before what came");
        Assert.That(Accepts((16, false, 8), (8, false, 8)), Is.False, "two ends");
        Assert.That(Accepts((16, false, 8), (24, true, 8)), Is.False, "more behind the end");
        Assert.That(Accepts((0, true, 12)), Is.False, "a piece that is not the last and no multiple of 8");
        Assert.That(Accepts((65_528, false, 8)), Is.False, "beyond the longest datagram");
        Assert.That(Accepts((0, true, 0)), Is.False, "nothing at all");

        static bool Accepts(params (int Offset, bool More, int Length)[] pieces)
        {
            var reassembly = new IPv4Reassembly();
            reassembly.Begin();
            bool isAccepted = true;
            foreach (var (offset, more, length) in pieces)
            {
                Assert.That(isAccepted);
                byte[] packet = Packets.Ip(s_from, s_to, 17, new byte[length], 1, offset / 8 | (more ? 0x2000 : 0));
                Assert.That(IPv4Packet.TryRead(packet, out var fragment));
                isAccepted = reassembly.TryAdd(fragment);
            }

            return isAccepted;
        }
    }

    [Test]
    public void A_UDP_checksum_that_comes_out_as_0_is_sent_as_all_ones()
    {
        // RFC 768 "Fields". The data make up for the sum of all the rest.
        byte[] datagram = Packets.UdpPayload(s_from, 1, s_to, 2, [0, 0]);
        byte[] data = datagram[6..8];
        byte[] written = [.. new byte[8], .. data];
        new UdpHeader(1, 2).Write(written, s_from, s_to);
        Assert.That(written, Is.EqualTo((byte[])[0, 1, 0, 2, 0, 10, 0xff, 0xff, .. data]));
    }

    private static byte[]? Add(IPv4Reassembly reassembly, int offset, bool more, int length, byte value)
    {
        byte[] data = new byte[length];
        Array.Fill(data, value);
        Assert.That(IPv4Packet.TryRead(Packets.Ip(s_from, s_to, 17, data, 1, offset / 8 | (more ? 0x2000 : 0)), out var fragment));
        Assert.That(reassembly.TryAdd(fragment));
        return reassembly.TryComplete(fragment, out var whole) ? whole.Payload.ToArray() : null;
    }

    /// <summary>The packet with another byte in its header, and a checksum that fits.</summary>
    private static byte[] Repaired(byte[] packet, int at, byte value)
    {
        byte[] changed = [.. packet];
        changed[at] = value;
        changed[10] = changed[11] = 0;
        int headerBytes = Math.Clamp((changed[0] & 0xf) * 4, 0, changed.Length);
        Packets.Big16(Packets.Checksum(changed[..headerBytes])).CopyTo(changed, 10);
        return changed;
    }
}
