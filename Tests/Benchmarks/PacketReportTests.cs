using NUnit.Framework;
using RiscvXv6.Benchmarks.Packets;
using RiscvXv6.Devices.Pci;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Benchmarks;

/// <summary>Packets per second in guest time: against the arithmetic of wire and bus, and against what docs/performance.md says of them.</summary>
public sealed class PacketReportTests
{
    private const double Tolerance = 0.001;

    private static readonly BareMetalRun BareMetal =
        new(File.ReadAllBytes(RepositoryFiles.PathOf("Benchmarks", "Guests", "built", "nic.elf")));

    [TestCase(8, 1_488_095, TestName = "64-byte frames leave at 1,488,095 a second with IPGT 8")]
    [TestCase(10, 1_453_488, TestName = "64-byte frames leave at 1,453,488 a second with xv6's IPGT 10")]
    public void The_wire_limits_a_program_that_only_transmits(int gap, double packetsPerSecond)
    {
        var cell = BareMetal.Run(PacketMode.Transmit, 64, 64, PciBusTiming.Pcie, gap);
        Assert.That(cell.PacketsPerSecond, Is.EqualTo(packetsPerSecond).Within(Tolerance * packetsPerSecond));
    }

    /// <summary>
    /// PCI at 33 MHz, in clocks of 30 ns: 15 dwords of a frame without its FCS and 8 of overhead for a read; descriptors of 4 dwords, fetched and written
    /// back in bursts whose overhead lies between nothing and 8 and 4 clocks each.
    /// </summary>
    [Test]
    public void A_bus_of_33_MHz_limits_it_to_less()
    {
        var cell = BareMetal.Run(PacketMode.Transmit, 64, 64, PciBusTiming.Pci33);
        const double clock = 30e-9, frame = 15 + 8, leastForDescriptors = 4 + 1, mostForDescriptors = 4 + 8 + 4 + 4;
        Assert.That(
            cell.PacketsPerSecond,
            Is.InRange(1 / (clock * (frame + mostForDescriptors)), 1 / (clock * (frame + leastForDescriptors))));
    }

    [Test]
    public void A_program_that_polls_receives_all_of_a_flood_at_the_wires_rate()
    {
        var cell = BareMetal.Run(PacketMode.Receive, 64, 8, PciBusTiming.Pcie);
        Assert.That(cell.PacketsPerSecond, Is.EqualTo(1_488_095).Within(Tolerance * 1_488_095));
    }

    [TestCase(PacketDriver.BareMetal, PacketMode.Transmit, 64)]
    [TestCase(PacketDriver.BareMetal, PacketMode.Receive, 1518)]
    [TestCase(PacketDriver.BareMetal, PacketMode.Echo, 64)]
    [TestCase(PacketDriver.Xv6, PacketMode.Transmit, 1518)]
    [TestCase(PacketDriver.Xv6, PacketMode.Receive, 512)]
    [TestCase(PacketDriver.Xv6, PacketMode.Echo, 64)]
    public void The_page_says_what_is_measured(object driver, object mode, int frameBytes)
    {
        var cell = new PacketReport(RepositoryFiles.Root, TextWriter.Null).Measure((PacketDriver)driver, (PacketMode)mode, frameBytes, ring: 64);
        Assert.That(
            File.ReadLines(RepositoryFiles.PathOf(PacketReport.PagePath)),
            Has.Member(PacketReport.Row(cell)),
            "is the report older than the card or the guest? make bench-report");
    }
}
