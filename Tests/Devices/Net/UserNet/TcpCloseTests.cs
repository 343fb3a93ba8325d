using NUnit.Framework;
using RiscvXv6.Devices.Net.UserNet;
using static RiscvXv6.Tests.Devices.Net.UserNet.TcpRig;

namespace RiscvXv6.Tests.Devices.Net.UserNet;

/// <summary>Ends: one side first, both at once, and by force.</summary>
internal sealed class TcpCloseTests
{
    [Test]
    public void The_guests_end_reaches_the_host_which_may_go_on_sending_and_end_later()
    {
        var rig = new TcpRig();
        rig.Establish();

        rig.Say([1], Ack | Fin);
        var acknowledged = rig.TakeOne();
        var afterFin = rig.State;
        rig.Door.ReceiveTcp(rig.Flow, [2, 3]);
        var data = rig.TakeOne();
        rig.Theirs += 2;
        rig.Say();
        rig.Door.Events.TcpEnded(rig.Flow);
        var fin = rig.TakeOne();
        var afterEnd = rig.State;
        rig.Theirs++;
        rig.Say();

        Assert.That(acknowledged.Acknowledgement, Is.EqualTo(rig.Mine));
        Assert.That(data.Data, Is.EqualTo(new byte[] { 2, 3 }));
        Assert.That(fin.Flags & Fin, Is.Not.Zero);
        Assert.That((afterFin, afterEnd, rig.State), Is.EqualTo((TcpState.CloseWait, TcpState.LastAck, TcpState.Closed)));
        Assert.That(rig.HostGot(rig.Flow), Is.EqualTo(new byte[] { 1 }));
        Assert.That(rig.Door.Closed, Is.EqualTo(new[] { rig.Flow }));
    }

    [Test]
    public void The_hosts_end_reaches_the_guest_which_may_go_on_sending_and_end_later()
    {
        var rig = new TcpRig();
        rig.Establish();

        rig.Door.Events.TcpEnded(rig.Flow);
        var fin = rig.TakeOne();
        var states = new List<TcpState> { rig.State };
        rig.Theirs++;
        rig.Say();
        states.Add(rig.State);
        rig.Say([5, 6], Ack | Psh);
        var acknowledged = rig.TakeOne();
        rig.Say(flags: Ack | Fin);
        var last = rig.TakeOne();
        states.Add(rig.State);
        bool ended = rig.Door.Closed.Contains(rig.Flow);
        rig.Advance(1_999);
        states.Add(rig.State);
        rig.Advance(2);
        states.Add(rig.State);

        Assert.That(fin.Flags, Is.EqualTo(Fin | Ack));
        Assert.That(acknowledged.Acknowledgement, Is.EqualTo(rig.Mine - 1));
        Assert.That(last.Acknowledgement, Is.EqualTo(rig.Mine));
        Assert.That(
            states,
            Is.EqualTo(new[] { TcpState.FinWait1, TcpState.FinWait2, TcpState.TimeWait, TcpState.TimeWait, TcpState.Closed }));
        Assert.That(rig.HostGot(rig.Flow), Is.EqualTo(new byte[] { 5, 6 }));
        Assert.That(ended, Is.True);
    }

    [Test]
    public void The_end_of_data_that_wait_comes_behind_them()
    {
        var rig = new TcpRig();
        rig.Establish(window: 1_460);
        byte[] data = Noise(2_000);

        rig.Door.ReceiveTcp(rig.Flow, data);
        rig.Door.Events.TcpEnded(rig.Flow);
        var first = rig.TakeOne();
        rig.Theirs += 1_460;
        rig.Say();
        var second = rig.TakeOne();

        Assert.That((first.Flags & Fin, second.Flags & Fin), Is.EqualTo((0, Fin)));
        Assert.That(first.Data.Concat(second.Data), Is.EqualTo(data));
    }

