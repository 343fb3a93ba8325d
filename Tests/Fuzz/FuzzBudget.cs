using System.Diagnostics;
using System.Globalization;
using NUnit.Framework;

namespace RiscvXv6.Tests.Fuzz;

/// <summary>
/// How long a device is fuzzed: a fixed number of steps from fixed seeds, or, with RISCVXV6_FUZZ_SECONDS set, ever new seeds (from
/// RISCVXV6_SEED on) for so many seconds per device. A run that does not come back in time is a hang, and a failure.
/// </summary>
internal static class FuzzBudget
{
    private const int ShortSeeds = 4;
    private const int StepsPerSeed = 5_000;

    private static readonly TimeSpan HangGrace = TimeSpan.FromSeconds(60);

    public static void Spend<TState>(FuzzPlan<TState> plan)
        where TState : class
    {
        int firstSeed = Number("RISCVXV6_SEED") ?? 1;
        int? seconds = Number("RISCVXV6_FUZZ_SECONDS");
        var limit = TimeSpan.FromSeconds(seconds ?? 30);
        int lastSeed = seconds is null ? firstSeed + ShortSeeds - 1 : int.MaxValue;
        var watch = Stopwatch.StartNew();
        long steps = 0;
        for (int seed = firstSeed; seed <= lastSeed && watch.Elapsed < limit; seed++)
        {
            steps += Run(plan, seed, StepsPerSeed, limit - watch.Elapsed, HangGrace);
        }

        TestContext.Out.WriteLine($"{steps} steps from seed {firstSeed}, {watch.Elapsed.TotalSeconds:f1} s");
    }

    /// <summary>Fuzzes from one seed, on a thread of its own.</summary>
    /// <returns>Steps taken.</returns>
    /// <exception cref="FuzzFailureException">The device broke a promise, or the run did not come back in time.</exception>
    public static int Run<TState>(FuzzPlan<TState> plan, int seed, int steps, TimeSpan limit, TimeSpan hangGrace)
        where TState : class
    {
        var harness = new DeviceFuzzHarness<TState>(plan, seed);
        var run = Task.Factory.StartNew(() => harness.Run(steps, limit), TaskCreationOptions.LongRunning);
        bool isBack = Task.WhenAny(run, Task.Delay(limit + hangGrace)).GetAwaiter().GetResult() == run;
        if (!isBack)
        {
            throw new FuzzFailureException($"it hangs: seed {seed}, step {harness.StepCount}");
        }

        using (harness)
        {
            run.GetAwaiter().GetResult();
            return harness.StepCount;
        }
    }

    /// <summary>
    /// Fuzzes by runs of a device's own making: as many seeds as a short run has, or ever new ones for RISCVXV6_FUZZ_SECONDS.
    /// </summary>
    /// <param name="shortSeeds">Seeds of a short run.</param>
    /// <param name="run">Runs from one seed to its end, and says how many steps that was.</param>
    /// <param name="hangLimit">A run from one seed that takes longer hangs; if null, two minutes.</param>
    /// <exception cref="FuzzFailureException">The device broke a promise, or a run did not come back in time.</exception>
    public static void Spend(int shortSeeds, Func<int, long> run, TimeSpan? hangLimit = null)
    {
        int firstSeed = Number("RISCVXV6_SEED") ?? 1;
        int? seconds = Number("RISCVXV6_FUZZ_SECONDS");
        var watch = Stopwatch.StartNew();
        long steps = 0;
        for (int seed = firstSeed; IsMore(seed); seed++)
        {
            int number = seed;
            var task = Task.Factory.StartNew(() => run(number), TaskCreationOptions.LongRunning);
            if (Task.WhenAny(task, Task.Delay(hangLimit ?? 2 * HangGrace)).GetAwaiter().GetResult() != task)
            {
                throw new FuzzFailureException($"it hangs: seed {number}");
            }

            steps += task.GetAwaiter().GetResult();
        }

        TestContext.Out.WriteLine($"{steps} steps from seed {firstSeed}, {watch.Elapsed.TotalSeconds:f1} s");

        bool IsMore(int seed) => seconds is { } limit ? watch.Elapsed.TotalSeconds < limit : seed < firstSeed + shortSeeds;
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out int value) ? value : null;
}
