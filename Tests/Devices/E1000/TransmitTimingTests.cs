using NUnit.Framework;
using RiscvXv6.Devices.E1000;
using RiscvXv6.Devices.Memory;
using RiscvXv6.Devices.Pci;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Devices.E1000;

/// <summary>
/// How fast frames leave: at the wire's speed where the bus allows, at the bus's where it does not. What is expected
/// is computed here from the wire's bytes and the bus's clocks.
/// </summary>
public sealed class TransmitTimingTests
{
    private const int PreambleBytes = 8;
    private const int FcsBytes = 4;
    private const int Frames = 2_000;

    // Statement 21, and e1000.md's anchors: 672 and 688 ns for 64 bytes on the wire.
    [TestCase(60, 8u, 672u)]
    [TestCase(60, 10u, 688u)]
    [TestCase(124, 8u, 1_184u)]
    [TestCase(508, 10u, 4_272u)]
    [TestCase(1_020, 8u, 8_352u)]
    [TestCase(1_514, 8u, 12_304u)]
    [TestCase(1_514, 10u, 12_320u)]
    [TestCase(9_014, 8u, 72_304u)]
    public void Frames_that_wait_leave_back_to_back_with_the_programmed_gap(int bytes, uint ipgt, uint nanoseconds)
    {
        using var driver = new E1000Driver();
        driver.SetUpTransmit(count: 64);
        driver.Write(E1000Register.Tipg, ipgt | 8u << 10 | 6u << 20);

        // As Linux's driver does for long frames, so that two fit into the FIFO: 40 KiB to receive, 24 to send.
        driver.Write(E1000Register.Pba, bytes > 8_000 ? 40u : 48u);
        for (int index = 0; index < 40; index++)
        {
            driver.Queue(E1000Driver.Frame(bytes, index));
        }

        driver.RingTransmit();
        driver.RunUntil(() => driver.Cable.Frames.Count == 40);
        Assert.That(Spacings(driver).Skip(10), Is.All.EqualTo((ulong)nanoseconds));
    }

    [TestCase(8u, 8, 1_488_095d)]
    [TestCase(8u, 16, 1_488_095d)]
    [TestCase(8u, 256, 1_488_095d)]
    [TestCase(10u, 8, 1_453_488d)]
    [TestCase(10u, 16, 1_453_488d)]
    public void The_default_bus_reaches_line_rate_at_64_bytes_with_a_ring_of_8_and_more(uint ipgt, int ring, double packetsPerSecond)
    {
        using var driver = new E1000Driver();
        driver.SetUpTransmit(ring);
        driver.Write(E1000Register.Tipg, ipgt | 8u << 10 | 6u << 20);
        Assert.That(Rate(driver, 60, ring - 1), Is.EqualTo(packetsPerSecond).Within(0.1).Percent);
    }

    // A clock of PCI moves a dword; reads cost 8 clocks besides their dwords and writes 4. A frame of 60 bytes is its
    // payload's read, its status's write of a dword, and its share of a fetch: 256 descriptors come in fetches of at
    // most 64.
    [TestCase("pci33", 30.0)]
    [TestCase("pci66", 15.0)]
    public void A_bus_that_is_slower_than_the_wire_sets_the_rate(string name, double clockNanoseconds)
    {
        Assert.That(PciBusTiming.TryParse(name, out var timing), Is.True);
        using var driver = new E1000Driver(change: options => options with { Bus = timing });
        driver.SetUpTransmit(256);
        double rate = Rate(driver, 60, 255);

        // The driver hands over what has come back, so that fetches become of few descriptors, at least one each.
        const double PayloadClocks = 8 + 15;
        const double StatusClocks = 4 + 1;
        double slowest = 1e9 / ((PayloadClocks + StatusClocks + 8 + 4) * clockNanoseconds);
        double fastest = 1e9 / ((PayloadClocks + StatusClocks + 4) * clockNanoseconds);
        double wire = 1e9 / 672;
        Assert.That(rate, Is.InRange(Math.Min(slowest, wire) * 0.999, Math.Min(fastest, wire) * 1.001));
    }

