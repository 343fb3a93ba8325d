using NUnit.Framework;
using RiscvXv6.Emulator.Diagnostics.Hangs;
using RiscvXv6.Emulator.Machine;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Diagnostics;

/// <summary>
/// Guests that hang, each in its own way (Tests/Guests/hangs), what the program says of it unasked, and the report in full; and the same
/// guests without the mistake, of which nothing is said. <c>RISCVXV6_UPDATE_GOLDENS=1</c> renews the reports.
/// </summary>
[TestFixture]
public sealed class HangTests
{
    private static readonly string _folder = RepositoryFiles.PathOf("Tests", "Guests", "hangs");

    private static IEnumerable<TestCaseData> Guests =>
    [
        new("all-waiting", 1, HangCodes.AllWaiting),
        new("lock-self", 1, HangCodes.LockSelf),
        new("lock-cycle", 2, HangCodes.LockCycle),
        new("lock-kept", 2, HangCodes.LockHeld),
        new("lock-busy", 2, HangCodes.LockHeld),
        new("sleeplock-cycle", 1, HangCodes.SleepLockCycle),
        new("sleeplock-orphan", 1, HangCodes.SleepLockOrphan),
        new("timer-storm", 1, HangCodes.InterruptStorm),
        new("never-claimed", 1, HangCodes.InterruptStorm),
        new("never-completed", 1, HangCodes.NotCompleted),
        new("no-priority", 1, HangCodes.NotEnabled),
        new("never-acknowledged", 1, HangCodes.NotAcknowledged),
        new("no-stce", 1, HangCodes.TimerWithoutStce),
        new("stimecmp-trap", 1, HangCodes.TimerTrapped),
        new("no-pmp", 1, HangCodes.NoPmp),
        new("plic-doubleword", 1, HangCodes.BusWidth),
        new("wrong-address", 1, HangCodes.BusNothing),
        new("virtual-address", 1, HangCodes.BusNothing),
        new("beyond-memory", 1, HangCodes.BusNothing),
        new("no-trap-handler", 1, HangCodes.FaultLoop),
        new("fault-returns", 1, HangCodes.FaultLoop),
        new("panics", 1, HangCodes.Panic),
        new("wait-masked", 1, HangCodes.WaitMasked),
    ];

    [TestCaseSource(nameof(Guests))]
    public void A_guest_that_hangs_is_told_why(string name, int harts, string code)
    {
        using var machine = Boot(name, harts, stopsWhenFound: true);
        machine.RunToEnd();

        string golden = RepositoryFiles.PathOf("Tests", "Diagnostics", "Hangs", name + ".txt");
        string text = string.Concat(machine.Found.Select(static finding => $"{finding.Sentence} [{finding.Code}]\n"))
            + "\n" + machine.Ask("info hang");
        if (Environment.GetEnvironmentVariable("RISCVXV6_UPDATE_GOLDENS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(golden)!);
            File.WriteAllText(golden, text);
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(machine.Found.Select(static finding => finding.Code), Is.EqualTo([code]), machine.Output);
            Assert.That(machine.Output, Does.Not.Contain("FAIL").And.Not.Contain("PASS"), "it is to hang");
            Assert.That(text, Is.EqualTo(File.ReadAllText(golden)), "RISCVXV6_UPDATE_GOLDENS=1 writes it anew; look at the difference");
        }
    }

    [TestCaseSource(nameof(Guests))]
    public void Nothing_is_said_of_the_same_guest_without_its_mistake(string name, int harts, string code)
    {
        using var machine = Boot(name + "-well", harts, stopsWhenFound: false);
        var exit = machine.RunToEnd();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(machine.Found, Is.Empty, $"{code} is for the other one");
            Assert.That(machine.Output, Is.EqualTo($"PASS {name}\n"));
            Assert.That(exit.Kind, Is.EqualTo(MachineExitKind.PowerOff));
        }
    }

    [Test]
    public void Every_guest_that_hangs_is_here_and_each_kind_of_hang_has_one()
    {
        var names = Guests.Select(static guest => (string)guest.Arguments[0]!).Order(StringComparer.Ordinal);
        var sources = Directory.GetFiles(_folder, "*.c").Select(static path => Path.GetFileNameWithoutExtension(path)).Where(static name => name != "kernel");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(names, Is.EqualTo(sources.Order(StringComparer.Ordinal)));
            Assert.That(
                Guests.Select(static guest => (string)guest.Arguments[2]!).Distinct().Order(StringComparer.Ordinal),
                Is.EqualTo(HangCodes.All.Order(StringComparer.Ordinal)));
        }
    }

    /// <summary>Each tick finds the hart at the instruction after its wfi, and often the next one's is pending when it is looked at.</summary>
    [Test]
    public void An_idle_guest_that_wakes_for_its_ticks_has_no_storm()
    {
        using var machine = new DiagnosedMachine(new GuestRequest(RepositoryFiles.PathOf("xv6-guest-image", "image", "kernel.elf"))
        {
            Harts = 3,
            Disks = [File.ReadAllBytes(RepositoryFiles.PathOf("xv6-guest-image", "image", "fs.img"))],
        });
        machine.Machine.Run(300_000_000_000);
        Assert.That(machine.Output, Does.EndWith("$ "));
        Assert.That(machine.Found, Is.Empty);
    }

    [TestCase("lock-cycle-well", 2)]
    [TestCase("never-completed-well", 1)]
    [TestCase("fault-returns-well", 1)]
    public void Being_watched_changes_nothing_in_a_run(string name, int harts)
    {
        using var watched = Boot(name, harts, stopsWhenFound: false);
        watched.RunToEnd();
        using var alone = Boot(name, harts, stopsWhenFound: false, isWatched: false);
        alone.RunToEnd();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(watched.Output, Does.StartWith("PASS"));
            Assert.That(watched.Machine.Clock.NowCycles, Is.EqualTo(alone.Machine.Clock.NowCycles));
            Assert.That(watched.Machine.RetiredInstructions, Is.EqualTo(alone.Machine.RetiredInstructions));
            Assert.That(alone.Machine.Observers, Is.Empty);
        }
    }

    private static DiagnosedMachine Boot(string name, int harts, bool stopsWhenFound, bool isWatched = true) =>
        new(new GuestRequest(Path.Combine(_folder, "built", name + ".elf"))
        {
            Harts = harts,
            StrictPmp = true,
            NetworkOptions = name.StartsWith("never-acknowledged", StringComparison.Ordinal)
                ? "-netdev user,id=net0,restrict=on -device e1000,netdev=net0"
                : "",

            // Ten times slower than usual: a guest second is soon over.
            CpuMegahertz = 20,
        },
        isWatched)
        {
            StopsWhenFound = stopsWhenFound,
        };
}
