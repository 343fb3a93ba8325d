using System.Text.RegularExpressions;
using NUnit.Framework;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Architecture;

/// <summary>docs/SPECIFICATION.md names tests that exist.</summary>
public sealed partial class SpecificationTests
{
    [Test]
    public void Every_promise_names_a_test_that_exists()
    {
        string page = File.ReadAllText(RepositoryFiles.PathOf("docs", "SPECIFICATION.md"));
        var promises = Reference().Matches(page);
        Assert.That(promises, Has.Count.GreaterThan(30));
        Assert.That(promises.Where(promise => !Exists(promise)).Select(promise => promise.Value), Is.Empty);
    }

    [Test]
    public void A_test_that_does_not_exist_is_noticed() =>
        Assert.That(Exists(Reference().Match("`SpecificationTests.No_such_test`")), Is.False);

    private static bool Exists(Match reference) => typeof(SpecificationTests).Assembly.GetTypes()
        .Where(type => type.Name == reference.Groups["type"].Value)
        .SelectMany(type => type.GetMethods())
        .Any(method => method.Name == reference.Groups["test"].Value);

    [GeneratedRegex("`(?<type>[A-Za-z0-9]+Tests)\\.(?<test>[A-Za-z0-9_]+)`")]
    private static partial Regex Reference();
}
