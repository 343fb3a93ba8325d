using NUnit.Framework;

namespace RiscvXv6.Tests.Support;

/// <summary>A skipped test says how to run it; where everything is required, nothing is skipped.</summary>
public sealed class RequirementTests
{
    private const string Absent = "riscvxv6-no-such-tool";

    [TestCase(null)]
    [TestCase("")]
    [TestCase("some")]
    public void Without_the_tool_a_test_is_skipped_with_the_command_that_installs_it(string? required) => Assert.That(
        () => Requirement.Tool(Absent, "a-package", required),
        Throws.TypeOf<IgnoreException>().With.Message.EqualTo(
            "riscvxv6-no-such-tool is not installed; on Debian: apt-get install a-package"));

    [Test]
    public void Without_the_tool_a_test_fails_where_everything_is_required() => Assert.That(
        () => Requirement.Tool(Absent, "a-package", Requirement.Everything),
        Throws.TypeOf<AssertionException>().With.Message.Contains("apt-get install a-package (RISCVXV6_REQUIRE=all)"));

    [Test]
    public void Without_the_file_a_test_is_skipped_or_fails_alike()
    {
        string[] places = ["/nonexistent/a", "/nonexistent/b"];

        Assert.That(() => Requirement.File(places, "make guests", null),
            Throws.TypeOf<IgnoreException>().With.Message.EqualTo(
                "/nonexistent/a and /nonexistent/b are absent; on Debian: make guests"));
        Assert.That(() => Requirement.File(places, "make guests", Requirement.Everything), Throws.TypeOf<AssertionException>());
    }

    [Test]
    public void What_is_there_is_found_and_the_first_place_wins()
    {
        string here = typeof(RequirementTests).Assembly.Location;

        Assert.That(Requirement.Tool("dotnet", "dotnet-sdk-10.0", Requirement.Everything), Does.Exist);
        Assert.That(Requirement.File(["/nonexistent/a", here, "/nonexistent/b"], "", Requirement.Everything), Is.EqualTo(here));
    }
}
