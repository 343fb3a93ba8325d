using System.Text;
using NUnit.Framework;
using RiscvXv6.Emulator.Cli.Qemu;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Cli;

/// <summary>docs/command-line.md shows the option table as it is in the code.</summary>
internal sealed class OptionPageTests
{
    private const string Begin = "<!-- begin QemuOptionTable -->\n";
    private const string End = "<!-- end QemuOptionTable -->\n";

    [Test]
    public void The_page_of_the_options_agrees_with_the_table()
    {
        string path = RepositoryFiles.PathOf("docs", "command-line.md");
        string page = File.ReadAllText(path);
        var text = new StringBuilder(page[..(page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length)]);
        text.Append("| Option | Meaning |\n|---|---|\n");
        foreach (var row in QemuOptionTable.Rows)
        {
            string option = $"-{row.Name} {row.Argument}".TrimEnd().Replace("|", "\\|");
            text.Append($"| `{option}` | {row.Help} |\n");
        }

        text.Append(page[page.IndexOf(End, StringComparison.Ordinal)..]);
        if (Environment.GetEnvironmentVariable("RISCVXV6_UPDATE_GOLDENS") == "1")
        {
            File.WriteAllText(path, text.ToString());
            return;
        }

        Assert.That(page, Is.EqualTo(text.ToString()), "run this test with RISCVXV6_UPDATE_GOLDENS=1");
    }

    [Test]
    public void No_option_stands_twice() =>
        Assert.That(QemuOptionTable.Rows.Select(row => row.Name), Is.Unique);
}
