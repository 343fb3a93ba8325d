using NUnit.Framework;

namespace RiscvXv6.Tests.Devices.Net.UserNet;

/// <summary>TCP over a cable of 1 Gb/s in virtual time.</summary>
internal sealed class TcpThroughputTests
{
    /// <summary>A full segment's data of all that its frame takes on the wire: 1460 of 1460 + 20 + 20 + 14 + 4 + 8 + 12 bytes.</summary>
    private const double LineMegabits = 1000.0 * 1460 / 1538;

    private const int Bytes = 4_000_000;

    [Test]
    public void A_long_transfer_to_the_host_fills_the_line()
    {
        var rig = new LineRig();

        double milliseconds = rig.Transfer(TcpRig.Noise(Bytes), []);

        Report(milliseconds);
        Assert.That(Megabits(milliseconds), Is.InRange(0.97 * LineMegabits, LineMegabits));
    }

    [Test]
    public void A_long_transfer_to_the_guest_fills_the_line_and_never_overruns_the_cable()
    {
        var rig = new LineRig();

        double milliseconds = rig.Transfer([], TcpRig.Noise(Bytes));

        Report(milliseconds);
        Assert.That(Megabits(milliseconds), Is.InRange(0.97 * LineMegabits, LineMegabits));
        Assert.That(rig.Guest.Cable.Overruns, Is.Zero);
        Assert.That(rig.Network.TcpStatistics.SegmentsRetransmitted, Is.Zero);
    }

    [Test]
    public void Both_ways_at_once_each_gets_more_than_half_of_the_line()
    {
        var rig = new LineRig();

        double milliseconds = rig.Transfer(TcpRig.Noise(Bytes), TcpRig.Noise(Bytes - 1));

        // Each side has a window of 1 MiB under way, and acknowledgements wait behind it: a window takes 2 x 8.6 ms to come round.
        Report(milliseconds);
        Assert.That(Megabits(milliseconds), Is.InRange(0.5 * LineMegabits, LineMegabits));
    }

    [Test]
    public void A_hundred_connections_one_after_another_leave_nothing_behind()
    {
        var rig = new LineRig();
        for (int i = 0; i < 100; i++)
        {
            rig.Transfer(TcpRig.Noise(10_000 + i), TcpRig.Noise(5_000 + i));
        }

        rig.Run(3_000);
        Assert.That(rig.Host.Aborted, Is.Zero);
        Assert.That(rig.Network.TcpStatistics.ConnectionsOpened, Is.EqualTo(100));
        Assert.That(rig.Network.TcpStatistics.ConnectionsRefused, Is.Zero);
    }

    private static double Megabits(double milliseconds) => Bytes * 8 / milliseconds / 1000;

    private static void Report(double milliseconds) =>
        TestContext.Out.WriteLine($"{Bytes} bytes in {milliseconds:F2} ms: {Megabits(milliseconds):F1} of {LineMegabits:F1} Mb/s");
}
