using NUnit.Framework;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Gdb;

/// <summary>Packets, checksums and acknowledgements, as they go over the wire. GDB "Overview".</summary>
internal sealed class PacketTests
{
    [Test]
    public void A_packet_is_acknowledged_and_answered()
    {
        using var guest = new GdbGuest();
        using var client = guest.Connect();
        client.SendRaw("$?#3f");
        client.Expect("+$T05thread:01;#07");
    }

    /// <summary>MIT's gradelib.py sends these two, without a handshake, and never acknowledges; it waits for a packet that begins with T05.</summary>
    [Test]
    public void The_grader_of_xv6s_labs_gets_its_stop()
    {
        using var guest = new GdbGuest();
        using var client = guest.Connect();
        client.SendRaw("$Z1,80000044,1#a4");
        client.SendRaw("$c#63");
        client.Expect("+$OK#9a+$T05thread:01;#07");
        Assert.That(guest.Debugged.Ask(machine => machine.Debug.IsHalted), Is.True);
    }

    [Test]
    public void What_is_pipelined_is_answered_in_its_order()
    {
        using var guest = new GdbGuest(isHalted: false);
        using var client = guest.Connect();
        client.SendRaw([.. GdbClient.Frame("Z0,80000044,4"), .. GdbClient.Frame("c"), .. GdbClient.Frame("qC")]);
        client.Acknowledges = false;
        client.Expect("+$OK#9a+");
        string[] answers = [.. Enumerable.Range(0, 2).Select(_ => client.ReceiveAfterAcknowledgements())];
        Assert.That(answers, Is.EquivalentTo(new[] { "QC01", "T05thread:01;" }), "the machine may be faster than the question");
    }

    [Test]
    public void A_damaged_packet_is_asked_for_again()
    {
        using var guest = new GdbGuest();
        using var client = guest.Connect();
        client.SendRaw("$qC#00");
        client.Expect("-");
        client.SendRaw("$qC#b4");
        client.Expect("+$QC01#f5");
    }

    [TestCase("$qC#zz")]
    [TestCase("$qC#b")]
    public void A_checksum_that_is_no_number_is_a_wrong_one(string packet)
    {
        using var guest = new GdbGuest();
        using var client = guest.Connect();
        client.SendRaw(packet + "$qC#b4");
        client.Expect("-");
    }

    [Test]
    public void The_last_packet_comes_again_when_it_is_asked_for()
    {
        using var guest = new GdbGuest();
        using var client = guest.Connect();
        client.SendRaw("$qC#b4");
        client.Expect("+$QC01#f5");
        client.SendRaw("--");
        client.Expect("$QC01#f5$QC01#f5");
        client.SendRaw("$Z0,80000044,4#a6$c#63");
        client.Expect("+$OK#9a+$T05thread:01;#07");
        client.SendRaw("-");
        client.Expect("$T05thread:01;#07");
    }

    [Test]
    public void Without_acknowledgements_there_are_none_and_checksums_do_not_count()
    {
        using var guest = new GdbGuest();
        using var client = guest.Connect();
        Assert.That(client.Ask("QStartNoAckMode"), Is.EqualTo("OK"), "this one still has them");
        client.SendRaw("$qC#b4");
        client.Expect("$QC01#f5");
        client.SendRaw("$qC#00");
        client.Expect("$QC01#f5");
        Assert.That(client.IsSilent(), Is.True);
    }

    [Test]
    public void A_packet_in_pieces_is_one_packet()
    {
        using var guest = new GdbGuest();
        using var client = guest.Connect();
        foreach (char piece in "$qfThreadInfo#bb")
        {
            client.SendRaw(piece.ToString());
            Thread.Sleep(1);
        }

        client.Expect("+$m01#ce");
    }

    [TestCase("rubbish+++\u0000\u00ff")]
    [TestCase("$half a pack")]
    [TestCase("$}")]
    public void Rubbish_before_a_packet_is_skipped(string rubbish)
    {
        using var guest = new GdbGuest();
        using var client = guest.Connect();
        client.SendRaw(rubbish + "$qC#b4");
        client.Expect("+$QC01#f5");
    }

    [Test]
    public void What_is_not_known_gets_an_empty_reply([Values(
        "vMustReplyEmpty", "!", "b", "i", "t", "R00", "qUnknown", "QUnknown:1", "vFile:open:61,0,0", "vAttach;1", "Z5,0,4", "z9,0,4", "", "qSymbol::",
        "vContSupported", "qXfer:auxv:read::0,fff", "jx", "A")] string packet)
    {
        using var guest = new GdbGuest();
        using var client = guest.Connect();
        Assert.That(client.Ask(packet), Is.Empty);
    }

    [Test]
    public void What_is_malformed_gets_an_error([Values(
        "m", "m80000000", "m80000000,", "mx,1", "m80000000,4z", "m11111111111111111,4", "M80000000,4:11", "M80000000,1:zz", "M80000000,1", "X80000000,4:ab",
        "x80000000", "p", "pz", "p20,", "P", "P1", "P1=", "P1=12", "P1=zzzzzzzzzzzzzzzz", "G", "G00", "Z0", "Z0,80000000", "Z0,80000000,4;X1", "z1,",
        "Hx1", "Hg4", "Hg-2", "Hgp", "H", "T", "T4", "Tz", "cz", "C", "Cz", "C05;", "s-", "vCont;", "vCont;x", "vCont;s:4", "vCont;r1", "vCont;r2,1", "vCont;c;;",
        "vCont;t:", "qThreadExtraInfo,", "qThreadExtraInfo,-1", "qThreadExtraInfo,5", "qSearch:memory:1", "qSearch:memory:1;2;", "qRcmd,6", "qRcmd,zz",
        "qXfer:features:read:target.xml:0", "qXfer:features:read:target.xml:fffff,1", "Qqemu.PhyMemMode:2", "Qqemu.PhyMemMode:")] string packet)
    {
        using var guest = new GdbGuest(harts: 3);
        using var client = guest.Connect();
        Assert.That(client.Ask(packet), Does.Match("^E[0-9a-f]{2}$"));
        Assert.That(client.Ask("qC"), Is.EqualTo("QC01"), "and the next is answered");
        Assert.That(guest.Debugged.IsHalted, Is.True);
    }

    [Test]
    public void A_packet_that_is_too_long_gets_an_error_and_the_next_is_answered()
    {
        using var guest = new GdbGuest();
        using var client = guest.Connect();
        Assert.That(client.Ask("X80002000,20000:" + new string('a', 0x20000)), Does.StartWith("E"));
        Assert.That(client.Ask("qC"), Is.EqualTo("QC01"));
    }

    [Test]
    public void A_packet_as_long_as_was_promised_is_taken()
    {
        using var guest = new GdbGuest();
        using var client = guest.Connect();
        int size = Convert.ToInt32(client.Ask("qSupported").Split(';')[0]["PacketSize=".Length..], 16);
        string head = $"X80100000,{size - 16:x}:";
        Assert.That(head, Has.Length.LessThanOrEqualTo(16));
        Assert.That(client.Ask(head + new string('a', size - 16)), Is.EqualTo("OK"));
    }
}
