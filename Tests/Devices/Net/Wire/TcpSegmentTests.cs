using NUnit.Framework;
using RiscvXv6.Devices.Net.Wire;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Devices.Net.Wire;

public sealed class TcpSegmentTests
{
    private static readonly IPv4Address s_from = Packets.Address("10.0.2.15");
    private static readonly IPv4Address s_to = Packets.Address("10.0.2.2");

    [Test]
    public void A_segment_says_what_was_put_into_it()
    {
        byte[] bytes = Packets.TcpPayload(s_from, 1025, s_to, 80, 0xfedcba98, 0x12345678, 0x13, 0xabcd, [2, 4, 5, 0xb4], [7, 8]);
        Assert.That(TcpSegment.TryRead(bytes, out var segment));
        Assert.That((segment.SourcePort, segment.DestinationPort), Is.EqualTo((1025, 80)));
        Assert.That((segment.Sequence, segment.Acknowledgement), Is.EqualTo((0xfedcba98u, 0x12345678u)));
        Assert.That((segment.Flags, segment.Window), Is.EqualTo((TcpFlags.Fin | TcpFlags.Syn | TcpFlags.Ack, 0xabcd)));
        Assert.That(segment.SequenceLength, Is.EqualTo(4), "two bytes, SYN and FIN");
        Assert.That(segment.Payload.ToArray(), Is.EqualTo(new byte[] { 7, 8 }));
        Assert.That(segment.ReadOptions().MaximumSegmentSize, Is.EqualTo(1460));
        Assert.That(segment.HasValidChecksum(s_from, s_to));
        Assert.That(segment.HasValidChecksum(s_from, s_from), Is.False);
    }

    [Test]
    public void A_segment_that_is_shorter_than_its_header_is_refused()
    {
        byte[] bytes = Packets.TcpPayload(s_from, 1, s_to, 2, 3, 4, 2, 5);
        Assert.That(TcpSegment.TryRead(bytes, out _));
        Assert.That(TcpSegment.TryRead(bytes.AsSpan(0, 19), out _), Is.False);
        Assert.That(TcpSegment.TryRead([], out _), Is.False);
        bytes[12] = 0x40;
        Assert.That(TcpSegment.TryRead(bytes, out _), Is.False);
        bytes[12] = 0x60;
        Assert.That(TcpSegment.TryRead(bytes, out _), Is.False);
    }

    [Test]
    public void A_header_is_written_as_the_RFC_draws_it()
    {
        byte[] bytes = new byte[60];
        bytes.AsSpan().Fill(0xee);
        var options = new TcpOptions(1460, 7, true, true, 0x01020304, 0x05060708);
        int dataOffset = new TcpHeader(1025, 80, 1, 2, TcpFlags.Syn, 65535).Write(bytes, options);
        Assert.That(dataOffset, Is.EqualTo(44));
        byte[] segment = [.. bytes[..dataOffset], 9, 9, 9];
        TcpHeader.Seal(segment, s_from, s_to);
        Assert.That(segment, Is.EqualTo(Packets.TcpPayload(
            s_from, 1025, s_to, 80, 1, 2, 2, 65535,
            [2, 4, 5, 0xb4, 1, 1, 4, 2, 1, 1, 8, 10, 1, 2, 3, 4, 5, 6, 7, 8, 1, 3, 3, 7], [9, 9, 9])));
        Assert.That(TcpSegment.TryRead(segment, out var read) && read.ReadOptions() == options);
    }

    [TestCase(new byte[] { 1, 1, 3, 3, 15 }, 14, TestName = "A shift above 14 counts as 14")]
    [TestCase(new byte[] { 0, 3, 3, 5 }, -1, TestName = "Nothing counts behind the end")]
    [TestCase(new byte[] { 254, 4, 1, 2, 3, 3, 5 }, 5, TestName = "An unknown option is skipped")]
    [TestCase(new byte[] { 254, 0, 3, 3, 5 }, -1, TestName = "A length of 0 ends the options")]
    [TestCase(new byte[] { 254, 1, 3, 3, 5 }, -1, TestName = "A length of 1 ends the options")]
    [TestCase(new byte[] { 3, 3 }, -1, TestName = "An option that is cut off does not count")]
    [TestCase(new byte[] { 3 }, -1, TestName = "Half an option does not count")]
    [TestCase(new byte[] { 3, 4, 5, 6 }, -1, TestName = "An option of a wrong length does not count")]
    public void Options_are_read_as_far_as_they_make_sense(byte[] bytes, int shift) =>
        Assert.That(TcpOptions.Read(bytes).WindowShift, Is.EqualTo(shift));
}
