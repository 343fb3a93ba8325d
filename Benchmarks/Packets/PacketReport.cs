using System.Globalization;
using System.Text;
using RiscvXv6.Devices.E1000;
using RiscvXv6.Devices.Pci;

namespace RiscvXv6.Benchmarks.Packets;

/// <summary>
/// The throughput of packets in guest time: measured, and put into docs/performance.md with a picture. Nothing in it depends on the host, so a second
/// run gives the same bytes.
/// </summary>
internal sealed class PacketReport(string repository, TextWriter progress)
{
    public const string PagePath = "docs/performance.md", PlotPath = "docs/images/packets.svg";

    /// <summary>Around what is generated.</summary>
    public const string Begin = "<!-- make bench-report: begin -->", End = "<!-- make bench-report: end -->";

    private const int UsualRing = 64, Xv6Gap = 10;

    public static IReadOnlyList<int> FrameSizes { get; } = [64, 128, 256, 512, 1024, 1280, 1518];

    public static IReadOnlyList<int> Rings { get; } = [8, 16, 32, 64, 128, 256];

    private static readonly int[] ExtremeSizes = [64, 1518];

    private readonly BareMetalRun _bareMetal = new(File.ReadAllBytes(Path.Combine(repository, "Benchmarks/Guests/built/nic.elf")));

    private readonly Xv6Run _xv6 = new(
        File.ReadAllBytes(Path.Combine(repository, "xv6-guest-image/image/kernel.elf")),
        File.ReadAllBytes(Path.Combine(repository, "xv6-guest-image/image/fs.img")));

    public static string NameOf(PacketMode mode) => mode switch
    {
        PacketMode.Transmit => "transmit",
        PacketMode.Receive => "receive",
        _ => "echo",
    };

    public static string NameOf(PacketDriver driver) => driver == PacketDriver.BareMetal ? "bare metal" : "our xv6";

    public static string NameOf(PacketStage stage) => stage switch
    {
        PacketStage.Queue => "queue",
        PacketStage.DescriptorFetch => "descriptor fetch",
        PacketStage.PayloadDma => "payload",
        PacketStage.Fifo => "FIFO",
        PacketStage.Wire => "wire",
        PacketStage.WriteBack => "write-back",
        _ => "interrupt delay",
    };

    /// <summary>Measures everything, and replaces what is between the marks of the page.</summary>
    /// <returns>The program's exit code: 1 if the page has no marks.</returns>
    public int Update()
    {
        string path = Path.Combine(repository, PagePath);
        string page = File.ReadAllText(path);
        int begin = page.IndexOf(Begin, StringComparison.Ordinal), end = page.IndexOf(End, StringComparison.Ordinal);
        if (begin < 0 || end < begin)
        {
            Console.Error.WriteLine($"bench: {PagePath} has lost the marks between which the report belongs");
            return 1;
        }

        var cells = MeasureMatrix();
        string text = Render(cells, MeasureBuses());
        File.WriteAllText(path, page[..(begin + Begin.Length)] + "\n" + text + page[end..]);
        string plot = Path.Combine(repository, PlotPath);
        Directory.CreateDirectory(Path.GetDirectoryName(plot)!);
        File.WriteAllText(plot, PacketPlot.Render(cells, UsualRing));
        return 0;
    }

    /// <summary>One measurement over the usual bus.</summary>
    public PacketCell Measure(PacketDriver driver, PacketMode mode, int frameBytes, int ring) => driver == PacketDriver.BareMetal
        ? _bareMetal.Run(mode, frameBytes, ring, PciBusTiming.Pcie)
        : _xv6.Run(mode, frameBytes, ring, PciBusTiming.Pcie);

