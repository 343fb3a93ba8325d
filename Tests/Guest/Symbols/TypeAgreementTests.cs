using System.Globalization;
using NUnit.Framework;
using RiscvXv6.Guest.Symbols;
using RiscvXv6.Guest.Symbols.Types;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Guest.Symbols;

/// <summary>Structures, unions and global variables are those that gdb reads.</summary>
public sealed class TypeAgreementTests
{
    private static readonly string[] DwarfFlags =
    [
        "-gdwarf-2 -gstrict-dwarf", "-gdwarf-2", "-gdwarf-3", "-gdwarf-4", "-gdwarf-5", "-gdwarf-5 -gdwarf64", "-gdwarf-4 -gdwarf64",
        "-gdwarf-5 -gstrict-dwarf -gno-as-loc-support",
    ];

    private static readonly string[] Committed = ["kernel.elf", "user/sh.elf", "user/nettest.elf", "user/usertests.elf"];

    private static IEnumerable<TestCaseData> Trees => DebuggedPrograms.Trees;

    [TestCaseSource(nameof(Committed))]
    public void Our_own_programs_have_the_types_that_gdb_says(string name) =>
        AssertAgreement(RepositoryFiles.PathOf(["xv6-guest-image", "image", .. name.Split('/')]), leastFacts: 35);

    [TestCaseSource(nameof(DwarfFlags))]
    public void Every_version_of_the_format_gives_the_types_that_gdb_says(string debugFlags)
    {
        using var shapes = new CompiledShapes(debugFlags);

        AssertAgreement(shapes.ElfPath, leastFacts: 35);
    }

    [TestCaseSource(nameof(DwarfFlags))]
    public void Every_version_of_the_format_gives_the_lines_that_addr2line_says(string debugFlags)
    {
        using var shapes = new CompiledShapes(debugFlags);

        // addr2line finds nothing in the 64-bit format, which changes no line.
        using var same = new CompiledShapes(debugFlags.Replace(" -gdwarf64", "", StringComparison.Ordinal));
        var table = new LineTable(DebuggedPrograms.Load(shapes.ElfPath));
        var addresses = GnuDebugTools.CodeAddresses(DebuggedPrograms.Load(same.ElfPath));

        var found = addresses.Select(address => table.TryFind(address, out var line) ? line.ToString() : null).ToArray();

        Assert.That(found, Is.EqualTo(GnuDebugTools.AddressesToLines(same.ElfPath, addresses)));
        Assert.That(found.Count(static line => line is not null), Is.GreaterThan(50));
        Assert.That(table.AddressesOf("shapes.c", 87), Is.Empty, "what the linker discarded");
    }

    [TestCaseSource(nameof(Trees))]
    public void A_built_xv6_tree_has_the_types_that_gdb_says(string path)
    {
        Assert.That(path, Is.Not.Empty, $"{DebuggedPrograms.TreesVariable} names a folder without any built tree");
        AssertAgreement(path, leastFacts: 5);
    }

    [Test]
    public void The_comparison_notices_the_types_of_another_program()
    {
        string[] expected = GnuDebugTools.Types(DebuggedPrograms.OurKernel);
        var other = new TypeCatalog(DebuggedPrograms.Load(RepositoryFiles.PathOf("xv6-guest-image", "image", "user", "sh.elf")));

        Assert.That(Differences(other, expected), Has.Count.GreaterThan(100));
    }

    private static void AssertAgreement(string path, int leastFacts)
    {
        string[] expected = GnuDebugTools.Types(path);
        var catalog = new TypeCatalog(DebuggedPrograms.Load(path));

        TestContext.Out.WriteLine($"{path}: {expected.Length} facts");
        Assert.That(expected, Has.Length.GreaterThanOrEqualTo(leastFacts));
        Assert.That(Differences(catalog, expected), Is.Empty);
    }

    private static List<string> Differences(TypeCatalog catalog, string[] expected)
    {
        var found = new HashSet<string>();
        foreach (string[] fact in expected.Select(static line => line.Split('|')))
        {
            if (fact[0] == "type" && catalog.TryFindStructure(fact[1], out var structure))
            {
                found.UnionWith(Facts(fact[1], structure));
            }

            foreach (var variable in fact[0] == "variable" ? catalog.VariablesNamed(fact[1]) : [])
            {
                found.Add(string.Create(
                    CultureInfo.InvariantCulture, $"variable|{variable.Name}|{variable.Address}|{Shape(variable.Type)}"));
            }
        }

        return [.. expected.Where(fact => !found.Contains(fact))];
    }

    private static IEnumerable<string> Facts(string name, StructureType structure)
    {
        yield return string.Create(CultureInfo.InvariantCulture, $"type|{name}|{structure.SizeBytes}");
        foreach (var member in structure.Members)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"member|{name}|{member.Name}|{member.OffsetBytes * 8 + (ulong)member.BitOffset}|{member.BitCount}|{Shape(member.Type)}");
        }
    }

    private static string Shape(DataType type) => type switch
    {
        PointerType pointer => "pointer to " + Tag(pointer.Target),
        ArrayType array => string.Create(CultureInfo.InvariantCulture, $"{array.Count} of {Shape(array.Element)}"),
        _ => Tag(type),
    };

    private static string Tag(DataType type) => type switch
    {
        StructureType structure => $"{(structure.IsUnion ? "union" : "struct")} {structure.Tag}",
        EnumerationType enumeration => enumeration.Name == "enum" ? "enum " : enumeration.Name,
        IntegerType integer => string.Create(CultureInfo.InvariantCulture, $"integer of {integer.SizeBytes}"),
        PointerType => "pointer",
        ArrayType => "array",
        _ => "other",
    };
}
