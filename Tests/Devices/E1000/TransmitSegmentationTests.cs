using System.Buffers.Binary;
using NUnit.Framework;
using RiscvXv6.Devices.E1000;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Devices.E1000;

/// <summary>
/// TCP segmentation (SDM "IP/TCP/UDP Header Updating"). Each segment that leaves is taken apart and its fields and
/// checksums are made anew, word by word.
/// </summary>
public sealed class TransmitSegmentationTests
{
    private const byte First = TransmitScript.Segmented | TransmitScript.InsertFcs;
    private const byte End = First | TransmitScript.EndOfPacket | TransmitScript.ReportStatus;
    private const byte Both = TransmitScript.IPChecksum | TransmitScript.TransportChecksum;
    private const ushort SegmentBytes = 1_000;
    private const byte FinAndPush = 0x09;

    private E1000Driver _driver = null!;
    private TransmitScript _script = null!;

    [SetUp]
    public void Start_a_card()
    {
        _driver = new E1000Driver();
        _driver.SetUpTransmit();
        _script = new TransmitScript(_driver);
    }

    [TearDown]
    public void Release() => _driver.Dispose();

    [TestCase(false, true, 3_500, "54,3500")]
    [TestCase(false, true, 3_000, "54,3000")]
    [TestCase(false, true, 1, "54,1")]
    [TestCase(false, true, 999, "1053")]
    [TestCase(false, true, 1_001, "1055")]
    [TestCase(false, true, 3_500, "3554")]
    [TestCase(false, true, 3_500, "54,999,1,1,1500,999")]
    [TestCase(false, true, 3_500, "14,20,20,3500")]
    [TestCase(false, true, 3_500, "100,3454")]
    [TestCase(true, true, 3_500, "74,3500")]
    [TestCase(false, false, 3_500, "42,3500")]
    [TestCase(true, false, 2_001, "62,2001")]
    [TestCase(false, true, 60_000, "54,30000,30000")]
    public void Segments_are_whole_packets_of_their_own(bool isIPv6, bool isTcp, int payloadBytes, string lengths)
    {
        byte[] prototype = PlainPackets.Prototype(isIPv6, isTcp, payloadBytes);
        _script.ContextFor(isIPv6, isTcp, payloadBytes, SegmentBytes);
        Queue(prototype, lengths, isIPv6 ? TransmitScript.TransportChecksum : Both);
        Run();
        AssertSegments(prototype, isIPv6, isTcp, payloadBytes);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(_driver.IsSent(_script.Tail - 1), Is.True);
            Assert.That(_driver.Read(E1000Register.Tsctc), Is.EqualTo(1));
            Assert.That(_driver.Read(E1000Register.Tsctfc), Is.Zero);
        }
    }

    [Test]
    public void Segments_follow_each_other_at_the_wire_s_speed()
    {
        _script.ContextFor(isIPv6: false, isTcp: true, 60_000, 1_460);
        Queue(PlainPackets.Prototype(false, true, 60_000), "54,60000", Both);
        Run();
        var frames = _driver.Cable.Frames;
        Assert.That(frames, Has.Count.EqualTo(42));
        Assert.That(frames[40].Cycle - frames[1].Cycle, Is.EqualTo(39 * (8 + 1_514 + 4 + 12) * 8));
    }

    // Negative control: what AssertSegments demands fails for segments without checksums.
    [Test]
    public void Without_POPTS_checksums_stay_as_they_were()
    {
        byte[] prototype = PlainPackets.Prototype(false, true, 2_000);
        _script.ContextFor(isIPv6: false, isTcp: true, 2_000, SegmentBytes);
        Queue(prototype, "54,2000", 0);
        Run();
        foreach (var frame in _driver.Cable.Frames)
        {
            Assert.That(frame.Bytes.AsSpan(24, 2).ToArray(), Is.EqualTo(prototype.AsSpan(24, 2).ToArray()));
            Assert.That(frame.Bytes.AsSpan(50, 2).ToArray(), Is.EqualTo(prototype.AsSpan(50, 2).ToArray()));
        }

        Assert.That(() => AssertSegments(prototype, false, true, 2_000), Throws.InstanceOf<AssertionException>());
    }

    // Tag and special field of the first data descriptor.
    [Test]
    public void Each_segment_gets_the_tag()
    {
        _driver.Write(E1000Register.Ctrl, _driver.Read(E1000Register.Ctrl) | 1u << 30);
        byte[] prototype = PlainPackets.Prototype(false, true, 2_500);
        _script.ContextFor(isIPv6: false, isTcp: true, 2_500, SegmentBytes);
        _script.Data(prototype.AsSpan(0, 54), First | TransmitScript.VlanTag, Both, special: 0x0123);
        _script.Data(prototype.AsSpan(54), End, special: 0x0fff);
        Run();
        Assert.That(_driver.Cable.Frames, Has.Count.EqualTo(3));
        Assert.That(
            _driver.Cable.Frames.Select(frame => Convert.ToHexString(frame.Bytes.AsSpan(12, 6))), Is.All.EqualTo("810001230800"));
    }

    // SDM "TCP/IP Data Descriptor Command Field", EOP: lengths that do not match are counted in TSCTFC.
    [TestCase(3_000, "54,2500", 2)]
    [TestCase(2_000, "54,2500", 2)]
    [TestCase(2_000, "54,2000,1", 2)]
    [TestCase(3_000, "40", 0)]
    [TestCase(3_000, "54", 0)]
    public void Lengths_that_do_not_match_PAYLEN_are_counted_and_the_next_packet_is_not_harmed(
        int claimedBytes, string lengths, int segments)
    {
        byte[] prototype = PlainPackets.Prototype(false, true, 2_600);
        _script.ContextFor(isIPv6: false, isTcp: true, claimedBytes, SegmentBytes);
        Queue(prototype, lengths, Both);
        byte[] next = E1000Driver.Frame(200);
        _script.Legacy(next, TransmitScript.EndOfPacket | TransmitScript.InsertFcs | TransmitScript.ReportStatus);
        Run();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(_driver.Cable.Frames, Has.Count.EqualTo(segments + 1));
            Assert.That(_driver.Cable.Frames[^1].Bytes, Is.EqualTo(next));
            Assert.That(_driver.IsSent(_script.Tail - 1) && _driver.IsSent(_script.Tail - 2), Is.True);
            Assert.That(_driver.Read(E1000Register.Tsctfc), Is.EqualTo(1));
            Assert.That(_driver.Read(E1000Register.Tsctc), Is.Zero);
        }
    }

    // "the sum of MSS + HDRLEN must be at least 80 bytes less than the allocated size of the transmit FIFO".
    [TestCase((ushort)0, 100)]
    [TestCase((ushort)16_251, 20_000)]
    [TestCase((ushort)65_535, 100_000)]
    [TestCase((ushort)1_000, 0)]
    public void A_segmentation_that_can_not_be_done_is_given_up(ushort segmentBytes, int payloadBytes)
    {
        _script.Context(
            TransmitScript.Segmented | TransmitScript.ContextTcp | TransmitScript.ContextIPv4,
            14, 24, 33, 34, 50, 0, payloadBytes, 54, segmentBytes);
        Queue(PlainPackets.Prototype(false, true, 500), "54,500", Both);
        Run();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(_driver.Cable.Frames, Is.Empty);
            Assert.That(_driver.IsSent(2), Is.True);
            Assert.That(_driver.Read(E1000Register.Tsctfc), Is.EqualTo(1));
            Assert.That(_driver.Card.Dma.Totals(DmaPurpose.TransmitPayload).Transfers, Is.Zero);
        }
    }

    // Two contexts are kept: one for segmentation, one for checksums alone.
    [Test]
    public void A_context_in_the_middle_of_a_segmentation_is_for_the_next_one()
    {
        byte[] prototype = PlainPackets.Prototype(false, true, 2_500);
        _script.ContextFor(isIPv6: false, isTcp: true, 2_500, SegmentBytes);
        _script.Data(prototype.AsSpan(0, 700), First, Both);
        _script.Context(TransmitScript.Segmented, 0, 0, 0, 0, 0, 0, 10, 250, 1);
        _script.Context(0, 0, 0, 0, 0, 0, 0);
        _script.Data(prototype.AsSpan(700), End);
        Run();
        AssertSegments(prototype, false, true, 2_500);
    }

    [Test]
    public void The_headers_are_fetched_once()
    {
        _script.ContextFor(isIPv6: false, isTcp: true, 5_000, SegmentBytes);
        Queue(PlainPackets.Prototype(false, true, 5_000), "54,5000", Both);
        Run();
        Assert.That(_driver.Card.Dma.Totals(DmaPurpose.TransmitPayload).Bytes, Is.EqualTo(5_054));
    }

    private void Queue(byte[] packet, string lengths, byte options)
    {
        int[] parts = lengths.Split(',').Select(int.Parse).ToArray();
        int at = 0;
        for (int index = 0; index < parts.Length; index++)
        {
            byte command = index == parts.Length - 1 ? End : First;
            _script.Data(packet.AsSpan(at, Math.Min(parts[index], packet.Length - at)), command, index == 0 ? options : (byte)0);
            at += parts[index];
        }
    }

    private void Run()
    {
        _script.Ring();
        _driver.RunFor(2_000_000);
    }

    private void AssertSegments(byte[] prototype, bool isIPv6, bool isTcp, int payloadBytes)
    {
        int transportAt = PlainPackets.EthernetBytes + (isIPv6 ? PlainPackets.IPv6Bytes : PlainPackets.IPv4Bytes);
        int headerBytes = transportAt + (isTcp ? PlainPackets.TcpBytes : PlainPackets.UdpBytes);
        int count = (payloadBytes + SegmentBytes - 1) / SegmentBytes;
        Assert.That(_driver.Cable.Frames, Has.Count.EqualTo(count));
        for (int number = 0; number < count; number++)
        {
            int offset = number * SegmentBytes;
            int bytes = Math.Min(SegmentBytes, payloadBytes - offset);
            byte[] expected = [.. prototype[..headerBytes], .. prototype[(headerBytes + offset)..(headerBytes + offset + bytes)]];
            var ip = expected.AsSpan(PlainPackets.EthernetBytes);
            if (isIPv6)
            {
                BinaryPrimitives.WriteUInt16BigEndian(ip[4..], (ushort)(expected.Length - transportAt));
            }
            else
            {
                BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)ip.Length);
                BinaryPrimitives.WriteUInt16BigEndian(ip[4..], (ushort)(0xfffe + number));
                BinaryPrimitives.WriteUInt16BigEndian(ip[10..], (ushort)~PlainPackets.Sum(ip[..PlainPackets.IPv4Bytes]));
            }

            var transport = expected.AsSpan(transportAt);
            if (isTcp)
            {
                BinaryPrimitives.WriteUInt32BigEndian(transport[4..], 0xffff_fc00 + (uint)offset);
                transport[13] = (byte)(number == count - 1 ? 0x19 : 0x19 & ~FinAndPush);
            }
            else
            {
                BinaryPrimitives.WriteUInt16BigEndian(transport[4..], (ushort)transport.Length);
            }

            var checksum = transport[(isTcp ? 16 : 6)..];
            checksum[..2].Clear();
            ushort pseudo = PlainPackets.PseudoHeader(expected, isIPv6, isTcp ? (byte)6 : (byte)17, transport.Length);
            BinaryPrimitives.WriteUInt16BigEndian(checksum, (ushort)~PlainPackets.Sum(transport, pseudo));
            byte[] padded = expected.Length < 60 ? [.. expected, .. new byte[60 - expected.Length]] : expected;
            Assert.That(_driver.Cable.Frames[number].Bytes, Is.EqualTo(padded), $"segment {number}");
        }
    }
}
