using System.Globalization;
using NUnit.Framework;
using RiscvXv6.Guest.Xv6Fs;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Xv6.PowerCut;

/// <summary>
/// The power goes off in the midst of work on files, at hundreds of moments; the next boot must find every operation that was
/// reported as done, no other but perhaps the next, and a file system that is whole.
/// </summary>
public sealed class PowerCutTests
{
    private const int Operations = 60;

    [Test]
    public void One_worker_loses_nothing_that_was_committed() => Sweep(harts: 1, workers: 1, cuts: 400);

    [Test]
    public void Three_workers_on_three_harts_lose_nothing_that_was_committed() => Sweep(harts: 3, workers: 3, cuts: 200);

    /// <summary>The control: without the log the same sweep must find lost or torn operations and damaged file systems.</summary>
    [Test]
    public void Without_the_log_the_same_sweep_finds_damage()
    {
        string folder = Directory.CreateTempSubdirectory("riscvxv6-").FullName;
        try
        {
            Toolchain.Make(folder, "FLAVOR=nolog", "build-nolog/kernel.elf");
            string kernel = Path.Combine(folder, "build-nolog", "kernel.elf");
            var sweep = Record(kernel, harts: 1, workers: 1);
            int damaged = sweep.Disks(60).Count(static cut => Xv6Disk.Faults(cut.Image).Count > 0);
            int wrong = sweep.Disks(20).Count(cut => Complaint(kernel, cut, harts: 1, workers: 1) is not null);
            TestContext.Progress.WriteLine($"without the log: {damaged} of 60 disks damaged, {wrong} of 20 wrong after the next boot");
            using (Assert.EnterMultipleScope())
            {
                Assert.That(damaged, Is.GreaterThan(5));
                Assert.That(wrong, Is.GreaterThan(5));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Sweep(int harts, int workers, int cuts)
    {
        var sweep = Record(Xv6Guest.Kernel, harts, workers);
        Assert.That(sweep.Operations, Is.EqualTo(workers * Operations), "operations that the workload reported");
        int recoveries = 0;
        var complaints = new List<string>();
        foreach (var cut in sweep.Disks(cuts))
        {
            recoveries += FsChecker.Check(cut.Image).NeedsRecovery ? 1 : 0;
            if (Complaint(Xv6Guest.Kernel, cut, harts, workers) is { } complaint)
            {
                complaints.Add($"{cut}: {complaint}");
            }
        }

        TestContext.Progress.WriteLine(
            $"{cuts} power cuts in {sweep.Writes} writes of {workers} on {harts} harts; {recoveries} left a log to recover");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(complaints, Is.Empty);
            Assert.That(recoveries, Is.GreaterThan(cuts / 20), "cuts that hit between a commit and its end, else this proves little");
        }
    }

    private static PowerCutSweep Record(string kernel, int harts, int workers)
    {
        string workload = workers == 1 ? $"usertests -w {Operations}" : $"usertests -w {Operations} {workers}";
        return PowerCutSweep.Record(kernel, Xv6Guest.Disk(), workload, harts);
    }

    /// <summary>What is wrong with a disk before or after the next boot; null if nothing is.</summary>
    private static string? Complaint(string kernel, PowerCutDisk cut, int harts, int workers)
    {
        if (Xv6Disk.Faults(cut.Image) is [var fault, ..])
        {
            return $"the file system is damaged: {fault}";
        }

        byte[] disk = [.. cut.Image];
        var known = Enumerable.Range(0, workers)
            .Select(worker => cut.Committed.TryGetValue(worker, out int last) ? last.ToString(CultureInfo.InvariantCulture) : "-");
        var run = new MachinePlatform().Run(Xv6Guest.Session(harts, disk, $"usertests -v {string.Join(' ', known)}") with
        {
            ElfPath = kernel,
            LimitGuestSeconds = 60,
        });
        if (run.ExitCode != 0 || !run.Output.Contains("crash: ok\n", StringComparison.Ordinal))
        {
            return $"the next boot:\n{run.Output}";
        }

        var report = FsChecker.Check(disk);
        return report.NeedsRecovery || report.Findings.Any(static finding => finding.Kind == FsFindingKind.Orphan)
            ? "the next boot left a log or orphans"
            : Xv6Disk.Faults(disk).FirstOrDefault();
    }
}
