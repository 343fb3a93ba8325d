using System.Diagnostics;
using System.Globalization;
using NUnit.Framework;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Xv6;

/// <summary>The guest's own tests, run in it: they prove the guest and the machine, and on QEMU the guest alone.</summary>
public sealed class UsertestsTests
{
    private const int LimitSeconds = 900;

    [Test]
    public void The_quick_usertests_pass([Values(1, 3, 8)] int harts) => Passes(harts, "usertests -q", "ALL TESTS PASSED");

    [Test]
    public void Forks_fill_the_process_table_and_empty_it_again([Values(1, 3, 8)] int harts) => Passes(harts, "forktest", "OK");

    [Test]
    public void Random_system_calls_find_nothing_wrong([Values(1, 3, 8)] int harts) => Passes(harts, "grind 20", "OK");

    [Test]
    [Category("Qemu")]
    public void On_QEMU_they_pass_as_well()
    {
        Passes(3, "forktest; grind 10", "OK", new QemuPlatform());
        Passes(3, "usertests -q", "ALL TESTS PASSED", new QemuPlatform());
    }

    /// <summary>
    /// On one number of harts a run, another with each commit; <c>RISCVXV6_SEED</c> says which. All of them in <c>make test-long</c>.
    /// </summary>
    [Test]
    public void All_usertests_pass()
    {
        int turn = int.TryParse(Environment.GetEnvironmentVariable("RISCVXV6_SEED"), CultureInfo.InvariantCulture, out int seed)
            ? seed
            : Commits();
        int harts = new[] { 1, 3, 8 }[turn % 3];
        TestContext.Progress.WriteLine($"all usertests with {harts} harts (RISCVXV6_SEED={turn})");
        Passes(harts, "usertests", "ALL TESTS PASSED");
    }

    [Test]
    [Category("LongRunning")]
    public void All_usertests_pass_with_any_number_of_harts([Values(1, 2, 3, 4, 5, 6, 7, 8)] int harts) =>
        Passes(harts, "usertests", "ALL TESTS PASSED");

    /// <summary>How many commits led here; 0 in a tree without its history.</summary>
    private static int Commits()
    {
        var start = new ProcessStartInfo(Requirement.Tool("git", "git"), ["-C", RepositoryFiles.Root, "rev-list", "--count", "HEAD"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var git = Process.Start(start)!;
        return int.TryParse(git.StandardOutput.ReadToEnd(), CultureInfo.InvariantCulture, out int count) ? count : 0;
    }

    private static void Passes(int harts, string command, string verdict, IGuestPlatform? platform = null)
    {
        byte[] disk = Xv6Guest.Disk();
        var request = Xv6Guest.Session(harts, disk, command) with
        {
            CpuMegahertz = 100,
            LimitGuestSeconds = LimitSeconds,
            LimitHostSeconds = LimitSeconds,
        };
        var run = (platform ?? new MachinePlatform()).Run(request);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.Output, Does.Contain(verdict));
            Assert.That(run.Output, Does.Not.Contain("FAILED").And.Not.Contain("panic"));
            Assert.That(run.ExitCode, Is.Zero);
            Assert.That(run.Hangs, Is.Empty, "a kernel that is well is not told that it hangs");
        }

        Xv6Disk.AssertSound(disk);
    }
}
