using NUnit.Framework;
using RiscvXv6.Emulator.Cpu.Isa;

namespace RiscvXv6.Tests.Cpu.Isa;

[TestFixture]
internal sealed class InstructionListingTests
{
    [Test]
    public void The_committed_page_is_what_the_table_generates()
    {
        var path = Path.Combine(RepositoryRoot(), "docs", "instructions.md");
        var page = InstructionListing.Markdown();
        if (Environment.GetEnvironmentVariable("RISCVXV6_UPDATE_GOLDENS") == "1")
        {
            File.WriteAllText(path, page);
        }

        Assert.That(File.ReadAllText(path), Is.EqualTo(page), "Set RISCVXV6_UPDATE_GOLDENS=1 to write it anew.");
    }

    private static string RepositoryRoot()
    {
        var directory = new DirectoryInfo(TestContext.CurrentContext.TestDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "Directory.Packages.props")))
        {
            directory = directory.Parent!;
        }

        return directory.FullName;
    }
}
