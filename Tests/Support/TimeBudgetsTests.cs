using NUnit.Framework;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace RiscvXv6.Tests.Support;

/// <summary>The budgets bite: a slow group is named, a very slow one fails the run.</summary>
public sealed class TimeBudgetsTests
{
    [Test]
    public void A_table_shows_what_each_group_took_and_who_is_over_the_budget()
    {
        string table = TimeBudgets.Describe([new("Architecture", 7, 1.26), new("Support", 30, 22.96)], scale: 1);

        Assert.That(table, Is.EqualTo("""
            group         tests  seconds  budget
            Architecture      7      1.3      20
            Support          30     23.0      20  over its budget

            """));
    }

    [TestCase("Architecture", 59.9, null)]
    [TestCase("Architecture", 60.1, "group Architecture took 60 s, more than 3 times its budget of 20 s")]
    public void A_run_fails_for_a_group_far_over_its_budget(string group, double seconds, string? fault) =>
        Assert.That(TimeBudgets.Fault(new GroupTime(group, 1, seconds), scale: 1), Is.EqualTo(fault));

    [Test]
    public void A_slow_machine_gets_more_time() =>
        Assert.That(TimeBudgets.Fault(new GroupTime("Architecture", 1, 119), scale: 2), Is.Null);

    [Test]
    public void A_groups_time_is_that_of_its_fixtures_without_long_running_tests()
    {
        var run = new TestSuite("all").MakeTestResult();
        Add(run, typeof(TimeBudgetsTests), fixtureSeconds: 5, longSeconds: 3);
        Add(run, typeof(RequirementTests), fixtureSeconds: 0.5, longSeconds: 0);

        Assert.That(TimeBudgets.Sum(run), Is.EqualTo(new[] { new GroupTime("Support", 2, 2.5) }));
    }

    /// <summary>A fixture with one test in it.</summary>
    private static void Add(TestResult run, Type type, double fixtureSeconds, double longSeconds)
    {
        var fixture = new TestFixture(new TypeWrapper(type));
        var method = new TestMethod(new MethodWrapper(type, nameof(ToString)), fixture);
        var test = method.MakeTestResult();
        test.SetResult(ResultState.Success);
        test.Duration = longSeconds;
        if (longSeconds > 0)
        {
            method.Properties.Add(PropertyNames.Category, "LongRunning");
        }

        var result = (TestSuiteResult)fixture.MakeTestResult();
        result.AddResult(test);
        result.Duration = fixtureSeconds;
        ((TestSuiteResult)run).AddResult(result);
    }
}
