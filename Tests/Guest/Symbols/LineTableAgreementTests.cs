using NUnit.Framework;
using RiscvXv6.Guest.Symbols;

namespace RiscvXv6.Tests.Guest.Symbols;

/// <summary>Every address of real programs has the line that binutils reads.</summary>
public sealed class LineTableAgreementTests
{
    private static IEnumerable<TestCaseData> OurPrograms => DebuggedPrograms.Committed;

    private static IEnumerable<TestCaseData> Trees => DebuggedPrograms.Trees;

    [TestCaseSource(nameof(OurPrograms))]
    public void Every_address_of_our_own_programs_has_the_line_that_addr2line_says(string path) =>
        Assert.That(Differences(path), Is.Empty);

    [TestCaseSource(nameof(Trees))]
    public void Every_address_of_a_built_xv6_tree_has_the_line_that_addr2line_says(string path)
    {
        Assert.That(path, Is.Not.Empty, $"{DebuggedPrograms.TreesVariable} names a folder without any built tree");
        Assert.That(Differences(path), Is.Empty);
    }

    [Test]
    public void The_comparison_notices_a_table_that_is_off_by_one_instruction()
    {
        string path = DebuggedPrograms.OurKernel;

        Assert.That(Differences(path, shiftBytes: 2), Has.Count.GreaterThan(1000));
    }

    [Test]
    public void Every_line_that_an_address_begins_leads_back_to_it()
    {
        var file = DebuggedPrograms.Load(DebuggedPrograms.OurKernel);
        var table = new LineTable(file);
        var before = default(SourceLine);
        int checkedCount = 0;
        foreach (ulong address in GnuDebugTools.CodeAddresses(file))
        {
            bool isKnown = table.TryFind(address, out var line);
            if (isKnown && line != before && checkedCount++ % 16 == 0)
            {
                foreach (ulong start in table.AddressesOf(line.File, line.Line))
                {
                    Assert.That(table.TryFind(start, out var again) ? again : default, Is.EqualTo(line));
                }
            }

            before = line;
        }

        Assert.That(checkedCount, Is.GreaterThan(5000));
    }

    /// <summary>The first few addresses at which the table and addr2line differ.</summary>
    private static List<string> Differences(string path, ulong shiftBytes = 0)
    {
        var file = DebuggedPrograms.Load(path);
        var table = new LineTable(file);
        var addresses = GnuDebugTools.CodeAddresses(file);
        string?[] expected = GnuDebugTools.AddressesToLines(path, addresses);
        var differences = new List<string>();
        int known = 0;
        for (int index = 0; index < expected.Length; index++)
        {
            string? found = table.TryFind(addresses[index] + shiftBytes, out var line) ? line.ToString() : null;
            known += found is null ? 0 : 1;
            if (found != expected[index])
            {
                differences.Add($"0x{addresses[index]:x}: {found ?? "nothing"}, addr2line says {expected[index] ?? "nothing"}");
            }
        }

        TestContext.Out.WriteLine($"{path}: {known} of {addresses.Count} addresses have a line");
        Assert.That(known, Is.GreaterThan(0).Or.EqualTo(expected.Count(static line => line is not null)));
        return differences;
    }
}
