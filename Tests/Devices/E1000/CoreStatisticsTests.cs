using NUnit.Framework;
using RiscvXv6.Devices.E1000;
using RiscvXv6.Devices.Net;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Devices.E1000;

/// <summary>What frames do to the counters, and the counters at their ends (SDM "Statistics Registers").</summary>
public sealed class CoreStatisticsTests
{
    private const ulong Broadcast = 0xffff_ffff_ffff;
    private const ulong Group = 0x0100_5e00_0001;

    [TestCase(60, E1000Register.Ptc64, E1000Register.Prc64)]
    [TestCase(61, E1000Register.Ptc127, E1000Register.Prc127)]
    [TestCase(123, E1000Register.Ptc127, E1000Register.Prc127)]
    [TestCase(124, E1000Register.Ptc255, E1000Register.Prc255)]
    [TestCase(252, E1000Register.Ptc511, E1000Register.Prc511)]
    [TestCase(508, E1000Register.Ptc1023, E1000Register.Prc1023)]
    [TestCase(1019, E1000Register.Ptc1023, E1000Register.Prc1023)]
    [TestCase(1020, E1000Register.Ptc1522, E1000Register.Prc1522)]
    [TestCase(1514, E1000Register.Ptc1522, E1000Register.Prc1522)]
    public void A_frame_counts_in_the_class_of_its_length_with_check_sequence(
        int bytes, E1000Register transmitted, E1000Register received)
    {
        using var driver = SetUp();
        Send(driver, E1000Driver.Frame(bytes));
        Assert.That(driver.Read(transmitted), Is.EqualTo(1));
        Assert.That(driver.Read(E1000Register.Gptc), Is.EqualTo(1));
        Assert.That(driver.Read(E1000Register.Tpt), Is.EqualTo(1));
        Assert.That(driver.Read(E1000Register.Gotcl), Is.EqualTo(bytes + 4));
        Assert.That(driver.Read(E1000Register.Totl), Is.EqualTo(bytes + 4));
        Receive(driver, E1000Driver.Frame(bytes));
        Assert.That(driver.Read(received), Is.EqualTo(1));
        Assert.That(driver.Read(E1000Register.Gprc), Is.EqualTo(1));
        Assert.That(driver.Read(E1000Register.Tpr), Is.EqualTo(1));
        Assert.That(driver.Read(E1000Register.Gorcl), Is.EqualTo(bytes + 4));
        Assert.That(driver.Read(E1000Register.Torl), Is.EqualTo(bytes + 4));
    }

    [TestCase(Broadcast, 1u, 0u)]
    [TestCase(Group, 0u, 1u)]
    [TestCase(0x5254_0012_3456ul, 0u, 0u)]
    public void Frames_to_many_count_by_their_kind(ulong destination, uint broadcasts, uint multicasts)
    {
        using var driver = SetUp();
        driver.Write(E1000Register.Rctl, E1000Driver.ReceiveControl | 1u << 4);
        Send(driver, E1000Driver.Frame(60, destination: destination));
        Receive(driver, E1000Driver.Frame(60, destination: destination));
        Assert.That(driver.Read(E1000Register.Bptc), Is.EqualTo(broadcasts));
        Assert.That(driver.Read(E1000Register.Mptc), Is.EqualTo(multicasts));
        Assert.That(driver.Read(E1000Register.Bprc), Is.EqualTo(broadcasts));
        Assert.That(driver.Read(E1000Register.Mprc), Is.EqualTo(multicasts));
    }

    [Test]
    public void A_counter_stays_at_all_ones()
    {
        using var driver = SetUp();
        CoreStateTests.Set(driver, E1000Register.Gptc, uint.MaxValue - 1);
        for (int frame = 0; frame < 3; frame++)
        {
            Send(driver, E1000Driver.Frame(60, frame));
        }

        Assert.That(driver.Read(E1000Register.Gptc), Is.EqualTo(uint.MaxValue));
        Assert.That(driver.Read(E1000Register.Gptc), Is.Zero);
    }

    [Test]
    public void A_counter_of_64_bits_carries_and_stays_at_all_ones()
    {
        using var driver = SetUp();
        CoreStateTests.Set(driver, E1000Register.Gotcl, 0xffff_fff0);
        Send(driver, E1000Driver.Frame(60));
        Assert.That(driver.Read(E1000Register.Gotcl), Is.EqualTo(0x30));
        Assert.That(driver.Read(E1000Register.Gotch), Is.EqualTo(1));
        CoreStateTests.Set(driver, E1000Register.Gotcl, 0xffff_fff0);
        CoreStateTests.Set(driver, E1000Register.Gotch, uint.MaxValue);
        Send(driver, E1000Driver.Frame(60));
        Assert.That(driver.Read(E1000Register.Gotcl), Is.EqualTo(uint.MaxValue));
        Assert.That(driver.Read(E1000Register.Gotch), Is.EqualTo(uint.MaxValue));
    }

    /// <summary>
    /// 48 KB of packet buffer hold 32 frames of 1518 bytes and no more than 33; the ring of 16 takes 15.
    /// </summary>
    [Test]
    public void Missed_frames_count_in_the_totals_and_not_as_good()
    {
        const int Frames = 100;
        using var driver = SetUp();
        for (int frame = 0; frame < Frames; frame++)
        {
            driver.Cable.Client.Receive(E1000Driver.Frame(1514, frame), FrameInfo.None);
        }

        driver.RunFor(5_000_000);
        uint missed = driver.Read(E1000Register.Mpc);
        uint good = driver.Read(E1000Register.Gprc);
        Assert.That(missed, Is.InRange(Frames - 15 - 33, Frames - 15 - 30));
        Assert.That(good + missed, Is.EqualTo(Frames));
        Assert.That(driver.Read(E1000Register.Tpr), Is.EqualTo(Frames));
        Assert.That(driver.Read(E1000Register.Gorcl), Is.EqualTo(good * 1518));
        Assert.That(driver.Read(E1000Register.Torl), Is.EqualTo(Frames * 1518));
        Assert.That(driver.Read(E1000Register.Rnbc), Is.GreaterThan(0));
        Assert.That(driver.Read(E1000Register.Icr) & 1u << 6, Is.EqualTo(1u << 6), "RXO");
    }

    private static E1000Driver SetUp()
    {
        var driver = new E1000Driver();
        driver.SetUpTransmit();
        driver.SetUpReceive();
        driver.RunFor(10_000);
        return driver;
    }

    private static void Send(E1000Driver driver, byte[] frame)
    {
        driver.Send(frame);
        driver.RunFor(100_000);
    }

    private static void Receive(E1000Driver driver, byte[] frame)
    {
        driver.Cable.Client.Receive(frame, FrameInfo.None);
        driver.RunFor(100_000);
    }
}
