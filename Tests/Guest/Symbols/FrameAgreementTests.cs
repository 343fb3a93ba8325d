using System.Globalization;
using NUnit.Framework;
using RiscvXv6.Guest.Symbols;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Guest.Symbols;

/// <summary>Every function is left from every instruction as binutils reads it.</summary>
public sealed class FrameAgreementTests
{
    private static readonly string[] Names =
    [
        "zero", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1", "a0", "a1", "a2", "a3", "a4", "a5",
        "a6", "a7", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6",
    ];

    private static readonly string[] Committed = ["kernel.elf", "user/sh.elf", "user/nettest.elf"];

    private static IEnumerable<TestCaseData> Trees => DebuggedPrograms.Trees;

    [TestCaseSource(nameof(Committed))]
    public void Our_own_programs_have_the_frames_that_readelf_says(string name)
    {
        string path = RepositoryFiles.PathOf(["xv6-guest-image", "image", .. name.Split('/')]);
        Assert.That(Differences(path, 0, out int rows), Is.Empty);
        Assert.That(rows, Is.GreaterThan(200));
    }

    [TestCaseSource(nameof(Trees))]
    public void A_built_xv6_tree_has_the_frames_that_readelf_says(string path)
    {
        Assert.That(path, Is.Not.Empty, $"{DebuggedPrograms.TreesVariable} names a folder without any built tree");
        Assert.That(Differences(path, 0, out int rows), Is.Empty);
        Assert.That(rows, Is.GreaterThan(100));
    }

    [Test]
    public void The_comparison_notices_a_table_that_is_off_by_one_instruction() =>
        Assert.That(Differences(DebuggedPrograms.OurKernel, 2, out _), Has.Count.GreaterThan(500));

    [Test]
    public void A_program_that_does_not_tell_has_an_empty_table()
    {
        var table = new FrameTable(DebuggedPrograms.Load(RepositoryFiles.ContractGuest("trampoline")));

        Assert.That(table.IsEmpty, Is.True);
        Assert.That(table.TryFind(0x8000_0000, out _), Is.False);
    }

    /// <summary>What differs, a line each.</summary>
    private static List<string> Differences(string path, ulong shiftBytes, out int rows)
    {
        var table = new FrameTable(DebuggedPrograms.Load(path));
        var differences = new List<string>();
        string[] columns = [];
        bool isFunction = false;
        rows = 0;
        string text = GnuDebugTools.Run(
            "riscv64-unknown-elf-readelf", "binutils-riscv64-unknown-elf", $"--debug-dump=frames-interp {path}");
        foreach (string line in text.Split('\n'))
        {
            string[] parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (line.Contains(" FDE ", StringComparison.Ordinal) || line.Contains(" CIE ", StringComparison.Ordinal))
            {
                // What the linker discarded is at address 0, or, in a program that begins there, stands beside a real function.
                isFunction = line.Contains(" FDE ", StringComparison.Ordinal);
            }
            else if (parts is ["LOC", "CFA", ..])
            {
                columns = parts[2..];
            }
            else if (isFunction && parts.Length == columns.Length + 2 && parts[0].Length == 16)
            {
                rows++;
                ulong pc = ulong.Parse(parts[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
                string expected = string.Join(' ', parts[1..].Select(static part => part == "s" ? "u" : part));
                string found = table.TryFind(pc + shiftBytes, out var row) ? Describe(row, columns) : "nothing";
                if (found != expected)
                {
                    differences.Add($"0x{pc:x}: {found}, readelf says {expected}");
                }
            }
        }

        TestContext.Out.WriteLine($"{path}: {rows} rows");
        return differences;
    }

    private static string Describe(FrameRow row, string[] columns)
    {
        Assert.That(row.ReturnAddressRegister, Is.EqualTo(1));
        var parts = columns.Select(column => row.SavedAt(Array.IndexOf(Names, column)) is { } offset ? $"c{offset:+0;-0;+0}" : "u");
        return string.Join(' ', parts.Prepend($"{Names[row.BaseRegister]}{row.BaseOffset:+0;-0;+0}"));
    }
}
