using System.Text;
using NUnit.Framework;
using RiscvXv6.Emulator.Cpu.Csr;

namespace RiscvXv6.Tests.Cpu.Csr;

/// <summary>docs/csrs.md shows the table as it is in the code.</summary>
internal sealed class CsrPageTests
{
    private const string Begin = "<!-- begin CsrTable -->\n";
    private const string End = "<!-- end CsrTable -->\n";

    [Test]
    public void The_page_of_the_CSRs_agrees_with_the_table()
    {
        string path = Path.Combine(RepositoryRoot(), "docs", "csrs.md");
        string page = File.ReadAllText(path);
        string expected = Replace(page, Render());
        if (Environment.GetEnvironmentVariable("RISCVXV6_UPDATE_GOLDENS") == "1")
        {
            File.WriteAllText(path, expected);
            return;
        }

        Assert.That(page, Is.EqualTo(expected), "run this test with RISCVXV6_UPDATE_GOLDENS=1");
    }

    private static string Render()
    {
        var text = new StringBuilder();
        text.Append("| Number | Name | Access | From | Writable | Section |\n|---|---|---|---|---|---|\n");
        CsrSpec? previous = null;
        foreach (var row in CsrTable.Rows)
        {
            // The 29 performance counters of each kind are one line.
            bool continues = previous is not null && row.Number == previous.Number + 1
                && char.IsDigit(row.Name[^1]) && Stem(row.Name) == Stem(previous.Name);
            if (!continues)
            {
                text.Append(Line(row));
            }

            previous = row;
        }

        return text.ToString();
    }

    private static string Line(CsrSpec row)
    {
        var run = CsrTable.Rows
            .Where(other => Stem(other.Name) == Stem(row.Name) && other.Number >= row.Number)
            .TakeWhile((other, index) => other.Number == row.Number + index)
            .ToList();
        string number = $"`0x{row.Number:x3}`", name = $"`{row.Name}`";
        if (run.Count > 1)
        {
            number += $"–`0x{run[^1].Number:x3}`";
            name += $"–`{run[^1].Name[Stem(row.Name).Length..]}`";
        }

        string access = row.IsReadOnly ? "read" : row.WriteMask == 0 ? "read, writes ignored" : "read, write";
        string condition = row.Gate switch
        {
            CsrGate.FloatingPoint => ", FS not Off",
            CsrGate.Counter => ", counter enabled",
            CsrGate.SupervisorTimer => ", STCE and TM",
            CsrGate.AddressTranslation => ", not under TVM",
            _ => string.Empty,
        };
        string from = row.MinimumPrivilege.ToString()[..1] + condition;
        return $"| {number} | {name} | {access} | {from} | `0x{row.WriteMask:x}` | {row.Section} |\n";
    }

    /// <summary>The name without the number at its end.</summary>
    private static string Stem(string name) => name.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');

    private static string Replace(string page, string table)
    {
        int begin = page.IndexOf(Begin, StringComparison.Ordinal), end = page.IndexOf(End, StringComparison.Ordinal);
        Assert.That(begin, Is.GreaterThanOrEqualTo(0));
        Assert.That(end, Is.GreaterThan(begin));
        return page[..(begin + Begin.Length)] + table + page[end..];
    }

    private static string RepositoryRoot()
    {
        var directory = new DirectoryInfo(TestContext.CurrentContext.TestDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "RiscvXv6.sln")))
        {
            directory = directory.Parent;
        }

        Assert.That(directory, Is.Not.Null, "the tests run inside the repository");
        return directory.FullName;
    }
}
