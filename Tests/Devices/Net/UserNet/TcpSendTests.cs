using NUnit.Framework;
using RiscvXv6.Devices.Net.UserNet;
using static RiscvXv6.Tests.Devices.Net.UserNet.TcpRig;

namespace RiscvXv6.Tests.Devices.Net.UserNet;

/// <summary>Data from the host to the guest.</summary>
internal sealed class TcpSendTests
{
    [Test]
    public void Data_are_cut_to_the_guests_segment_size_and_the_last_segment_is_pushed()
    {
        var rig = new TcpRig();
        rig.Establish(mss: 500);
        byte[] data = Noise(1_200);

        rig.Door.ReceiveTcp(rig.Flow, data);
        var sent = rig.Take();

        Assert.That(sent.Select(static one => one.Data.Length), Is.EqualTo(new[] { 500, 500, 200 }));
        Assert.That(sent.Select(static one => one.Flags), Is.EqualTo(new[] { Ack, Ack, Ack | Psh }));
        Assert.That(sent.Select(one => one.Sequence - rig.Theirs), Is.EqualTo(new uint[] { 0, 500, 1000 }));
        Assert.That(sent.SelectMany(static one => one.Data), Is.EqualTo(data));
    }

    [Test]
    public void A_guest_that_names_no_segment_size_gets_536_bytes()
    {
        var rig = new TcpRig();
        rig.Segment(Syn, Isn);
        rig.Door.Events.TcpConnected(rig.Flow);
        uint theirs = rig.TakeOne().Sequence + 1;
        rig.Segment(Ack, Isn + 1, theirs);

        rig.Door.ReceiveTcp(rig.Flow, new byte[600]);

        // RFC 9293 "Maximum Segment Size Option": the default of IPv4.
        Assert.That(rig.Take()[0].Data, Has.Length.EqualTo(536));
    }

    [Test]
    public void At_first_ten_segments_go_and_two_more_for_each_that_is_acknowledged()
    {
        var rig = new TcpRig();
        rig.Establish();

        rig.Door.ReceiveTcp(rig.Flow, new byte[40_000]);
        var first = rig.Take();
        rig.Theirs += 1460;
        rig.Say();
        var next = rig.Take();

        // RFC 6928 "TCP Modification": min(10*MSS, max(2*MSS, 14600)); RFC 5681 "Slow Start and Congestion Avoidance".
        Assert.That((first.Count, next.Count), Is.EqualTo((10, 2)));
    }

    [Test]
    public void No_more_is_sent_than_the_guests_window_takes()
    {
        var rig = new TcpRig();
        rig.Establish(window: 3_000);

        rig.Door.ReceiveTcp(rig.Flow, new byte[10_000]);
        var first = rig.Take();
        rig.Theirs += 2_920;
        rig.Say(window: 1_460);
        var second = rig.Take();

        Assert.That(first.Select(static one => one.Data.Length), Is.EqualTo(new[] { 1460, 1460 }), "80 bytes more would be silly");
        Assert.That(second.Select(static one => one.Data.Length), Is.EqualTo(new[] { 1460 }));
    }

    [Test]
    public void The_guests_window_is_scaled_as_it_said()
    {
        var rig = new TcpRig();
        rig.Establish(window: 4 << 7, shift: 7);
        rig.Door.ReceiveTcp(rig.Flow, new byte[1_000]);

        Assert.That(rig.Take().Sum(static one => one.Data.Length), Is.EqualTo(512));
    }

    [Test]
    public void A_closed_window_is_probed_by_one_byte_ever_more_rarely_until_it_opens()
    {
        var rig = new TcpRig();
        rig.Establish(window: 0);
        rig.Door.ReceiveTcp(rig.Flow, [1, 2, 3]);
        var atFirst = rig.Take();

        var times = new List<double>();
        for (int probe = 0; probe < 4; probe++)
        {
            while (rig.Take() is var come && come is not [{ Data.Length: 1 }])
            {
                Assert.That(come, Is.Empty);
                rig.Advance(100);
            }

            times.Add(Math.Round(rig.Clock.NowCycles / 1e9, 1));
            rig.Say(window: 0);
        }

        rig.Say(window: 1_000);
        var opened = rig.TakeOne();

        Assert.That(atFirst, Is.Empty);
        Assert.That(times.Zip(times.Skip(1), static (a, b) => b - a), Is.Ordered.Ascending.And.All.GreaterThan(0.3));
        Assert.That(opened.Data, Is.EqualTo(new byte[] { 1, 2, 3 }));
    }

    [Test]
    public void A_guest_that_takes_the_probes_byte_gets_the_rest_when_it_has_room()
    {
        var rig = new TcpRig();
        rig.Establish(window: 0);
        rig.Door.ReceiveTcp(rig.Flow, [1, 2, 3]);
        rig.Advance(3_000);
        rig.Take();

        rig.Theirs++;
        rig.Say(window: 0);
        rig.Say(window: 100);

        Assert.That(rig.TakeOne().Data, Is.EqualTo(new byte[] { 2, 3 }));
    }

