using System.Diagnostics;
using System.Globalization;
using NUnit.Framework;
using RiscvXv6.Devices.Bus;

namespace RiscvXv6.Tests.Fuzz;

/// <summary>
/// Whole machines with hostile guests. Each case is run twice and must end in the same state, bit for bit. A fixed set of
/// seeds from RISCVXV6_SEED on; with RISCVXV6_FUZZ_SECONDS set, ever new ones for so long.
/// </summary>
internal sealed class MachineFuzzTests
{
    private const int ShortCases = 100;
    private const ulong CaseCycles = 60_000;

    /// <summary>The short run must fit a test run on a busy machine; what does not fit is left out, and said so.</summary>
    private static readonly TimeSpan ShortLimit = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan HangGrace = TimeSpan.FromSeconds(60);

    [Test]
    public void No_guest_makes_the_machine_throw_hang_or_differ_from_itself()
    {
        int firstSeed = Number("RISCVXV6_SEED") ?? 1;
        int? seconds = Number("RISCVXV6_FUZZ_SECONDS");
        var limit = seconds is null ? ShortLimit : TimeSpan.FromSeconds(seconds.Value);
        int cases = seconds is null ? ShortCases : int.MaxValue;
        var coverage = new MachineFuzzCoverage();
        var watch = Stopwatch.StartNew();
        int seed = firstSeed;
        for (; seed - firstSeed < cases && watch.Elapsed < limit; seed++)
        {
            LeaveTrace(seed);
            RunTwice(new MachineFuzzCase(seed), coverage);
        }

        TestContext.Out.WriteLine($"seeds {firstSeed} to {seed - 1}, {watch.Elapsed.TotalSeconds:f1} s: {coverage}");
    }

    [Test]
    public void The_guests_reach_every_mode_and_many_kinds_of_trap()
    {
        var coverage = new MachineFuzzCoverage();
        for (int seed = 1; seed <= 20; seed++)
        {
            new MachineFuzzRun(new MachineFuzzCase(seed), coverage).Execute(CaseCycles);
        }

        TestContext.Out.WriteLine(coverage);
        Assert.Multiple(() =>
        {
            Assert.That(coverage.Modes, Has.Count.EqualTo(3));
            Assert.That(coverage.Causes, Has.Count.GreaterThan(12));
            Assert.That(coverage.Retired, Is.GreaterThan(20 * CaseCycles / 4), "mostly idle or trapping");
            Assert.That(coverage.BusFaults, Is.Positive);
            Assert.That(coverage.ConsoleBytes, Is.Positive);
            Assert.That(coverage.DisksChanged, Is.Positive);
            Assert.That(coverage.Exits, Is.Positive);
        });
    }

    [Test]
    public void A_device_that_throws_is_reported_with_its_seed() =>
        Assert.That(
            () => FirstFailure(static seed => new MachineFuzzCase(seed) { ExtraDevice = new RogueDevice(Misdeed.Throws) }),
            Throws.TypeOf<FuzzFailureException>().With.Message.Contains("RISCVXV6_SEED=").And.Message.Contains("broken on purpose"));

    [Test]
    public void A_device_that_remembers_the_last_run_is_reported() =>
        Assert.That(
            () => FirstFailure(static seed => new MachineFuzzCase(seed) { ExtraDevice = new RogueDevice(Misdeed.Remembers) }),
            Throws.TypeOf<FuzzFailureException>().With.Message.Contains("another state"));

    [Test]
    public void A_device_that_does_not_return_is_reported()
    {
        using var release = new ManualResetEventSlim();
        var device = new RogueDevice(Misdeed.Hangs) { Release = release };
        Assert.That(
            () =>
            {
                for (int seed = 1; seed <= ShortCases; seed++)
                {
                    RunTwice(new MachineFuzzCase(seed) { ExtraDevice = device }, new MachineFuzzCoverage(), TimeSpan.FromSeconds(3));
                }
            },
            Throws.TypeOf<FuzzFailureException>().With.Message.Contains("it hangs"));
        release.Set();
    }

    private static void FirstFailure(Func<int, MachineFuzzCase> make)
    {
        for (int seed = 1; seed <= ShortCases; seed++)
        {
            RunTwice(make(seed), new MachineFuzzCoverage());
        }
    }

    private static void RunTwice(MachineFuzzCase subject, MachineFuzzCoverage coverage, TimeSpan? hangGrace = null)
    {
        var runs = Task.Factory.StartNew(
            () =>
            {
                string first = new MachineFuzzRun(subject, coverage).Execute(CaseCycles);
                string second = new MachineFuzzRun(subject, coverage).Execute(CaseCycles);
                if (first != second)
                {
                    throw new FuzzFailureException(
                        $"{subject}: the second run ended in another state\nagain with RISCVXV6_SEED={subject.Seed}");
                }
            },
            TaskCreationOptions.LongRunning);
        if (Task.WhenAny(runs, Task.Delay(hangGrace ?? HangGrace)).GetAwaiter().GetResult() != runs)
        {
            throw new FuzzFailureException($"{subject}: it hangs\nagain with RISCVXV6_SEED={subject.Seed}");
        }

        runs.GetAwaiter().GetResult();
    }

    /// <summary>A stray pointer kills the test run without a word: a file says which seed it was.</summary>
    private static void LeaveTrace(int seed) =>
        File.WriteAllText(Path.Combine(AppContext.BaseDirectory, "machine-fuzz-seed.txt"), $"RISCVXV6_SEED={seed}\n");

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out int value) ? value : null;

    private enum Misdeed
    {
        Throws,
        Remembers,
        Hangs,
    }

    private sealed class RogueDevice(Misdeed misdeed) : IMmioDevice
    {
        private ulong _reads;

        public ManualResetEventSlim? Release { get; init; }

        public string Name => "rogue";

        public AccessWidths Widths => AccessWidths.Any;

        public BusStatus Read(ulong offset, int sizeBytes, out ulong value)
        {
            Misbehave();
            value = ++_reads & 0xff;
            return BusStatus.Ok;
        }

        public BusStatus Write(ulong offset, int sizeBytes, ulong value)
        {
            Misbehave();
            return BusStatus.Ok;
        }

        public BusStatus Peek(ulong offset, int sizeBytes, out ulong value)
        {
            value = 0;
            return BusStatus.Ok;
        }

        private void Misbehave()
        {
            if (misdeed == Misdeed.Throws)
            {
                throw new InvalidOperationException("broken on purpose");
            }

            if (misdeed == Misdeed.Hangs)
            {
                Release!.Wait();
            }
        }
    }
}
