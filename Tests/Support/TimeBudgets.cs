using System.Globalization;
using System.Text;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace RiscvXv6.Tests.Support;

/// <summary>What a group of tests took.</summary>
/// <param name="Group">The folder under Tests.</param>
/// <param name="Tests">How many tests ran, skipped ones included.</param>
/// <param name="Seconds">The host's time, summed over fixtures with all that they set up.</param>
internal sealed record GroupTime(string Group, int Tests, double Seconds);

/// <summary>How long each group of tests may take on two cores, so that all of <c>make test</c> stays under ten minutes.</summary>
internal static class TimeBudgets
{
    /// <summary>How many times over its budget a group fails the run: slower than any busy machine explains.</summary>
    private const double Tolerance = 3;

    /// <summary>The budget of a group that the table does not name.</summary>
    private const int OthersSeconds = 20;

    private const string LongRunning = "LongRunning";

    /// <summary>Seconds. Fixtures run two at a time, so the sum may be twice what a run may take.</summary>
    private static readonly Dictionary<string, int> Seconds = new()
    {
        ["Benchmarks"] = 40,
        ["Cli"] = 120,
        ["Contract"] = 120,
        ["Cpu"] = 120,
        ["Devices"] = 60,
        ["Diagnostics"] = 120,
        ["Differential"] = 180,
        ["Documents"] = 120,
        ["Fuzz"] = 120,
        ["Gdb"] = 120,
        ["Grading"] = 60,
        ["Guest"] = 30,
        ["Machine"] = 120,
        ["Monitor"] = 40,
        ["RealGuests"] = 180,
        ["Regressions"] = 10,
        ["Scripts"] = 120,
        ["Replay"] = 120,
        ["Xv6"] = 900,
    };

    /// <summary>What multiplies every budget, for a slow machine or a long fuzz run: RISCVXV6_TIME_SCALE, or 1.</summary>
    public static double Scale =>
        double.TryParse(Environment.GetEnvironmentVariable("RISCVXV6_TIME_SCALE"), CultureInfo.InvariantCulture, out double scale)
            ? scale
            : 1;

    /// <summary>What each group of a run took, without what is marked as long-running.</summary>
    public static IReadOnlyList<GroupTime> Sum(ITestResult run) =>
        [.. Leaves(run, "TestFixture")
            .GroupBy(static fixture => fixture.Test.TypeInfo!.Namespace!.Split('.')[2])
            .Select(static group => new GroupTime(
                group.Key,
                group.Sum(static fixture => fixture.TotalCount),
                group.Sum(static fixture => fixture.Duration - LongSeconds(fixture))))
            .OrderBy(static time => time.Group, StringComparer.Ordinal)];

    /// <summary>A line for each group, and one for all that ran.</summary>
    public static string Describe(IReadOnlyList<GroupTime> times, double scale)
    {
        var table = new StringBuilder("group         tests  seconds  budget\n");
        foreach (var time in times)
        {
            double budget = BudgetOf(time.Group, scale);
            string verdict = time.Seconds > budget ? "  over its budget" : "";
            table.Append(CultureInfo.InvariantCulture, $"{time.Group,-14}{time.Tests,5}{time.Seconds,9:F1}{budget,8:F0}{verdict}\n");
        }

        return table.ToString();
    }

    /// <summary>What makes a group fail the run, or null.</summary>
    public static string? Fault(GroupTime time, double scale)
    {
        double budget = BudgetOf(time.Group, scale);
        return time.Seconds <= Tolerance * budget ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"group {time.Group} took {time.Seconds:F0} s, more than {Tolerance} times its budget of {budget:F0} s");
    }

    private static double BudgetOf(string group, double scale) => Seconds.GetValueOrDefault(group, OthersSeconds) * scale;

    private static double LongSeconds(ITestResult fixture) =>
        Leaves(fixture, nameof(TestMethod)).Where(static test => IsLong(test.Test)).Sum(static test => test.Duration);

    private static bool IsLong(ITest? test) =>
        test is not null && (test.Properties[PropertyNames.Category].Contains(LongRunning) || IsLong(test.Parent));

    /// <summary>The results under one that are of this kind.</summary>
    private static IEnumerable<ITestResult> Leaves(ITestResult result, string testType) =>
        result.Test.TestType == testType ? [result] : result.Children.SelectMany(child => Leaves(child, testType));
}
