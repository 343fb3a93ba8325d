using NUnit.Framework;
using RiscvXv6.Devices.E1000;
using RiscvXv6.Devices.Net;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Devices.E1000;

/// <summary>
/// RDTR, RADV, TIDV and TADV, in units of 1.024 us, and RSRPD (SDM "Receive Interrupts", "Transmit Interrupt Delay
/// Value"). Times count from the cycle at which a descriptor's status is in memory.
/// </summary>
public sealed class CoreTimerTests
{
    private const uint Txdw = 1u << 0;
    private const uint Rxt0 = 1u << 7;
    private const uint Srpd = 1u << 16;
    private const byte Delayed =
        E1000Driver.EndOfPacket | E1000Driver.InsertFcs | E1000Driver.ReportStatus | E1000Driver.InterruptDelay;

    [TestCase(1u)]
    [TestCase(10u)]
    [TestCase(1000u)]
    public void A_delayed_descriptor_raises_TXDW_after_TIDV(uint units)
    {
        using var driver = SetUp();
        driver.Write(E1000Register.Tidv, units);
        ulong done = SendAndWait(driver, Delayed);
        AssertRaised(driver, Txdw, done + units * 1024);
    }

    [Test]
    public void A_descriptor_without_IDE_raises_TXDW_at_its_write_back()
    {
        using var driver = SetUp();
        driver.Write(E1000Register.Tidv, 100);
        SendAndWait(driver, Delayed & ~E1000Driver.InterruptDelay);
        Assert.That(driver.Peek(E1000Register.Icr) & Txdw, Is.EqualTo(Txdw));
    }

    [Test]
    public void Each_delayed_descriptor_starts_TIDV_anew()
    {
        using var driver = SetUp();
        driver.Write(E1000Register.Tidv, 10);
        SendAndWait(driver, Delayed);
        driver.RunFor(9_000);
        ulong second = SendAndWait(driver, Delayed);
        AssertRaised(driver, Txdw, second + 10 * 1024);
    }

    [Test]
    public void TADV_bounds_what_TIDV_puts_off()
    {
        using var driver = SetUp();
        driver.Write(E1000Register.Tidv, 10);
        driver.Write(E1000Register.Tadv, 25);
        ulong first = SendAndWait(driver, Delayed);
        while (driver.Now + 9_000 < first + 25 * 1024)
        {
            driver.RunFor(9_000);
            SendAndWait(driver, Delayed);
        }

        AssertRaised(driver, Txdw, first + 25 * 1024);
        driver.Read(E1000Register.Icr);
        driver.RunFor(100_000);
        Assert.That(driver.Read(E1000Register.Icr) & Txdw, Is.Zero, "both timers have stopped");
    }

    [TestCase(1u)]
    [TestCase(7u)]
    [TestCase(500u)]
    public void A_frame_raises_RXT0_after_RDTR(uint units)
    {
        using var driver = SetUp();
        driver.Write(E1000Register.Rdtr, units);
        ulong written = ReceiveAndWait(driver, 0);
        AssertRaised(driver, Rxt0, written + units * 1024);
    }

    [Test]
    public void Without_RDTR_each_frame_raises_RXT0_when_it_is_in_memory_whatever_RADV_is()
    {
        using var driver = SetUp();
        driver.Write(E1000Register.Radv, 50);
        for (int index = 0; index < 5; index++)
        {
            ReceiveAndWait(driver, index);
            Assert.That(driver.Read(E1000Register.Icr) & Rxt0, Is.EqualTo(Rxt0));
        }
    }

    [Test]
    public void Each_frame_starts_RDTR_anew_and_RADV_bounds_that()
    {
        using var driver = SetUp();
        driver.Write(E1000Register.Rdtr, 10);
        driver.Write(E1000Register.Radv, 25);
        ulong first = ReceiveAndWait(driver, 0);
        for (int index = 1; driver.Now + 9_000 < first + 25 * 1024; index++)
        {
            driver.RunFor(8_000);
            ReceiveAndWait(driver, index);
        }

        AssertRaised(driver, Rxt0, first + 25 * 1024);
        driver.Read(E1000Register.Icr);
        driver.RunFor(100_000);
        Assert.That(driver.Read(E1000Register.Icr) & Rxt0, Is.Zero, "both timers have stopped");
    }

