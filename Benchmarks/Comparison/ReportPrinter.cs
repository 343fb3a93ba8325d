using System.Globalization;

namespace RiscvXv6.Benchmarks.Comparison;

/// <summary>The report as a person reads it: ratios first.</summary>
internal sealed class ReportPrinter(TextWriter output, ComparisonReport? baseline)
{
    /// <summary>Of QEMU's speed, as a geometric mean over the guests: the interpreter's promise.</summary>
    public const double TargetRatio = 0.30;

    public void Head(ComparisonReport report, int runs)
    {
        Line($"{report.Runtime}, {report.Processors} processors, {report.Qemu ?? "no QEMU"}");
        Line($"{runs} alternating runs of each program; median and spread (most - least, of the median)");
        if (report.LoadBefore > report.Processors * 0.5)
        {
            Line($"note: the load average is {report.LoadBefore:0.0}; processor time still says something, wall time little");
        }

        Line("");
        Line($"{"",-12} {"ratio cpu",9} {"wall",6}   {"ours: cpu",-17} {"wall",-17} {"QEMU: cpu",-17} {"wall",-17} MIPS");
    }

    public void Part(PartResult part)
    {
        string text = $"{part.Name,-12} {Ratio(part.CpuRatio),9} {Ratio(part.WallRatio),6}   {Time(part.OurCpu),-17} {Time(part.OurWall),-17}";
        text += $" {Time(part.QemuCpu),-17} {Time(part.QemuWall),-17}";
        if (part.Instructions > 0)
        {
            text += string.Create(CultureInfo.InvariantCulture, $" {part.Instructions / part.OurCpu.Median / 1e6:0}");
        }

        Line(text.TrimEnd());
        var before = baseline?.Parts.FirstOrDefault(other => other.Name == part.Name);
        if (before is not null)
        {
            Line($"{"",12} since then: our cpu {Change(before.OurCpu.Median, part.OurCpu.Median)}"
                + (before.CpuRatio is { } old && part.CpuRatio is { } now ? $", ratio {Ratio(old)} -> {Ratio(now)}" : "")
                + (before.QemuCpu is { } oldQemu && part.QemuCpu is { } newQemu
                    ? $" (QEMU's cpu {Change(oldQemu.Median, newQemu.Median)}: what the host did)" : ""));
        }
    }

    public void Foot(ComparisonReport report)
    {
        PartResult[] guests = [.. report.Parts.Where(static part => part.Instructions > 0 && part.CpuRatio is not null)];
        if (guests.Length == Comparison.Part.GuestNames.Count)
        {
            double cpu = Sample.GeometricMean(guests.Select(static part => part.CpuRatio!.Value));
            double wall = Sample.GeometricMean(guests.Select(static part => part.WallRatio!.Value));
            Line($"{"geo. mean",-12} {Ratio(cpu),9} {Ratio(wall),6}");
            Line("");
            Line($"target: at least {Ratio(TargetRatio)} of QEMU's speed by processor time: {(cpu >= TargetRatio ? "met" : "MISSED")}");
        }

        if (report.LoadAfter is { } load)
        {
            Line($"load average {report.LoadBefore:0.0} before, {load:0.0} after");
        }
    }

    private static string Ratio(double? ratio) =>
        ratio is { } value ? value.ToString("0.00", CultureInfo.InvariantCulture) : "-";

    private static string Change(double before, double after) =>
        ((after / before - 1) * 100).ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture) + " %";

    private static string Time(Sample? sample)
    {
        if (sample is null)
        {
            return "-";
        }

        double median = sample.Median;
        return median < 1
            ? string.Create(CultureInfo.InvariantCulture, $"{median * 1e3:0} ms ({sample.Spread * 100:0} %)")
            : string.Create(CultureInfo.InvariantCulture, $"{median:0.00} s ({sample.Spread * 100:0} %)");
    }

    private void Line(string text) => output.WriteLine(text);
}
