using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;

namespace RiscvXv6.Benchmarks.Comparison;

/// <summary>
/// The session: for each part the two programs in turn (ours, QEMU's, ours, …), so that whatever else the host does hits
/// both alike. Each starts once, uncounted, before all that: the host's caches are as warm for the first run as for the last.
/// </summary>
internal sealed class ComparisonRun(ComparisonOptions options, TextWriter output)
{
    private const string QemuProgram = "qemu-system-riscv64";

    private readonly ProgressLine _progress = new();
    private readonly List<string> _complaints = [];

    /// <summary>The process's exit code: 0, or 1 if something could not be run or computed something wrong.</summary>
    public int Execute()
    {
        string root = RepositoryFolder.Find();
        string program = Path.Combine(root, "artifacts", OperatingSystem.IsWindows() ? "riscvxv6.exe" : "riscvxv6");
        if (!File.Exists(program))
        {
            Console.Error.WriteLine("bench: there is no artifacts/riscvxv6; run make first");
            return 1;
        }

        string trivialPath = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(trivialPath, TrivialGuest.ToElf());
            return Compare(program, Part.All(Path.Combine(root, "Benchmarks", "Guests"), trivialPath));
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException or TimeoutException or Win32Exception)
        {
            _progress.Clear();
            Console.Error.WriteLine($"bench: {failure.Message}");
            return 1;
        }
        finally
        {
            File.Delete(trivialPath);
        }
    }

    private int Compare(string program, IReadOnlyList<Part> parts)
    {
        var ours = new Contender("riscvxv6", program);
        var qemu = FindQemu(out string? qemuVersion);
        var baseline = options.ComparePath is { } path ? ComparisonReport.Load(path) : null;
        var report = new ComparisonReport
        {
            Runtime = RuntimeInformation.FrameworkDescription,
            Processors = Environment.ProcessorCount,
            Qemu = qemuVersion,
            LoadBefore = LoadAverage(),
        };
        var printer = new ReportPrinter(output, baseline);
        if (qemu is null)
        {
            output.WriteLine($"{QemuProgram} is not installed (Debian: apt-get install qemu-system-misc): only ours is measured");
        }

        printer.Head(report, options.Runs);
        WarmUp(parts[^1], ours, qemu);
        foreach (var part in parts)
        {
            if (options.Only.Count == 0 || options.Only.Contains(part.Name))
            {
                var result = Measure(part, ours, qemu);
                report.Parts.Add(result);
                printer.Part(result);
            }
        }

        report.LoadAfter = LoadAverage();
        printer.Foot(report);
        if (options.JsonPath is { } json)
        {
            report.Save(json);
        }

        foreach (string complaint in _complaints)
        {
            output.WriteLine($"WRONG: {complaint}");
        }

        return _complaints.Count == 0 ? 0 : 1;
    }

    private PartResult Measure(Part part, Contender ours, Contender? qemu)
    {
        var (ourRuns, qemuRuns) = (new List<ChildRun>(), new List<ChildRun>());
        for (int run = 1; run <= options.Runs; run++)
        {
            Once(ours, ourRuns);
            if (qemu is not null)
            {
                Once(qemu, qemuRuns);
            }

            void Once(Contender contender, List<ChildRun> runs)
            {
                _progress.Show($"{part.Name}: {contender.Name}, run {run} of {options.Runs}");
                var measured = contender.Run(part.Arguments);
                if (part.Complaint(measured) is { } complaint)
                {
                    _complaints.Add($"{part.Name}: {contender.Name} {complaint}");
                }

                runs.Add(measured);
            }
        }

        _progress.Clear();
        return new PartResult
        {
            Name = part.Name,
            Instructions = part.Instructions,
            OurWall = Wall(ourRuns),
            OurCpu = Cpu(ourRuns),
            QemuWall = qemu is null ? null : Wall(qemuRuns),
            QemuCpu = qemu is null ? null : Cpu(qemuRuns),
        };
    }

    private static void WarmUp(Part part, params ReadOnlySpan<Contender?> contenders)
    {
        foreach (var contender in contenders)
        {
            contender?.Run(part.Arguments);
        }
    }

    private static Sample Wall(List<ChildRun> runs) => new([.. runs.Select(static run => run.WallSeconds)]);

    private static Sample Cpu(List<ChildRun> runs) => new([.. runs.Select(static run => run.CpuSeconds)]);

    private static Contender? FindQemu(out string? version)
    {
        var qemu = new Contender("QEMU", QemuProgram);
        try
        {
            version = qemu.Run(["--version"]).Output.Split('\n')[0].Trim();
            return qemu;
        }
        catch (Win32Exception)
        {
            version = null;
            return null;
        }
    }

    /// <summary>Linux's one-minute load average.</summary>
    private static double? LoadAverage()
    {
        const string path = "/proc/loadavg";
        return File.Exists(path)
            && double.TryParse(File.ReadAllText(path).Split(' ')[0], NumberStyles.Float, CultureInfo.InvariantCulture, out double load)
                ? load
                : null;
    }
}