    [Test]
    public void Both_may_end_at_once()
    {
        var rig = new TcpRig();
        rig.Establish();

        rig.Door.Events.TcpEnded(rig.Flow);
        rig.Take();
        rig.Say(flags: Ack | Fin);
        var closing = rig.State;
        rig.Theirs++;
        rig.Say();

        // RFC 9293 "Simultaneous Close Sequence".
        Assert.That((closing, rig.State), Is.EqualTo((TcpState.Closing, TcpState.TimeWait)));
        Assert.That(rig.Door.Closed, Is.EqualTo(new[] { rig.Flow }));
    }

    [Test]
    public void A_FIN_that_acknowledges_ours_goes_straight_to_the_waiting()
    {
        var rig = new TcpRig();
        rig.Establish();
        rig.Door.Events.TcpEnded(rig.Flow);
        rig.Theirs++;

        rig.Say(flags: Ack | Fin);

        Assert.That(rig.State, Is.EqualTo(TcpState.TimeWait));
    }

    [Test]
    public void A_FIN_that_is_lost_comes_again()
    {
        var rig = new TcpRig();
        rig.Establish();
        rig.Door.ReceiveTcp(rig.Flow, [1]);
        rig.Door.Events.TcpEnded(rig.Flow);
        var first = rig.Take();
        rig.Theirs++;
        rig.Say();
        rig.Advance(300);
        var again = rig.TakeOne();

        Assert.That(first[^1].Flags & Fin, Is.Not.Zero);
        Assert.That((again.Flags, again.Sequence), Is.EqualTo((Fin | Ack, rig.Theirs)));
    }

    [Test]
    public void A_FIN_that_comes_again_in_the_waiting_is_acknowledged_and_the_waiting_begins_anew()
    {
        var rig = new TcpRig();
        rig.Establish();
        rig.Door.Events.TcpEnded(rig.Flow);
        rig.Theirs++;
        rig.Say(flags: Ack | Fin);
        rig.Take();
        rig.Advance(1_500);

        rig.Segment(Ack | Fin, rig.Mine - 1, rig.Theirs);
        var again = rig.TakeOne();
        rig.Advance(1_500);
        var still = rig.State;
        rig.Advance(600);

        Assert.That(again.Acknowledgement, Is.EqualTo(rig.Mine));
        Assert.That((still, rig.State), Is.EqualTo((TcpState.TimeWait, TcpState.Closed)));
    }

    [Test]
    public void A_FIN_ahead_of_lost_data_counts_when_they_have_come()
    {
        var rig = new TcpRig();
        rig.Establish();

        rig.Segment(Ack | Fin, rig.Mine + 3, rig.Theirs, [4, 5]);
        bool early = rig.Door.Ended.Contains(rig.Flow);
        rig.Segment(Ack, rig.Mine, rig.Theirs, [1, 2, 3]);

        Assert.That(early, Is.False);
        Assert.That(rig.HostGot(rig.Flow), Is.EqualTo(new byte[] { 1, 2, 3, 4, 5 }));
        Assert.That(rig.Door.Ended, Does.Contain(rig.Flow));
        Assert.That(rig.Take()[^1].Acknowledgement, Is.EqualTo(rig.Mine + 6));
        Assert.That(rig.State, Is.EqualTo(TcpState.CloseWait));
    }

    [Test]
    public void A_new_SYN_may_take_a_port_that_only_waits_and_an_old_one_may_not()
    {
        var rig = new TcpRig();
        rig.Establish();
        rig.Door.Events.TcpEnded(rig.Flow);
        rig.Theirs++;
        rig.Say(flags: Ack | Fin);
        rig.Take();

        rig.Segment(Syn, Isn);
        int afterOld = rig.Door.Connects.Count;
        rig.Take();
        rig.Segment(Syn, rig.Mine + 10);

        Assert.That((afterOld, rig.Door.Connects.Count), Is.EqualTo((1, 2)));
        Assert.That(rig.State, Is.EqualTo(TcpState.Connecting));
    }

