using System.Globalization;
using System.Text;
using NUnit.Framework;
using RiscvXv6.Devices.Net.Middleware;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Devices.Net.UserNet;

/// <summary>
/// Transfers of 300 KB each way, and datagrams, over a cable that loses frames both ways: every share by every length of bursts. That
/// all bytes arrive is demanded of each transfer; how long it took and what was sent again is compared with loss-matrix.txt, which
/// <c>RISCVXV6_UPDATE_GOLDENS=1</c> renews. Nothing is left to chance: the faults are seeded, and time is virtual.
/// </summary>
internal sealed class TcpLossMatrixTests
{
    private const int TransferBytes = 300_000;
    private const int DatagramCount = 2_000;
    private const ulong Seed = 20_261_121;

    private static readonly int[] s_percents = [0, 1, 5, 10, 20];
    private static readonly int[] s_bursts = [1, 3, 10];

    [Test]
    public void Every_transfer_arrives_whole_in_the_time_that_the_table_says()
    {
        string path = RepositoryFiles.PathOf("Tests", "Devices", "Net", "UserNet", "loss-matrix.txt");
        string table = Table(Seed);
        if (Environment.GetEnvironmentVariable("RISCVXV6_UPDATE_GOLDENS") == "1")
        {
            File.WriteAllText(path, table);
        }

        Assert.That(table, Is.EqualTo(File.ReadAllText(path)), "run this test with RISCVXV6_UPDATE_GOLDENS=1 and look at the difference");
    }

    [Test]
    public void Equal_seeds_make_equal_tables_and_others_do_not()
    {
        string once = Row(10, 3, Seed);
        string again = Row(10, 3, Seed);
        string other = Row(10, 3, Seed + 1);

        Assert.That(again, Is.EqualTo(once));
        Assert.That(other, Is.Not.EqualTo(once));
    }

    [Test]
    public void Without_loss_nothing_is_sent_again_and_the_time_is_the_wires()
    {
        var rig = new LineRig(Faults(0, 1, Seed));

        double milliseconds = rig.Transfer(TcpRig.Noise(TransferBytes), []);

        // 206 segments of up to 1538 bytes on the wire at 8 ns each are 2.53 ms; then there are the handshake, the ends, and the host's 20 µs.
        Assert.That(milliseconds, Is.InRange(2.53, 2.8));
        Assert.That(rig.Guest.SegmentsSent, Is.EqualTo(1 + 206), "SYN and 300,000 / 1460 segments");
        Assert.That(rig.Network.TcpStatistics.SegmentsRetransmitted, Is.Zero);
    }

    [TestCase(5, 1)]
    [TestCase(20, 1)]
    [TestCase(20, 10)]
    public void The_share_of_lost_datagrams_is_the_one_that_was_asked_for(int percent, int burst)
    {
        var rig = new LineRig(Faults(percent, burst, Seed));

        int toHost = Datagrams(rig).ToHost;

        // A standard deviation of a burst's share: sqrt(p (1 - p) / n) x sqrt of about twice the burst's length; four of them.
        double share = percent / 100.0;
        double deviation = Math.Sqrt(share * (1 - share) / DatagramCount * Math.Max(1, 2 * burst - 1));
        Assert.That(1 - toHost / (double)DatagramCount, Is.EqualTo(share).Within(4 * deviation));
    }

    [Test]
    public void A_swapped_byte_in_a_transfer_is_noticed()
    {
        // The negative control of all the above: without a checksum the same machinery lets it through and the judge must see it.
        byte[] sent = TcpRig.Noise(TransferBytes);
        byte[] swapped = (byte[])sent.Clone();
        (swapped[500], swapped[501]) = (swapped[501], swapped[500]);
        var rig = new LineRig { Host = { Outgoing = swapped } };
        rig.Guest.Connect(80, []);
        rig.RunUntil(() => rig.Guest.IsDone, "the transfer is over");

        Assert.That(swapped, Is.Not.EqualTo(sent));
        Assert.That(rig.Guest.Received.ToArray(), Is.Not.EqualTo(sent).And.EqualTo(swapped));
    }

    [Test]
    public void A_cable_that_is_cut_does_not_keep_the_host_waiting_for_ever()
    {
        var rig = new LineRig();
        rig.Host.Outgoing = TcpRig.Noise(TransferBytes);
        rig.Guest.Connect(80, []);
        rig.RunUntil(() => rig.Guest.Received.Length > 10_000, "some of it");
        rig.Guest.Cable.IsCut = true;

        double milliseconds = rig.RunUntil(() => rig.Host.OpenCount == 0, "the host is let go");

        // RFC 1122 "TCP Connection Failures": at least 100 s.
        Assert.That(milliseconds, Is.InRange(100_000, 1_000_000));
    }

    private static string Table(ulong seed)
    {
        var text = new StringBuilder();
        text.AppendLine("# Transfers of 300,000 bytes and 2,000 datagrams over 1 Gb/s, by the share of frames lost each way and the mean length of a burst.");
        text.AppendLine("# to host: ms, segments of the guest; to guest: ms, segments sent again; datagrams: at the host, back at the guest.");
        text.AppendLine("loss burst   to host          to guest         datagrams");
        foreach (int percent in s_percents)
        {
            foreach (int burst in s_bursts)
            {
                text.AppendLine(Row(percent, burst, seed));
            }
        }

        return text.ToString().ReplaceLineEndings("\n");
    }

    private static string Row(int percent, int burst, ulong seed)
    {
        var up = new LineRig(Faults(percent, burst, seed));
        double upMilliseconds = up.Transfer(TcpRig.Noise(TransferBytes), []);
        var down = new LineRig(Faults(percent, burst, seed));
        double downMilliseconds = down.Transfer([], TcpRig.Noise(TransferBytes));
        var (toHost, back) = Datagrams(new LineRig(Faults(percent, burst, seed)));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{percent,3}% {burst,5} {upMilliseconds,10:F2} {up.Guest.SegmentsSent,5} {downMilliseconds,11:F2}"
            + $" {down.Network.TcpStatistics.SegmentsRetransmitted,4} {toHost,9} {back,5}");
    }

    private static (int ToHost, int Back) Datagrams(LineRig rig)
    {
        for (int i = 0; i < DatagramCount; i++)
        {
            rig.Guest.SendDatagram(7, TcpRig.Noise(500));
        }

        rig.Run(1_000);
        return (rig.Host.Datagrams, rig.Guest.Datagrams);
    }

    private static FaultOptions Faults(int percent, int burst, ulong seed)
    {
        var faults = new DirectionFaults { Drop = new Probability((uint)percent * 10_000), BurstFrames = burst };
        return new FaultOptions { Seed = seed, ToNetwork = faults, ToCard = faults };
    }
}
