using NUnit.Framework;
using RiscvXv6.Devices.Net.UserNet;
using static RiscvXv6.Tests.Devices.Net.UserNet.TcpRig;

namespace RiscvXv6.Tests.Devices.Net.UserNet;

/// <summary>Data from the guest to the host.</summary>
internal sealed class TcpReceiveTests
{
    [Test]
    public void Pushed_data_are_acknowledged_at_once()
    {
        var rig = new TcpRig();
        rig.Establish();

        rig.Say([1, 2, 3], Ack | Psh);

        Assert.That(rig.TakeOne().Acknowledgement, Is.EqualTo(rig.Mine));
        Assert.That(rig.HostGot(rig.Flow), Is.EqualTo(new byte[] { 1, 2, 3 }));
    }

    [Test]
    public void A_lone_segment_is_acknowledged_after_40_ms_and_a_second_one_at_once()
    {
        var rig = new TcpRig();
        rig.Establish();

        rig.Say(new byte[1460]);
        rig.Advance(39.9);
        var early = rig.Take();
        rig.Advance(0.2);
        var late = rig.TakeOne();
        rig.Say(new byte[1460]);
        rig.Say(new byte[1460]);
        var atOnce = rig.TakeOne();
        rig.Advance(1_000);

        Assert.That(early, Is.Empty);
        Assert.That(late.Acknowledgement, Is.EqualTo(Isn + 1 + 1460));
        Assert.That(atOnce.Acknowledgement, Is.EqualTo(Isn + 1 + 3 * 1460));
        Assert.That(rig.Take(), Is.Empty, "nothing is left to be acknowledged");
    }

    [Test]
    public void Data_to_the_guest_carry_the_acknowledgement_with_them()
    {
        var rig = new TcpRig();
        rig.Establish();

        rig.Say([1]);
        rig.Door.ReceiveTcp(rig.Flow, [9]);
        var reply = rig.TakeOne();
        rig.Advance(100);

        Assert.That((reply.Acknowledgement, reply.Data.Length), Is.EqualTo((rig.Mine, 1)));
        Assert.That(rig.Take(), Is.Empty);
    }

    [Test]
    public void A_gap_is_told_at_once_by_a_duplicate_and_its_filling_too()
    {
        var rig = new TcpRig();
        rig.Establish();
        byte[] data = Noise(300);

        rig.Segment(Ack, rig.Mine + 100, rig.Theirs, data[100..200]);
        var first = rig.TakeOne();
        rig.Segment(Ack, rig.Mine + 200, rig.Theirs, data[200..]);
        var second = rig.TakeOne();
        rig.Segment(Ack, rig.Mine, rig.Theirs, data[..100]);
        var filled = rig.TakeOne();

        Assert.That((first.Acknowledgement, second.Acknowledgement), Is.EqualTo((rig.Mine, rig.Mine)));
        Assert.That(filled.Acknowledgement, Is.EqualTo(rig.Mine + 300));
        Assert.That(rig.HostGot(rig.Flow), Is.EqualTo(data));
    }

