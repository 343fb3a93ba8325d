using NUnit.Framework;
using RiscvXv6.Devices.Bus;
using RiscvXv6.Devices.Pci;
using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Tests.Devices.E1000;

/// <summary>The presets against the figures of their buses.</summary>
public sealed class PciBusTimingTests
{
    [TestCase("pci33", 133_333_333d)]
    [TestCase("pci66", 266_666_667d)]
    [TestCase("pcie", 1_000_000_000d)]
    public void A_long_burst_of_data_moves_at_the_peak_rate_of_the_bus(string name, double bytesPerSecond)
    {
        Assert.That(PciBusTiming.TryParse(name, out var timing), Is.True);
        const int Burst = 128;
        double data = timing.WritePicoseconds(0, Burst) - timing.WritePicoseconds(0, 4);
        Assert.That((Burst - 4) / (data * 1e-12), Is.EqualTo(bytesPerSecond).Within(1).Percent);
    }

    // A packet of 128 bytes with 20 besides is 86 % of a link; a frame of 1514 takes 4 + 379 clocks of a bus.
    [TestCase("pcie", 1280, 10 * 148_000u)]
    [TestCase("pci33", 1514, 383 * 30_000u)]
    [TestCase("pci66", 1514, 383 * 15_000u)]
    public void Bursts_and_packets_cost_their_overhead(string name, int bytes, uint picoseconds)
    {
        Assert.That(PciBusTiming.TryParse(name, out var timing), Is.True);
        Assert.That(timing.WritePicoseconds(0x8000_0000, bytes), Is.EqualTo(picoseconds));
    }

    [TestCase("pci33", 270, 150)]
    [TestCase("pci66", 135, 75)]
    [TestCase("pcie", 20 + 200 + 24, 24)]
    public void A_register_costs_a_hart_a_round_trip_to_read_and_a_slot_to_write(string name, int readNanoseconds, int writeNanoseconds)
    {
        Assert.That(PciBusTiming.TryParse(name, out var timing), Is.True);
        Assert.That(timing.ToAccessCost(new GuestClock()), Is.EqualTo(new AccessCost(readNanoseconds, writeNanoseconds)));
    }

    [Test]
    public void The_default_is_the_link() => Assert.That(PciBusTiming.Pcie.Name, Is.EqualTo("pcie"));

    [TestCase("")]
    [TestCase("PCIE")]
    [TestCase("isa")]
    public void An_unknown_name_is_refused(string name) => Assert.That(PciBusTiming.TryParse(name, out _), Is.False);
}
