using System.Text.RegularExpressions;
using NUnit.Framework;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Architecture;

/// <summary>What the documents point to is there.</summary>
public sealed partial class DocumentLinkTests
{
    private static readonly string[] GuidedFolders = ["", "Emulator/Machine", "Emulator/Cpu", "Devices/Virtio"];

    [Test]
    public void Every_relative_link_of_a_document_leads_to_a_file_or_a_folder()
    {
        string[] documents = Documents().ToArray();
        Assert.That(documents, Has.Length.GreaterThan(15));
        Assert.That(documents.SelectMany(BrokenLinks), Is.Empty);
    }

    [Test]
    public void Everything_that_the_reading_guide_names_is_there()
    {
        string guide = File.ReadAllText(RepositoryFiles.PathOf("docs", "READING-GUIDE.md"));
        string[] named = NamesIn(guide).ToArray();
        Assert.That(named, Has.Length.GreaterThan(12));
        Assert.That(named.Where(name => !IsThere(name)), Is.Empty);
    }

    [TestCase("[a](no-such-page.md)", "no-such-page.md")]
    [TestCase("[a](adr/), [b](../README.md#limits), [c](https://example.org/x), [d](adr/none.md)", "adr/none.md")]
    public void A_link_to_nothing_is_noticed(string text, string broken) =>
        Assert.That(BrokenTargets(text, RepositoryFiles.PathOf("docs")), Is.EqualTo(new[] { broken }));

    [Test]
    public void A_file_that_is_not_there_is_noticed() => Assert.That(IsThere("Emulator/Machine/NoSuchFile.cs"), Is.False);

    private static IEnumerable<string> Documents()
    {
        var unbuilt = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.Hidden };
        return Directory.EnumerateFiles(RepositoryFiles.Root, "*.md", unbuilt)
            .Where(path => !BuiltFolder().IsMatch(Path.GetRelativePath(RepositoryFiles.Root, path)));
    }

    private static IEnumerable<string> BrokenLinks(string document) =>
        BrokenTargets(File.ReadAllText(document), Path.GetDirectoryName(document)!)
            .Select(target => $"{Path.GetRelativePath(RepositoryFiles.Root, document)}: {target}");

    private static IEnumerable<string> BrokenTargets(string text, string folder) => Link().Matches(text)
        .Select(link => link.Groups["target"].Value)
        .Where(target => !target.Contains("://", StringComparison.Ordinal) && !Path.Exists(Path.Combine(folder, target)));

    private static IEnumerable<string> NamesIn(string guide) =>
        FileName().Matches(guide).Select(match => match.Groups["name"].Value);

    // A name without its folder continues the one before it, in a folder that the guide has been in.
    private static bool IsThere(string name) =>
        GuidedFolders.Any(folder => Path.Exists(Path.Combine(RepositoryFiles.Root, folder, name)));

    [GeneratedRegex(@"\]\((?<target>[^)#\s]+)(#[^)\s]*)?\)")]
    private static partial Regex Link();

    [GeneratedRegex("`(?<name>[A-Za-z0-9./]+(/|\\.cs))`")]
    private static partial Regex FileName();

    [GeneratedRegex(@"(^|[\\/])(bin|obj|artifacts)[\\/]")]
    private static partial Regex BuiltFolder();
}
