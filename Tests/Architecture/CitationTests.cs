using System.Text.RegularExpressions;
using NUnit.Framework;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Architecture;

/// <summary>A source that cites a document's section does so by a short name that docs/REFERENCES.md explains.</summary>
public sealed partial class CitationTests
{
    private static readonly string[] Folders = ["Devices", "Emulator", "Guest"];

    [Test]
    public void Every_short_name_that_a_source_cites_is_explained()
    {
        var known = ShortNames();
        Assert.That(known, Has.Count.GreaterThan(15));
        string[] cited = Sources().SelectMany(source => NamesCitedIn(File.ReadAllText(source))).Distinct().ToArray();
        Assert.That(cited, Has.Length.GreaterThan(8));
        Assert.That(cited.Where(name => !known.Contains(name)), Is.Empty);
    }

    [TestCase("// Priv \"Machine Status Registers\": why", "Priv")]
    [TestCase("/// as specified (RFC 1952 \"Member header and trailer\")", "RFC 1952")]
    [TestCase("new RegisterSpec(\"finish\", 0, \"Folklore \\\"Chapter one\\\"\")", "Folklore")]
    public void A_citation_is_recognised(string line, string name) =>
        Assert.That(NamesCitedIn(line), Is.EqualTo(new[] { name }));

    [Test]
    public void A_name_that_nobody_explains_is_noticed() => Assert.That(ShortNames(), Does.Not.Contain("Folklore"));

    private static HashSet<string> ShortNames() =>
        Row().Matches(File.ReadAllText(RepositoryFiles.PathOf("docs", "REFERENCES.md")))
            .Select(row => row.Groups["name"].Value)
            .ToHashSet();

    private static IEnumerable<string> Sources() => Folders
        .SelectMany(folder => Directory.EnumerateFiles(RepositoryFiles.PathOf(folder), "*.cs", SearchOption.AllDirectories))
        .Where(path => !BuiltFolder().IsMatch(Path.GetRelativePath(RepositoryFiles.Root, path)));

    private static IEnumerable<string> NamesCitedIn(string text) =>
        Citation().Matches(text).Select(citation => citation.Groups["name"].Value);

    // A name, then a title in quotation marks; a title has a capital and more than three letters, so `The "A" extension` is none.
    [GeneratedRegex(@"\b(?<name>[A-Z][A-Za-z0-9]+( [0-9]+)?) \\?""([A-Z]|hw/)[^""\\]{3,}")]
    private static partial Regex Citation();

    [GeneratedRegex(@"^\| (?<name>[A-Za-z0-9 ]+) \| .*[*""]", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"(^|[\\/])(bin|obj)[\\/]")]
    private static partial Regex BuiltFolder();
}