    [Test]
    public void Data_that_came_before_are_acknowledged_again_and_not_delivered_twice()
    {
        var rig = new TcpRig();
        rig.Establish();
        uint start = rig.Mine;
        rig.Say([1, 2, 3], Ack | Psh);
        rig.Take();

        rig.Segment(Ack, start, rig.Theirs, [1, 2, 3]);
        var again = rig.TakeOne();
        rig.Segment(Ack | Psh, start, rig.Theirs, [1, 2, 3, 4]);

        Assert.That(again.Acknowledgement, Is.EqualTo(start + 3));
        Assert.That(rig.TakeOne().Acknowledgement, Is.EqualTo(start + 4));
        Assert.That(rig.HostGot(rig.Flow), Is.EqualTo(new byte[] { 1, 2, 3, 4 }));
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    [TestCase(4)]
    public void Pieces_in_any_order_that_overlap_anyhow_make_the_stream(int seed)
    {
        var rig = new TcpRig();
        rig.Establish();
        var random = new Random(seed);
        byte[] data = Noise(60_000);
        int next = 0;
        for (int step = 0; next < data.Length && step < 100_000; step++)
        {
            // Mostly near what is expected, at times far ahead; now and then over and over.
            int start = Math.Clamp(next + random.Next(-3_000, 12_000), 0, data.Length - 1);
            int length = Math.Min(random.Next(1, 1461), data.Length - start);
            rig.Segment(Ack, rig.Mine + (uint)start, rig.Theirs, data[start..(start + length)]);
            next = rig.Door.TcpBytes[rig.Flow].Count;
            rig.Door.Events.TcpSent(rig.Flow, 0);
        }

        Assert.That(rig.HostGot(rig.Flow), Is.EqualTo(data));
        Assert.That(rig.Relay.Statistics.SegmentsOutOfOrder, Is.GreaterThan(10));
        Assert.That(rig.Take()[^1].Acknowledgement, Is.EqualTo(rig.Mine + (uint)data.Length));
    }

    [TestCase(-1, 65_535)]
    [TestCase(7, 1 << 20)]
    public void The_window_is_as_wide_as_the_host_takes_and_the_guest_understands(int shift, int expected)
    {
        var rig = new TcpRig();
        rig.Establish(shift: shift);
        int scale = shift < 0 ? 0 : 5;

        rig.Say([1], Ack | Psh);

        Assert.That(rig.TakeOne().Window << scale, Is.InRange(expected - 2 * 1460, expected));
    }

    [Test]
    public void What_the_host_does_not_take_closes_the_window_and_nothing_beyond_it_is_handed_over()
    {
        var rig = new TcpRig();
        rig.Establish(shift: 7);
        byte[] piece = new byte[1460];
        for (int i = 0; i < 1_000; i++)
        {
            rig.Say(piece);
        }

        var last = rig.Take()[^1];
        Assert.That(rig.Door.TcpBytes[rig.Flow], Has.Count.LessThanOrEqualTo(IHostDoor.SendBufferBytes));
        Assert.That(rig.Door.TcpBytes[rig.Flow], Has.Count.GreaterThan(IHostDoor.SendBufferBytes - 1_500));
        Assert.That(last.Window << 5, Is.LessThan(1_460));
        Assert.That(last.Acknowledgement, Is.EqualTo(Isn + 1 + (uint)rig.Door.TcpBytes[rig.Flow].Count));
    }

    [Test]
    public void A_closed_window_opens_by_itself_when_the_host_takes_bytes_but_not_by_crumbs()
    {
        var rig = new TcpRig();
        rig.Establish(shift: 7);
        FillTheWindow(rig);

        rig.Door.Events.TcpSent(rig.Flow, 100);
        var crumbs = rig.Take();
        rig.Door.Events.TcpSent(rig.Flow, 100_000);

        Assert.That(crumbs, Is.Empty);
        Assert.That(rig.TakeOne().Window << 5, Is.InRange(90_000, 101_600));
    }

    [Test]
    public void A_probe_of_a_closed_window_is_answered_and_its_byte_left()
    {
        var rig = new TcpRig();
        rig.Establish(shift: 7);
        uint next = FillTheWindow(rig);
        int before = rig.Door.TcpBytes[rig.Flow].Count;

        rig.Segment(Ack, next, rig.Theirs, [7]);
        var answer = rig.TakeOne();

        Assert.That((answer.Acknowledgement, answer.Window), Is.EqualTo((next, 0)));
        Assert.That(rig.Door.TcpBytes[rig.Flow], Has.Count.EqualTo(before));
    }

    [Test]
    public void Urgent_data_are_delivered_in_line()
    {
        var rig = new TcpRig();
        rig.Establish();

        rig.Say([1, 2, 3], Ack | Psh | 32);

        Assert.That(rig.HostGot(rig.Flow), Is.EqualTo(new byte[] { 1, 2, 3 }));
    }

    [Test]
    public void A_segment_without_ACK_says_nothing()
    {
        var rig = new TcpRig();
        rig.Establish();

        rig.Segment(Psh, rig.Mine, data: [1]);

        Assert.That(rig.Take(), Is.Empty);
        Assert.That(rig.HostGot(rig.Flow), Is.Empty);
    }

    [Test]
    public void Data_far_outside_of_the_window_are_answered_by_an_acknowledgement_and_dropped()
    {
        var rig = new TcpRig();
        rig.Establish();

        rig.Segment(Ack | Psh, rig.Mine + 10_000_000, rig.Theirs, [1]);

        Assert.That(rig.TakeOne().Acknowledgement, Is.EqualTo(rig.Mine));
        Assert.That(rig.HostGot(rig.Flow), Is.Empty);
    }

    [Test]
    public void Sequence_numbers_may_wrap()
    {
        var rig = new TcpRig();
        const uint isn = 0xffff_ff00;
        rig.Segment(Syn, isn);
        rig.Door.Events.TcpConnected(rig.Flow);
        uint theirs = rig.TakeOne().Sequence + 1;
        rig.Segment(Ack, isn + 1, theirs);
        byte[] data = Noise(3_000);

        rig.Segment(Ack, unchecked(isn + 1 + 1_000), theirs, data[1_000..2_000]);
        rig.Segment(Ack, unchecked(isn + 1 + 2_000), theirs, data[2_000..]);
        rig.Segment(Ack, isn + 1, theirs, data[..1_000]);

        Assert.That(rig.HostGot(rig.Flow), Is.EqualTo(data));
        Assert.That(rig.Take()[^1].Acknowledgement, Is.EqualTo(unchecked(isn + 3_001)));
    }

    private static uint FillTheWindow(TcpRig rig)
    {
        for (int i = 0; i < 1_000; i++)
        {
            rig.Say(new byte[1460]);
        }

        rig.Take();
        return Isn + 1 + (uint)rig.Door.TcpBytes[rig.Flow].Count;
    }
}
