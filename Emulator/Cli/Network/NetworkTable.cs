using System.Globalization;
using System.Text;
using RiscvXv6.Devices.E1000;
using RiscvXv6.Devices.Net;
using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Emulator.Cli.Network;

/// <summary><c>--net-table</c>: what each card did, and where its packets' time went, for people.</summary>
internal static class NetworkTable
{
    private const int LabelWidth = 10;
    private const int NumberWidth = 11;

    private static readonly string[] Heads =
    [
        "packets", "bytes", "packets/s", "Mb/s", "queue", "fetch", "payload", "fifo", "wire", "write-back", "interrupt",
    ];

    /// <param name="cards">With what went over their cables; null for one without.</param>
    /// <param name="clock">The machine's.</param>
    public static string Text(IEnumerable<(E1000 Card, LinkStatistics? Link)> cards, IGuestClock clock)
    {
        var text = new StringBuilder();
        foreach (var (card, link) in cards)
        {
            var report = NetReport.Of(card, clock);
            text.Append($"{report.Card}, on {report.Bus}{(link is null ? "" : $", at {link.Name}")}; stages in cycles of a packet\n");
            AppendRow(text, "", Heads);
            AppendDirection(text, "transmit", report.Transmit);
            AppendDirection(text, "receive", report.Receive);
            AppendDrops(text, "transmit", report.Transmit);
            AppendDrops(text, "receive", report.Receive);
            foreach (var (name, value) in link?.Rows() ?? [])
            {
                if (value > 0)
                {
                    text.Append($"  cable, {name}: {value}\n");
                }
            }
        }

        return text.ToString();
    }

    private static void AppendDirection(StringBuilder text, string label, DirectionReport direction) => AppendRow(text, label,
    [
        $"{direction.Packets}", $"{direction.Bytes}", Rounded(direction.PacketsPerSecond, "0"), Rounded(direction.MegabitsPerSecond, "0.00"),
        .. direction.Stages.Select(static stage => Rounded(stage.CyclesPerPacket, "0.0")),
    ]);

    private static void AppendDrops(StringBuilder text, string label, DirectionReport direction)
    {
        foreach (var drop in direction.Drops)
        {
            text.Append($"  {label}, dropped for {drop.Reason}: {drop.Packets}\n");
        }
    }

    private static void AppendRow(StringBuilder text, string label, IEnumerable<string> cells)
    {
        text.Append(label.PadRight(LabelWidth));
        foreach (string cell in cells)
        {
            text.Append(' ').Append(cell.PadLeft(NumberWidth));
        }

        text.Append('\n');
    }

    private static string Rounded(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
