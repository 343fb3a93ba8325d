using NUnit.Framework;
using RiscvXv6.Guest.Elf;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Guest.Symbols;

/// <summary>Programs with something to read in them: those of the repository, and those of trees that cannot be in it.</summary>
internal static class DebuggedPrograms
{
    public const string TreesVariable = "RISCVXV6_TREES";

    public static string OurKernel => RepositoryFiles.PathOf("xv6-guest-image", "image", "kernel.elf");

    /// <summary>Our kernel, every program of our image, and contract guests, some of which have no debug information.</summary>
    public static IEnumerable<TestCaseData> Committed =>
        Directory.EnumerateFiles(RepositoryFiles.PathOf("xv6-guest-image", "image", "user"), "*.elf")
            .Concat(((string[])["trampoline", "user-mode", "stimecmp-2024"]).Select(RepositoryFiles.ContractGuest))
            .Prepend(OurKernel)
            .Select(static path => new TestCaseData(path).SetArgDisplayNames(Path.GetFileName(path)));

    /// <summary>The kernel and the shell of every built tree in the folder that the variable names.</summary>
    public static IEnumerable<TestCaseData> Trees
    {
        get
        {
            string? folder = Environment.GetEnvironmentVariable(TreesVariable);
            if (string.IsNullOrEmpty(folder))
            {
                yield return new TestCaseData("").SetArgDisplayNames($"{TreesVariable} is not set").Ignore(
                    $"set {TreesVariable} to a folder of built xv6 trees (make kernel/kernel fs.img in each)");
                yield break;
            }

            var programs = Directory.Exists(folder)
                ? Directory.EnumerateDirectories(folder)
                    .SelectMany(static tree => new[] { Path.Combine(tree, "kernel", "kernel"), Path.Combine(tree, "user", "_sh") })
                    .Where(File.Exists)
                    .Order(StringComparer.Ordinal)
                    .ToArray()
                : [];
            foreach (string program in programs)
            {
                yield return new TestCaseData(program).SetArgDisplayNames(Path.GetRelativePath(folder, program));
            }

            if (programs.Length == 0)
            {
                // Somebody asked for trees: finding none must not pass for success.
                yield return new TestCaseData("").SetArgDisplayNames($"no built tree in {folder}");
            }
        }
    }

    public static ElfFile Load(string path)
    {
        Assert.That(ElfFile.TryParse(File.ReadAllBytes(path), out var file, out var error), Is.True, error?.Message);
        return file!;
    }
}