    /// <summary>A line of the first table, for whoever wants to compare it with a measurement.</summary>
    public static string Row(PacketCell cell)
    {
        double wire = PacketLimits.WirePacketsPerSecond(cell.FrameBytes);
        double bus = PacketLimits.BusPacketsPerSecond(cell.Bus, cell.FrameBytes, cell.Mode == PacketMode.Transmit);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {NameOf(cell.Driver)} | {NameOf(cell.Mode)} | {cell.FrameBytes} | {cell.PacketsPerSecond:0} | {cell.MegabitsPerSecond:0.0} "
            + $"| {cell.CyclesPerPacket:0} | {wire:0} | {bus:0} | {100 * cell.PacketsPerSecond / wire:0.0} % |");
    }

    private List<PacketCell> MeasureMatrix()
    {
        var cells = new List<PacketCell>();
        foreach (var driver in Enum.GetValues<PacketDriver>())
        {
            foreach (var mode in Enum.GetValues<PacketMode>())
            {
                foreach (int ring in Rings)
                {
                    progress.WriteLine($"{NameOf(driver)}, {NameOf(mode)}, rings of {ring}");
                    cells.AddRange(FrameSizes.Select(size => Measure(driver, mode, size, ring)));
                }
            }
        }

        return cells;
    }

    private List<(string Bus, int Gap, PacketCell Cell)> MeasureBuses()
    {
        var cells = new List<(string, int, PacketCell)>();
        foreach (var bus in new[] { PciBusTiming.Pci33, PciBusTiming.Pci66, PciBusTiming.Pcie })
        {
            progress.WriteLine($"bare metal over {bus.Name}");
            foreach (int size in ExtremeSizes)
            {
                cells.Add((bus.Name, PacketLimits.UsualGap, _bareMetal.Run(PacketMode.Transmit, size, UsualRing, bus)));
                cells.Add((bus.Name, Xv6Gap, _bareMetal.Run(PacketMode.Transmit, size, UsualRing, bus, Xv6Gap)));
                cells.Add((bus.Name, PacketLimits.UsualGap, _bareMetal.Run(PacketMode.Receive, size, UsualRing, bus)));
            }
        }

        return cells;
    }

    private static string Render(List<PacketCell> cells, List<(string Bus, int Gap, PacketCell Cell)> buses)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""

            ![Packets per second by the size of a frame, and where a packet's time goes](images/packets.svg)

            Rings of {UsualRing} descriptors, the bus `pcie`. Limits are for one direction alone; the bus's with descriptors in bursts so long
            that they cost their bytes only.

            | driver | work | frame | packets/s | Mb/s | cycles each | wire's limit | bus's limit | of the wire |
            |---|---|---|---|---|---|---|---|---|

            """);
        foreach (var cell in cells.Where(static cell => cell.Ring == UsualRing))
        {
            text.Append(Row(cell)).Append('\n');
        }

        text.Append("\nPackets per second by the rings' length:\n\n| driver | work | frame |");
        text.Append(string.Concat(Rings.Select(static ring => $" {ring} |"))).Append("\n|---|---|---|");
        text.Append(string.Concat(Rings.Select(static _ => "---|"))).Append('\n');
        foreach (var group in cells.Where(static cell => ExtremeSizes.Contains(cell.FrameBytes)).GroupBy(static cell => (cell.Driver, cell.Mode, cell.FrameBytes)))
        {
            text.Append(CultureInfo.InvariantCulture, $"| {NameOf(group.Key.Driver)} | {NameOf(group.Key.Mode)} | {group.Key.FrameBytes} |");
            foreach (var cell in group)
            {
                text.Append(CultureInfo.InvariantCulture, $" {cell.PacketsPerSecond:0} |");
            }

            text.Append('\n');
        }

        text.Append("\nMean nanoseconds of a packet in each stage, with its share (stages overlap):\n\n| driver | work | frame |");
        var stages = Enum.GetValues<PacketStage>();
        text.Append(string.Concat(stages.Select(static stage => $" {NameOf(stage)} |"))).Append("\n|---|---|---|");
        text.Append(string.Concat(stages.Select(static _ => "---|"))).Append('\n');
        foreach (var cell in cells.Where(static cell => cell.Ring == UsualRing && cell.FrameBytes is 64 or 512 or 1518))
        {
            double total = Math.Max(1, cell.Stages.Sum(static stage => stage.Cycles));
            text.Append(CultureInfo.InvariantCulture, $"| {NameOf(cell.Driver)} | {NameOf(cell.Mode)} | {cell.FrameBytes} |");
            foreach (var stage in cell.Stages)
            {
                text.Append(CultureInfo.InvariantCulture, $" {stage.Cycles:0} ({100 * stage.Cycles / total:0} %) |");
            }

            text.Append('\n');
        }

        text.Append("\nWhat the bus and the gap (TIPG.IPGT) leave of it, bare metal:\n\n| bus | work | frame | IPGT | packets/s | wire's limit | bus's limit |\n|---|---|---|---|---|---|---|\n");
        foreach (var (bus, gap, cell) in buses)
        {
            double wire = PacketLimits.WirePacketsPerSecond(cell.FrameBytes, gap);
            double limit = PacketLimits.BusPacketsPerSecond(bus, cell.FrameBytes, cell.Mode == PacketMode.Transmit);
            text.Append(
                CultureInfo.InvariantCulture,
                $"| `{bus}` | {NameOf(cell.Mode)} | {cell.FrameBytes} | {gap} | {cell.PacketsPerSecond:0} | {wire:0} | {limit:0} |\n");
        }

        return text.Append('\n').ToString();
    }
}
