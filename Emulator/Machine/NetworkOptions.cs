using System.Collections.Immutable;
using RiscvXv6.Devices.E1000;
using RiscvXv6.Devices.Net.Middleware;
using RiscvXv6.Devices.Net.Wire;
using RiscvXv6.Devices.Pci;

namespace RiscvXv6.Emulator.Machine;

/// <summary>Everything that a person chose about the machine's networks: each card's netdev exists, and is that card's alone.</summary>
internal sealed record NetworkOptions
{
    /// <summary>No card, no network.</summary>
    public static readonly NetworkOptions None = new();

    /// <summary>Far ends of cables, each with an id of its own.</summary>
    public ImmutableArray<NetdevOptions> Netdevs { get; init; } = [];

    public ImmutableArray<NicOptions> Nics { get; init; } = [];

    public ImmutableArray<PacketFileOptions> PacketFiles { get; init; } = [];

    /// <summary>At most one for each netdev.</summary>
    public ImmutableArray<LinkFaultOptions> Faults { get; init; } = [];

    /// <summary>Where each packet's account goes, as JSON; null for nowhere.</summary>
    public string? ReportPath { get; init; }

    /// <summary>Print the cards' totals on standard error at the end.</summary>
    public bool PrintsTable { get; init; }

    /// <summary>Something of the host's may send at any time, or be waited for: guest time follows the wall.</summary>
    public bool ReachesHost => Netdevs.Any(static netdev => netdev.ReachesHost);
}

/// <summary>A network card.</summary>
/// <param name="Id">As reports and the log call it.</param>
/// <param name="NetdevId">The far end of its cable; null if that is not plugged in.</param>
/// <param name="Mac">In its EEPROM.</param>
internal sealed record NicOptions(string Id, string? NetdevId, MacAddress Mac)
{
    /// <summary>The least and the most of <see cref="PciDevice"/>.</summary>
    public const int FirstPciDevice = 1, LastPciDevice = 31;

    /// <summary>Its place on the PCI bus; no two cards have the same.</summary>
    public int PciDevice { get; init; } = FirstPciDevice;

    public E1000Fidelity Fidelity { get; init; } = E1000Fidelity.Lenient;

    public PciBusTiming Bus { get; init; } = PciBusTiming.Pcie;
}

/// <summary>How a file of packets is written.</summary>
internal enum PacketFileFormat
{
    /// <summary>As QEMU's filter-dump: microseconds.</summary>
    Pcap,

    /// <summary>Nanoseconds, direction, and why a frame was dropped.</summary>
    PcapNg,
}

/// <summary>A file that gets a copy of each frame.</summary>
/// <param name="Option">Named in complaints.</param>
/// <param name="Format">How it is written.</param>
/// <param name="Path">Written anew.</param>
/// <param name="NetdevId">Whose frames; null for those of every card.</param>
/// <param name="MaxFrameBytes">Longer frames are cut.</param>
internal sealed record PacketFileOptions(
    string Option, PacketFileFormat Format, string Path, string? NetdevId, int MaxFrameBytes = PacketFileOptions.WholeFrame)
{
    /// <summary>More than any frame has.</summary>
    public const int WholeFrame = PcapWriter.DefaultMaxLengthBytes;

    public CaptureDirections Directions { get; init; } = CaptureDirections.Both;
}

/// <summary>What goes wrong on a cable.</summary>
internal sealed record LinkFaultOptions(string NetdevId, FaultOptions Faults);