    [Test]
    public void A_reset_with_the_exact_number_ends_both_sides()
    {
        var rig = new TcpRig();
        rig.Establish();

        rig.Segment(Rst, rig.Mine);

        Assert.That(rig.Take(), Is.Empty);
        Assert.That(rig.State, Is.EqualTo(TcpState.Closed));
        Assert.That(rig.Door.Closed, Is.EqualTo(new[] { rig.Flow }));
    }

    [Test]
    public void A_reset_elsewhere_in_the_window_is_asked_about_and_one_outside_of_it_is_ignored()
    {
        var rig = new TcpRig();
        rig.Establish();

        rig.Segment(Rst, rig.Mine + 1);
        var challenge = rig.TakeOne();
        rig.Segment(Rst, rig.Mine - 1);
        rig.Segment(Rst, rig.Mine + 10_000_000);

        // RFC 5961 "Blind Reset Attack Using the RST Bit".
        Assert.That((challenge.Flags, challenge.Acknowledgement), Is.EqualTo((Ack, rig.Mine)));
        Assert.That(rig.Take(), Is.Empty);
        Assert.That(rig.State, Is.EqualTo(TcpState.Established));
    }

    [Test]
    public void A_SYN_within_a_connection_is_asked_about()
    {
        var rig = new TcpRig();
        rig.Establish();

        rig.Segment(Syn, rig.Mine + 5);
        var within = rig.TakeOne();
        rig.Segment(Syn, 0x8000_0000);
        var without = rig.TakeOne();

        // RFC 5961 "Blind Reset Attack Using the SYN Bit". A guest that has forgotten the connection answers with a reset.
        Assert.That((within.Flags, without.Flags), Is.EqualTo((Ack, Ack)));
        Assert.That((within.Acknowledgement, without.Acknowledgement), Is.EqualTo((rig.Mine, rig.Mine)));
        rig.Segment(Rst, rig.Mine);
        Assert.That(rig.State, Is.EqualTo(TcpState.Closed));
    }

    [Test]
    public void An_acknowledgement_of_what_was_never_sent_is_asked_about_but_not_without_end()
    {
        var rig = new TcpRig();
        rig.Establish();

        for (int i = 0; i < 1_000; i++)
        {
            rig.Segment(Ack, rig.Mine, rig.Theirs + 1_000);
        }

        // RFC 5961 "ACK Throttling".
        Assert.That(rig.Take(), Has.Count.EqualTo(100));
        Assert.That(rig.State, Is.EqualTo(TcpState.Established));
    }

    [Test]
    public void A_reset_of_the_hosts_reaches_the_guest_with_the_number_that_it_expects()
    {
        var rig = new TcpRig();
        rig.Establish();
        rig.Door.ReceiveTcp(rig.Flow, [1, 2]);
        rig.Take();

        rig.Door.ResetTcp(rig.Flow);
        var reset = rig.TakeOne();
        rig.Advance(100_000);

        Assert.That((reset.Flags & Rst, reset.Sequence), Is.EqualTo((Rst, rig.Theirs + 2)));
        Assert.That(rig.Take(), Is.Empty);
        Assert.That(rig.State, Is.EqualTo(TcpState.Closed));
        Assert.That(rig.Door.Closed, Is.Empty, "the flow was over already");
    }

    [Test]
    public void A_place_that_only_waits_is_given_to_a_new_connection_when_all_are_taken()
    {
        var rig = new TcpRig();
        rig.Establish();
        rig.Door.Events.TcpEnded(rig.Flow);
        rig.Theirs++;
        rig.Say(flags: Ack | Fin);
        for (int i = 1; i < TcpRelay.ConnectionsMax; i++)
        {
            rig.Segment(Syn, Isn, fromPort: 1_000 + i);
        }

        rig.Take();
        rig.Segment(Syn, Isn, fromPort: 900);

        Assert.That(rig.Take(), Is.Empty, "not refused");
        Assert.That(rig.State, Is.EqualTo(TcpState.Closed));
        Assert.That(rig.Relay.ConnectionCount, Is.EqualTo(TcpRelay.ConnectionsMax));
    }
}
