using NUnit.Framework;
using NUnit.Framework.Internal;
using RiscvXv6.Tests.Support;

[assembly: Parallelizable(ParallelScope.Fixtures)]
[assembly: LevelOfParallelism(2)]

namespace RiscvXv6.Tests;

/// <summary>
/// Prints at the end of a run what each group of tests took and what it may take, and leaves the table in
/// artifacts/test-times.txt. The run fails if a group is far over its budget.
/// </summary>
[SetUpFixture]
public sealed class GroupTimes
{
    [OneTimeTearDown]
    public void Report()
    {
        var times = TimeBudgets.Sum(TestExecutionContext.CurrentContext.CurrentResult);
        string table = TimeBudgets.Describe(times, TimeBudgets.Scale);
        string path = RepositoryFiles.PathOf("artifacts", "test-times.txt");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, table);

        // The one stream that the test runner shows of a run without failures.
        TestContext.Error.WriteLine(table);
        Assert.That(times.Select(static time => TimeBudgets.Fault(time, TimeBudgets.Scale)).OfType<string>(), Is.Empty);
    }
}