    // All descriptors are handed over at once. The chip holds 64, of which one is in progress when the next are
    // fetched: 255 take five fetches.
    [Test]
    public void On_33_MHz_PCI_a_full_ring_takes_exactly_the_bus_s_clocks()
    {
        using var driver = new E1000Driver(change: options => options with { Bus = PciBusTiming.Pci33 });
        driver.SetUpTransmit(256);
        for (int index = 0; index < 255; index++)
        {
            driver.Queue(E1000Driver.Frame(60, index));
        }

        ulong start = driver.Now;
        driver.RingTransmit();
        driver.RunUntil(() => driver.IsSent(254));
        ulong clocks = 5 * 8 + 255 * 4 + 255 * (8 + 15) + 255 * (4 + 1);
        Assert.That(driver.Now - start, Is.EqualTo(clocks * 30));
        Assert.That(driver.Card.Dma.OutboundBusyCycles, Is.EqualTo(clocks * 30));
    }

    [TestCase(100, 80u)]
    [TestCase(10, 800u)]
    public void A_slower_link_takes_ten_or_a_hundred_times_as_long(int megabits, uint byteNanoseconds)
    {
        using var driver = new E1000Driver(change: options => options with { LinkMegabits = megabits });
        driver.SetUpTransmit();
        driver.Write(E1000Register.Tipg, 10 | 8u << 10 | 6u << 20);
        for (int index = 0; index < 10; index++)
        {
            driver.Queue(E1000Driver.Frame(60, index));
        }

        driver.RingTransmit();
        driver.RunUntil(() => driver.Cable.Frames.Count == 10);
        Assert.That(Spacings(driver), Is.All.EqualTo((ulong)(PreambleBytes + 60 + FcsBytes + 14) * byteNanoseconds));
    }

    [Test]
    public void AIT_adds_to_the_gap_in_units_of_8_ns()
    {
        using var driver = new E1000Driver();
        driver.SetUpTransmit();
        driver.Write(E1000Register.Ait, 100);
        for (int index = 0; index < 10; index++)
        {
            driver.Queue(E1000Driver.Frame(60, index));
        }

        driver.RingTransmit();
        driver.RunUntil(() => driver.Cable.Frames.Count == 10);
        Assert.That(Spacings(driver), Is.All.EqualTo(672 + 800));
    }

    // At 10 MHz a cycle is 100 ns, and 1000 gaps of 672 ns are 6720 cycles.
    [Test]
    public void Times_that_are_no_whole_cycles_add_up_over_back_to_back_frames()
    {
        using var driver = new E1000Driver(megahertz: 10);
        driver.SetUpTransmit(2048);
        for (int index = 0; index < 1_100; index++)
        {
            driver.Queue(E1000Driver.Frame(60, index));
        }

        driver.RingTransmit();
        driver.RunUntil(() => driver.Cable.Frames.Count == 1_100);
        var frames = driver.Cable.Frames;
        Assert.That(frames[1_050].Cycle - frames[50].Cycle, Is.EqualTo(6_720));
    }

    [Test]
    public void The_transmitter_is_never_instantaneous()
    {
        using var driver = new E1000Driver();
        driver.SetUpTransmit();
        driver.Send(E1000Driver.Frame(60));
        Assert.That(driver.IsSent(0), Is.False);
        Assert.That(driver.Cable.Frames, Is.Empty);
        Assert.That(driver.Read(E1000Register.Tdh), Is.Zero);
    }

    private static IEnumerable<ulong> Spacings(E1000Driver driver) =>
        driver.Cable.Frames.Zip(driver.Cable.Frames.Skip(1), (first, second) => second.Cycle - first.Cycle);

    /// <summary>
    /// Packets per second of a driver that keeps so many descriptors with the card: it polls DD and hands each back at
    /// once.
    /// </summary>
    private static double Rate(E1000Driver driver, int bytes, int outstanding)
    {
        byte[] frame = E1000Driver.Frame(bytes);
        for (int index = 0; index < outstanding; index++)
        {
            driver.Queue(frame);
        }

        driver.RingTransmit();
        int oldest = 0;
        while (driver.Cable.Frames.Count < Frames)
        {
            driver.RunUntil(() => driver.IsSent(oldest));
            driver.Memory.TryWriteUInt64(E1000Driver.TransmitDescriptor(oldest) + 8, 0);
            oldest = (oldest + 1) % driver.TransmitCount;
            driver.Send(frame);
        }

        var sent = driver.Cable.Frames;
        return (Frames - 1_000) * 1e9 / (sent[Frames - 1].Cycle - sent[1_000 - 1].Cycle);
    }
}
