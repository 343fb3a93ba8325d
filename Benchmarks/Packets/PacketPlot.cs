using System.Globalization;

namespace RiscvXv6.Benchmarks.Packets;

/// <summary>
/// The report's picture: on the left packets per second by the size of a frame, beside the wire's limit; on the right where a packet's
/// time goes.
/// </summary>
internal static class PacketPlot
{
    private const int Width = 1100, Height = 560;
    private const double Left = 70, Top = 50, PlotWidth = 430, PlotHeight = 400;
    private const double BarsLeft = 620, BarHeight = 26, BarsWidth = 420;
    private const double LeastRate = 1e3, MostRate = 2e6;
    private const string Axis = "#888", Grid = "#8884";

    private static readonly string[] ModeColours = ["#0072b2", "#d55e00", "#009e73"];

    private static readonly string[] StageColours =
        ["#bbbbbb", "#56b4e9", "#0072b2", "#e69f00", "#d55e00", "#009e73", "#cc79a7", "#f0e442"];

    /// <param name="cells">All that was measured.</param>
    /// <param name="ring">The rings that are drawn.</param>
    public static string Render(IReadOnlyList<PacketCell> cells, int ring)
    {
        var canvas = new SvgCanvas(Width, Height);
        var drawn = cells.Where(cell => cell.Ring == ring).ToList();
        DrawRates(canvas, drawn, ring);
        DrawStages(canvas, drawn);
        return canvas.Render();
    }

    private static double X(int frameBytes) => Left + PlotWidth * Math.Log2(frameBytes / 64.0) / Math.Log2(1518 / 64.0);

    private static double Y(double rate) =>
        Top + PlotHeight * (1 - Math.Log(Math.Clamp(rate, LeastRate, MostRate) / LeastRate) / Math.Log(MostRate / LeastRate));

    private static void DrawRates(SvgCanvas canvas, List<PacketCell> cells, int ring)
    {
        canvas.Words(Left, 24, $"Packets per second, rings of {ring}", isBold: true);
        foreach (double rate in new[] { 1e3, 1e4, 1e5, 1e6 })
        {
            for (int part = 1; part < 10 && part * rate <= MostRate; part++)
            {
                canvas.Line(Left, Y(part * rate), Left + PlotWidth, Y(part * rate), part == 1 ? Axis : Grid);
            }

            canvas.Words(Left - 6, Y(rate) + 4, rate >= 1e6 ? "1 M" : $"{rate / 1e3:0} k", "end");
        }

        foreach (int size in PacketReport.FrameSizes)
        {
            canvas.Line(X(size), Top, X(size), Top + PlotHeight, Grid);
            if (size != 1280) // too near to its neighbours
            {
                canvas.Words(X(size), Top + PlotHeight + 18, size.ToString(CultureInfo.InvariantCulture), "middle");
            }
        }

        canvas.Words(Left + PlotWidth / 2, Top + PlotHeight + 38, "bytes of a frame, with its frame check sequence", "middle");
        canvas.Path(PacketReport.FrameSizes.Select(static size => (X(size), Y(PacketLimits.WirePacketsPerSecond(size)))), Axis, isDashed: true);
        canvas.Words(X(256), Y(PacketLimits.WirePacketsPerSecond(256)) - 8, "1 Gb/s wire");
        foreach (var series in cells.GroupBy(static cell => (cell.Driver, cell.Mode)))
        {
            string colour = ModeColours[(int)series.Key.Mode];
            bool isXv6 = series.Key.Driver == PacketDriver.Xv6;
            canvas.Path(series.Select(static cell => (X(cell.FrameBytes), Y(cell.PacketsPerSecond))), colour, isDashed: isXv6);
            foreach (var cell in series)
            {
                canvas.Dot(X(cell.FrameBytes), Y(cell.PacketsPerSecond), colour);
            }
        }

        double x = Left;
        foreach (var mode in Enum.GetValues<PacketMode>())
        {
            canvas.Box(x, Height - 40, 12, 12, ModeColours[(int)mode], "");
            canvas.Words(x + 18, Height - 30, PacketReport.NameOf(mode));
            x += 90;
        }

        canvas.Words(x, Height - 30, "— bare metal   - - our xv6");
    }

    private static void DrawStages(SvgCanvas canvas, List<PacketCell> cells)
    {
        canvas.Words(BarsLeft, 24, "Where a packet's time goes, from hand-over to interrupt", isBold: true);
        double y = Top;
        var names = new List<string>();
        foreach (var cell in cells.Where(static cell => cell.FrameBytes is 64 or 1518 && cell.Mode != PacketMode.Echo))
        {
            double total = cell.Stages.Sum(static stage => stage.Cycles);
            canvas.Words(BarsLeft, y + 10, string.Create(
                CultureInfo.InvariantCulture, $"{PacketReport.NameOf(cell.Driver)}, {PacketReport.NameOf(cell.Mode)}, {cell.FrameBytes} bytes: {total:N0} ns"));
            double x = BarsLeft;
            foreach (var stage in cell.Stages)
            {
                if (!names.Contains(stage.Name))
                {
                    names.Add(stage.Name);
                }

                double width = total == 0 ? 0 : BarsWidth * stage.Cycles / total;
                string colour = StageColours[names.IndexOf(stage.Name) % StageColours.Length];
                canvas.Box(x, y + 15, width, BarHeight - 10, colour, string.Create(CultureInfo.InvariantCulture, $"{stage.Name}: {stage.Cycles:N0} ns"));
                x += width;
            }

            y += BarHeight + 24;
        }

        for (int index = 0; index < names.Count; index++)
        {
            double x = BarsLeft + index % 3 * 145, legendY = Height - 90 + index / 3 * 20;
            canvas.Box(x, legendY, 12, 12, StageColours[index % StageColours.Length], "");
            canvas.Words(x + 18, legendY + 10, names[index]);
        }
    }
}