    [Test]
    public void RDTR_without_RADV_is_put_off_for_ever_by_frames_that_keep_coming()
    {
        using var driver = SetUp();
        driver.Write(E1000Register.Rdtr, 10);
        ulong last = 0;
        for (int index = 0; index < 12; index++)
        {
            last = ReceiveAndWait(driver, index);
            driver.RunFor(8_000);
            Assert.That(driver.Peek(E1000Register.Icr) & Rxt0, Is.Zero);
        }

        AssertRaised(driver, Rxt0, last + 10 * 1024);
    }

    [Test]
    public void A_forced_flush_ends_the_delay()
    {
        using var driver = SetUp();
        driver.Write(E1000Register.Rdtr, 1000);
        ReceiveAndWait(driver, 0);
        driver.Write(E1000Register.Rdtr, 1u << 31 | 1000);
        driver.RunFor(2_000);
        Assert.That(driver.Read(E1000Register.Icr) & Rxt0, Is.EqualTo(Rxt0));
        driver.RunFor(2_000_000);
        Assert.That(driver.Read(E1000Register.Icr) & Rxt0, Is.Zero, "the timer has stopped");
    }

    [TestCase(60u, true)]
    [TestCase(59u, false)]
    [TestCase(0u, false)]
    public void A_small_frame_raises_SRPD_and_does_not_wait(uint limit, bool isSmall)
    {
        using var driver = SetUp();
        driver.Write(E1000Register.Rdtr, 1000);
        driver.Write(E1000Register.Rsrpd, limit);
        ReceiveAndWait(driver, 0);
        Assert.That(driver.Read(E1000Register.Icr) & (Srpd | Rxt0), Is.EqualTo(isSmall ? Srpd | Rxt0 : 0));
    }

    [Test]
    public void Frames_that_come_back_to_back_interrupt_as_often_as_the_throttle_lets_them()
    {
        using var driver = SetUp();
        driver.Write(E1000Register.Itr, 500);
        driver.Write(E1000Register.Ims, Rxt0);
        var rises = new List<ulong>();
        for (int frame = 0; frame < 1000; frame++)
        {
            driver.Cable.Client.Receive(E1000Driver.Frame(60, frame), FrameInfo.None);
        }

        while (rises.Count < 5)
        {
            driver.RunUntil(() => driver.Interrupt.IsUp);
            rises.Add(driver.Now);
            driver.Read(E1000Register.Icr);
            while (driver.TakeReceived() is not null)
            {
            }
        }

        Assert.That(rises.Zip(rises.Skip(1), static (a, b) => b - a), Is.All.EqualTo(128_000));
    }

    private static E1000Driver SetUp()
    {
        var driver = new E1000Driver();
        driver.SetUpTransmit();
        driver.SetUpReceive();
        driver.RunFor(10_000);
        driver.Read(E1000Register.Icr);
        return driver;
    }

    /// <returns>The cycle at which DD was in memory.</returns>
    private static ulong SendAndWait(E1000Driver driver, int command)
    {
        int index = driver.Send(E1000Driver.Frame(60), (byte)command);
        driver.RunUntil(() => driver.IsSent(index));
        return driver.Now;
    }

    /// <returns>The cycle at which DD was in memory.</returns>
    private static ulong ReceiveAndWait(E1000Driver driver, int index)
    {
        driver.Cable.Client.Receive(E1000Driver.Frame(60), FrameInfo.None);
        driver.RunUntil(() => driver.IsReceived(index));
        return driver.Now;
    }

    private static void AssertRaised(E1000Driver driver, uint cause, ulong cycle)
    {
        driver.RunTo(cycle - 1);
        Assert.That(driver.Peek(E1000Register.Icr) & cause, Is.Zero, "not before its time");
        driver.RunTo(cycle);
        Assert.That(driver.Peek(E1000Register.Icr) & cause, Is.EqualTo(cause));
    }
}
