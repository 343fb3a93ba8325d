using NUnit.Framework;
using RiscvXv6.Devices.Net;
using RiscvXv6.Devices.Net.Wire;

namespace RiscvXv6.Tests.Devices.E1000;

/// <summary>
/// Frames that are too short, too long or damaged, and the check sequence: test statements 11 and 12 of the card's
/// reference. Lengths in the names are those on the wire, from the destination address through the check sequence.
/// </summary>
public sealed class ReceiveLengthTests
{
    private const uint LongStoreBad = ReceiveBench.UsualControl | ReceiveBench.LongPackets | ReceiveBench.StoreBad;
    private const byte CrcError = 1;
    private const byte IgnoreChecksum = 4;

    [TestCase(ReceiveBench.UsualControl, 64, true)]
    [TestCase(ReceiveBench.UsualControl, 1518, true)]
    [TestCase(ReceiveBench.UsualControl, 1519, true)]
    [TestCase(ReceiveBench.UsualControl, 1522, true)]
    [TestCase(ReceiveBench.UsualControl, 1523, false)]
    [TestCase(ReceiveBench.UsualControl, 9018, false)]
    [TestCase(ReceiveBench.UsualControl | ReceiveBench.LongPackets, 1523, true)]
    [TestCase(ReceiveBench.UsualControl | ReceiveBench.LongPackets, 16384, true)]
    [TestCase(ReceiveBench.UsualControl | ReceiveBench.LongPackets, 16385, false)]
    [TestCase(LongStoreBad, 16385, false)]
    [TestCase(ReceiveBench.UsualControl | ReceiveBench.StoreBad, 1523, true)]
    public void A_frame_is_kept_if_it_is_no_longer_than_rctl_allows(uint control, int wireBytes, bool isKept)
    {
        using var bench = Started(control);
        var frame = ReceiveBench.Frame(wireBytes - 4);
        bench.Receive(frame);

        Assert.That(bench.Take()?.Bytes, isKept ? Is.EqualTo(frame) : Is.Null);
        bool isLegal = wireBytes <= ((control & ReceiveBench.LongPackets) != 0 ? 16384 : 1522);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(bench.Read(E1000Offset.Gprc), Is.EqualTo(isLegal ? 1 : 0));
            Assert.That(bench.Read(E1000Offset.Roc), Is.EqualTo(isLegal ? 0 : 1));
            Assert.That(bench.Read(E1000Offset.Rlec), Is.EqualTo(isLegal ? 0 : 1));
            Assert.That(bench.Read(E1000Offset.Rjc), Is.Zero);
            Assert.That(bench.Read(E1000Offset.Crcerrs), Is.Zero);
            Assert.That(bench.Read(E1000Offset.Tpr), Is.EqualTo(1));
        }
    }

    [TestCase(20, false)]
    [TestCase(63, false)]
    [TestCase(63, true)]
    public void A_runt_is_counted_and_kept_only_with_sbp(int wireBytes, bool isStored)
    {
        using var bench = Started(ReceiveBench.UsualControl | (isStored ? ReceiveBench.StoreBad : 0));
        var frame = ReceiveBench.Frame(wireBytes - 4);
        bench.Receive(frame, FrameFlags.Unpadded);

        Assert.That(bench.Take()?.Bytes, isStored ? Is.EqualTo(frame) : Is.Null);
        ExpectCounts(bench, undersize: 1, lengthErrors: 1);
    }

    [Test]
    public void A_runt_with_a_bad_check_sequence_is_a_fragment_and_no_crc_error()
    {
        using var bench = Started(ReceiveBench.UsualControl);
        bench.Receive(ReceiveBench.Frame(40), FrameFlags.Unpadded | FrameFlags.BadFcs);
        Assert.That(bench.Take(), Is.Null);
        ExpectCounts(bench, fragments: 1, lengthErrors: 1);
    }

    [Test]
    public void A_long_frame_with_a_bad_check_sequence_is_jabber()
    {
        using var bench = Started(ReceiveBench.UsualControl);
        bench.Receive(ReceiveBench.Frame(2000), FrameFlags.BadFcs);
        Assert.That(bench.Take(), Is.Null);
        ExpectCounts(bench, jabber: 1, lengthErrors: 1, crcErrors: 1);
    }

    [Test]
    public void Frames_for_others_are_no_errors()
    {
        using var bench = Started(ReceiveBench.UsualControl);
        var other = new MacAddress(0x0202_0304_0506);
        bench.Receive(ReceiveBench.Frame(40, other), FrameFlags.Unpadded);
        bench.Receive(ReceiveBench.Frame(2000, other));
        bench.Receive(ReceiveBench.Frame(200, other), FrameFlags.BadFcs);
        ExpectCounts(bench);
        Assert.That(bench.Read(E1000Offset.Tpr), Is.Zero);
    }

    [Test]
    public void With_sbp_a_damaged_frame_is_kept_and_marked_and_its_check_sequence_is_wrong()
    {
        using var bench = Started((ReceiveBench.UsualControl | ReceiveBench.StoreBad) & ~ReceiveBench.StripCrc);
        var frame = ReceiveBench.Frame(100);
        bench.Receive(frame, FrameFlags.BadFcs);

        var taken = bench.Take()!;
        Assert.That(taken.Errors, Is.EqualTo(CrcError));
        Assert.That(taken.Status & IgnoreChecksum, Is.EqualTo(IgnoreChecksum));
        Assert.That(taken.Bytes[..100], Is.EqualTo(frame));
        Assert.That(BitConverter.ToUInt32(taken.Bytes, 100), Is.Not.EqualTo(SlowCheckSequence(frame)));
        ExpectCounts(bench, crcErrors: 1);
        Assert.That(bench.Read(E1000Offset.Gprc), Is.Zero);
    }

    [TestCase(60)]
    [TestCase(61)]
    [TestCase(1514)]
    public void Without_secrc_the_length_is_four_more_and_the_check_sequence_follows(int lengthBytes)
    {
        using var bench = Started(ReceiveBench.UsualControl & ~ReceiveBench.StripCrc);
        var frame = ReceiveBench.Frame(lengthBytes);
        bench.Receive(frame);
        var whole = bench.Take()!;
        bench.Write(E1000Offset.Rctl, ReceiveBench.UsualControl);
        bench.Receive(frame);
        var stripped = bench.Take()!;

        Assert.That(stripped.Bytes, Is.EqualTo(frame));
        Assert.That(whole.Bytes, Has.Length.EqualTo(stripped.Bytes.Length + 4));
        Assert.That(whole.Bytes[..lengthBytes], Is.EqualTo(frame));
        Assert.That(BitConverter.ToUInt32(whole.Bytes, lengthBytes), Is.EqualTo(SlowCheckSequence(frame)));
    }

    [Test]
    public void The_padding_of_a_short_frame_is_under_its_check_sequence()
    {
        using var bench = Started(ReceiveBench.UsualControl & ~ReceiveBench.StripCrc);
        bench.Receive(ReceiveBench.Frame(42));

        var taken = bench.Take()!;
        Assert.That(taken.Bytes, Has.Length.EqualTo(64));
        Assert.That(BitConverter.ToUInt32(taken.Bytes, 60), Is.EqualTo(SlowCheckSequence(taken.Bytes[..60])));
    }

    [Test]
    public void A_frame_sent_without_check_sequence_is_judged_by_its_last_four_bytes()
    {
        using var bench = Started(ReceiveBench.UsualControl);
        var frame = ReceiveBench.Frame(100);
        bench.Receive(frame, FrameFlags.MissingFcs);
        Assert.That(bench.Take(), Is.Null);
        ExpectCounts(bench, crcErrors: 1);

        // A driver that computes the sequence itself may do without IFCS.
        var whole = frame.Concat(BitConverter.GetBytes(SlowCheckSequence(frame))).ToArray();
        bench.Receive(whole, FrameFlags.MissingFcs);

        Assert.That(bench.Take()!.Bytes, Is.EqualTo(frame));
    }

    [Test]
    public void The_check_sequence_of_the_standard_s_example_is_right()
    {
        Assert.That(FrameCheckSequence.Compute("123456789"u8), Is.EqualTo(0xcbf4_3926));
        var random = new Random(3);
        for (int length = 0; length < 100; length++)
        {
            var bytes = new byte[length];
            random.NextBytes(bytes);
            Assert.That(FrameCheckSequence.Compute(bytes), Is.EqualTo(SlowCheckSequence(bytes)));
            Assert.That(
                FrameCheckSequence.IsGood([.. bytes, .. BitConverter.GetBytes(SlowCheckSequence(bytes))]), Is.True);
        }
    }

    /// <summary>IEEE 802.3's polynomial, bit by bit, the first complemented and the last complemented.</summary>
    private static uint SlowCheckSequence(byte[] bytes)
    {
        uint register = 0xffff_ffff;
        foreach (byte next in bytes)
        {
            for (int bit = 0; bit < 8; bit++)
            {
                bool isSet = ((register ^ (uint)(next >> bit)) & 1) != 0;
                register = register >> 1 ^ (isSet ? 0xedb8_8320u : 0);
            }
        }

        return ~register;
    }

    private static ReceiveBench Started(uint control)
    {
        var bench = new ReceiveBench();
        bench.StartReceiver(control: control);
        return bench;
    }

    private static void ExpectCounts(
        ReceiveBench bench,
        uint undersize = 0,
        uint fragments = 0,
        uint jabber = 0,
        uint lengthErrors = 0,
        uint crcErrors = 0)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(bench.Read(E1000Offset.Ruc), Is.EqualTo(undersize), "RUC");
            Assert.That(bench.Read(E1000Offset.Rfc), Is.EqualTo(fragments), "RFC");
            Assert.That(bench.Read(E1000Offset.Roc), Is.Zero, "ROC");
            Assert.That(bench.Read(E1000Offset.Rjc), Is.EqualTo(jabber), "RJC");
            Assert.That(bench.Read(E1000Offset.Rlec), Is.EqualTo(lengthErrors), "RLEC");
            Assert.That(bench.Read(E1000Offset.Crcerrs), Is.EqualTo(crcErrors), "CRCERRS");
            Assert.That(bench.Read(E1000Offset.Gprc), Is.Zero, "GPRC");
        }
    }
}
