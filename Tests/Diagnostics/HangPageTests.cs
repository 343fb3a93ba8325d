using NUnit.Framework;
using RiscvXv6.Emulator.Diagnostics.Hangs;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Diagnostics;

/// <summary>docs/hangs.md has a part for each code that a person may meet, and for no other.</summary>
[TestFixture]
public sealed class HangPageTests
{
    private const string LastHeading = "Not a hang";

    [Test]
    public void The_page_explains_every_code_in_the_source() => Assert.That(Headings(), Is.EqualTo([.. HangCodes.All, LastHeading]));

    [Test]
    public void No_code_is_left_out_of_the_list()
    {
        var constants = typeof(HangCodes).GetFields().Where(static field => field.IsLiteral).Select(static field => (string)field.GetRawConstantValue()!);
        Assert.That(constants, Is.EqualTo(HangCodes.All));
    }

    private static IEnumerable<string> Headings() =>
        File.ReadLines(RepositoryFiles.PathOf("docs", "hangs.md"))
            .Where(static line => line.StartsWith("## ", StringComparison.Ordinal))
            .Select(static line => line[3..]);
}
