using System.Text;
using NUnit.Framework;
using RiscvXv6.Guest.Xv6Fs;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Guest.Xv6Fs;

/// <summary>docs/file-system.md shows the checker's findings as they are in the code.</summary>
public sealed class FindingPageTests
{
    private const string Begin = "<!-- begin FsFindingKinds -->\n";
    private const string End = "<!-- end FsFindingKinds -->\n";

    [Test]
    public void The_page_of_the_findings_agrees_with_the_table()
    {
        string path = RepositoryFiles.PathOf("docs", "file-system.md");
        string page = File.ReadAllText(path);
        var text = new StringBuilder(page[..(page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length)]);
        text.Append("| Finding | | What it says |\n|---|---|---|\n");
        foreach (var row in FsFindingKinds.Rows)
        {
            text.Append($"| `{row.Id}` | {row.Severity.ToString().ToLowerInvariant()} | {row.Meaning} |\n");
        }

        text.Append(page[page.IndexOf(End, StringComparison.Ordinal)..]);
        if (Environment.GetEnvironmentVariable("RISCVXV6_UPDATE_GOLDENS") == "1")
        {
            File.WriteAllText(path, text.ToString());
            return;
        }

        Assert.That(page, Is.EqualTo(text.ToString()), "run this test with RISCVXV6_UPDATE_GOLDENS=1");
    }
}