    [Test]
    public void A_guest_that_is_slow_for_hours_but_answers_probes_keeps_its_connection()
    {
        var rig = new TcpRig();
        rig.Establish(window: 0);
        rig.Door.ReceiveTcp(rig.Flow, [1]);
        for (int minute = 0; minute < 180; minute++)
        {
            rig.Advance(60_000);
            if (rig.Take().Count > 0)
            {
                rig.Say(window: 0);
            }
        }

        Assert.That(rig.State, Is.EqualTo(TcpState.Established));
    }

    [Test]
    public void A_segment_without_answer_comes_again_ever_more_rarely_and_at_last_both_sides_are_reset()
    {
        var rig = new TcpRig();
        rig.Establish();
        rig.Door.ReceiveTcp(rig.Flow, [1, 2, 3]);

        rig.Advance(3_600_000);
        var sent = rig.Take();
        double[] waits = [.. sent.Zip(sent.Skip(1), static (a, b) => Math.Round((b.AtCycles - a.AtCycles) / 1e9, 1))];

        // RFC 6298 "Managing the RTO Timer" (5.5), from 200 ms (a deviation that TcpRoundTrip names) to 60 s (2.5).
        Assert.That(
            waits,
            Is.EqualTo(new[] { 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 51.2, 60, 60, 60, 60, 60, 60, 60 }));
        Assert.That(sent.SkipLast(1).Select(static one => one.Data.Length), Is.All.EqualTo(3));
        Assert.That(sent[^1].Flags & Rst, Is.Not.Zero);
        Assert.That(rig.Door.Closed, Is.EqualTo(new[] { rig.Flow }));
    }

    [Test]
    public void The_third_duplicate_brings_the_lost_segment_at_once()
    {
        var rig = new TcpRig();
        rig.Establish();
        byte[] data = Noise(14_600);
        rig.Door.ReceiveTcp(rig.Flow, data);
        rig.Take();

        // Segments 2 to 10 arrive; the first does not.
        rig.Say();
        rig.Say();
        var before = rig.Take();
        rig.Say();
        var after = rig.TakeOne();

        Assert.That(before, Is.Empty);
        Assert.That((after.Sequence, after.Data.Length), Is.EqualTo((rig.Theirs, 1460)));
        Assert.That(rig.Relay.Statistics.SegmentsRetransmitted, Is.EqualTo(1));
    }

    [Test]
    public void After_a_partial_acknowledgement_the_next_hole_is_filled_at_once()
    {
        var rig = new TcpRig();
        rig.Establish();
        rig.Door.ReceiveTcp(rig.Flow, new byte[14_600]);
        for (int i = 0; i < 3; i++)
        {
            rig.Say();
        }

        rig.Take();
        rig.Theirs += 2 * 1460;
        rig.Say();

        // RFC 6582 "Specification".
        Assert.That(rig.Take().Select(static one => one.Sequence), Does.Contain(rig.Theirs));
    }

    [Test]
    public void A_loss_halves_the_flight_and_a_timeout_makes_it_one_segment()
    {
        var rig = new TcpRig();
        rig.Establish();
        rig.Door.ReceiveTcp(rig.Flow, new byte[60_000]);
        rig.Take();
        rig.Advance(1_500);
        var afterTimeout = rig.Take();
        rig.Theirs += 1460;
        rig.Say();
        var next = rig.Take();

        Assert.That(afterTimeout.Select(one => one.Sequence - rig.Theirs + 1460), Is.All.Zero, "only the oldest, again and again");
        Assert.That(next, Has.Count.EqualTo(2), "slow start from one segment");
    }

    [Test]
    public void Of_several_segments_that_are_lost_together_the_oldest_comes_again_long_before_a_timeout()
    {
        var rig = new TcpRig();
        rig.Establish();
        rig.Door.ReceiveTcp(rig.Flow, new byte[14_600]);
        rig.Take();

        rig.Advance(9.9);
        var early = rig.Take();
        rig.Advance(0.2);
        var probe = rig.TakeOne();
        rig.Theirs += 5 * 1460;
        rig.Say();
        var next = rig.Take();

        // Twice a round trip of nothing at all, but at least the 10 ms that TcpRoundTrip names; RFC 6298's timeout would be 200 ms.
        Assert.That(early, Is.Empty);
        Assert.That((probe.Sequence, probe.Data.Length), Is.EqualTo((rig.Theirs - 5 * 1460, 1460)));
        Assert.That(next.Select(static one => one.Sequence), Does.Contain(rig.Theirs), "the next hole is filled at once");
    }

    [Test]
    public void A_guest_that_has_got_one_segment_only_may_take_its_time_to_acknowledge_it()
    {
        var rig = new TcpRig();
        rig.Establish();
        rig.Door.ReceiveTcp(rig.Flow, new byte[1_460]);
        rig.Take();

        rig.Advance(199);

        Assert.That(rig.Take(), Is.Empty);
    }

