using NUnit.Framework;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Contract;

/// <summary>What is committed beside the guests: a binary for each source, and a line about it.</summary>
[TestFixture]
public sealed class GuestInventoryTests
{
    private static readonly string _folder = RepositoryFiles.PathOf("Tests", "Guests");

    [Test]
    public void Every_guest_has_a_built_binary_and_every_binary_a_source() =>
        Assert.That(Names("built", "*.elf"), Is.EqualTo(Names("", "*.c")));

    [Test]
    public void The_README_names_every_guest()
    {
        string readme = File.ReadAllText(Path.Combine(_folder, "README.md"));
        using (Assert.EnterMultipleScope())
        {
            foreach (string name in Names("", "*.c"))
            {
                Assert.That(readme, Does.Contain($"`{name}`"));
            }
        }
    }

    [TestCase("Tests/Guests/built")]
    [TestCase("Tests/Guests/hangs/built")]
    [TestCase("Benchmarks/Guests/built")]
    [TestCase("Tests/Guests/demo")]
    public void No_binary_names_a_folder_of_the_machine_that_built_it(string folder)
    {
        string[] binaries = Directory.GetFiles(RepositoryFiles.PathOf(folder), "*.elf");
        Assert.That(binaries, Is.Not.Empty);
        using (Assert.EnterMultipleScope())
        {
            foreach (string binary in binaries)
            {
                var bytes = File.ReadAllBytes(binary).AsSpan();
                bool found = bytes.IndexOf("/home/"u8) >= 0 || bytes.IndexOf("/work/"u8) >= 0 || bytes.IndexOf("/tmp/"u8) >= 0;
                Assert.That(found, Is.False, binary);
            }
        }
    }

    private static string[] Names(string subfolder, string pattern) =>
    [
        .. Directory.GetFiles(Path.Combine(_folder, subfolder), pattern)
            .Select(static path => Path.GetFileNameWithoutExtension(path))
            .Order(StringComparer.Ordinal),
    ];
}