    [Test]
    public void While_the_cable_is_full_nobody_takes_the_guests_silence_for_loss()
    {
        var rig = new TcpRig { UsesRoom = true, RoomFrames = 5 };
        rig.Establish();
        rig.RoomFrames = 5;
        rig.Door.ReceiveTcp(rig.Flow, new byte[14_600]);
        rig.Advance(150);

        Assert.That(rig.Take(), Has.Count.EqualTo(5));
        Assert.That(rig.Relay.Statistics.SegmentsRetransmitted, Is.Zero);
    }

    [Test]
    public void The_timeout_follows_the_measured_round_trip()
    {
        var rig = new TcpRig();
        rig.Establish();
        for (int i = 0; i < 30; i++)
        {
            rig.Door.ReceiveTcp(rig.Flow, [1]);
            rig.Advance(500);
            rig.Take();
            rig.Theirs++;
            rig.Say();
        }

        rig.Door.ReceiveTcp(rig.Flow, [1]);
        ulong sent = rig.TakeOne().AtCycles;
        rig.Advance(900);

        // RFC 6298 "The Basic Algorithm": round trips of 500 ms without variation give a timeout a little above them.
        Assert.That((rig.TakeOne().AtCycles - sent) / 1e6, Is.InRange(500, 700));
    }

    [Test]
    public void Nothing_is_sent_into_a_cable_without_room_and_everything_when_there_is_some()
    {
        var rig = new TcpRig();
        rig.Establish();
        rig.RoomFrames = 3;
        rig.UsesRoom = true;
        byte[] data = Noise(10_000);

        rig.Door.ReceiveTcp(rig.Flow, data);
        var first = rig.Take();
        rig.Advance(100);
        var meanwhile = rig.Take();
        rig.RoomFrames = 100;
        rig.Relay.RoomAvailable();
        var rest = rig.Take();

        Assert.That((first.Count, meanwhile.Count), Is.EqualTo((3, 0)));
        Assert.That(first.Concat(rest).SelectMany(static one => one.Data), Is.EqualTo(data));
        Assert.That(rig.Relay.Statistics.SegmentsRetransmitted, Is.Zero);
    }

    [Test]
    public void Connections_that_wait_for_room_take_turns()
    {
        var rig = new TcpRig();
        int[] flows = new int[4];
        for (int i = 0; i < flows.Length; i++)
        {
            rig.Segment(Syn, Isn, fromPort: 100 + i, options: SynOptions());
            rig.Door.Events.TcpConnected(rig.Flow);
            rig.Segment(Ack, Isn + 1, rig.TakeOne().Sequence + 1, fromPort: 100 + i);
            flows[i] = rig.Flow;
        }

        rig.UsesRoom = true;
        rig.RoomFrames = 0;
        foreach (int flow in flows)
        {
            rig.Door.ReceiveTcp(flow, new byte[14_600]);
        }

        for (int turn = 0; turn < 8; turn++)
        {
            rig.RoomFrames = 5;
            rig.Relay.RoomAvailable();
        }

        Assert.That(
            rig.Take().GroupBy(static one => one.ToPort).Select(static group => group.Count()),
            Is.EqualTo(new[] { 10, 10, 10, 10 }));
    }

    [Test]
    public void An_acknowledgement_that_finds_no_room_goes_when_there_is_some()
    {
        var rig = new TcpRig();
        rig.Establish();
        rig.RoomFrames = 0;
        rig.Say([1], Ack | Psh);
        var before = rig.Take();
        rig.RoomFrames = 1;

        rig.Relay.RoomAvailable();

        Assert.That(before, Is.Empty);
        Assert.That(rig.TakeOne().Acknowledgement, Is.EqualTo(rig.Mine));
    }

    [Test]
    public void The_host_is_granted_as_much_as_the_guest_acknowledges_and_never_more_than_a_mebibyte_in_all()
    {
        var rig = new TcpRig();
        rig.Establish(window: 60_000 << 5, shift: 5);
        long sent = 0;
        long acknowledged = 0;
        for (int round = 0; round < 400; round++)
        {
            int portion = (int)Math.Min(rig.Door.Granted[rig.Flow], 30_000);
            if (portion > 0)
            {
                rig.Door.ReceiveTcp(rig.Flow, new byte[portion]);
                sent += portion;
            }

            if (round % 8 == 7)
            {
                foreach (var segment in rig.Take())
                {
                    rig.Theirs = segment.Sequence + (uint)segment.Data.Length;
                }

                acknowledged = rig.Theirs - rig.FirstTheirs;
                rig.Say(window: 60_000);
            }

            Assert.That(rig.Door.Granted[rig.Flow] + sent - acknowledged, Is.LessThanOrEqualTo(IHostDoor.SendBufferBytes));
        }

        Assert.That(acknowledged, Is.GreaterThan(3 << 20));
    }

    [Test]
    public void A_door_that_delivers_more_than_was_granted_ends_the_connection_and_nothing_else()
    {
        var rig = new TcpRig();
        rig.Establish();

        rig.Door.Events.TcpReceived(rig.Flow, new byte[3 << 20]);

        Assert.That(rig.TakeOne().Flags & Rst, Is.Not.Zero);
        Assert.That(rig.Door.Closed, Is.EqualTo(new[] { rig.Flow }));
    }
}
