using System.Globalization;
using System.Text.RegularExpressions;
using NUnit.Framework;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Contract;

/// <summary>
/// Boots every built xv6 tree in the folder that <c>RISCVXV6_TREES</c> names: a tree is a folder with kernel/kernel, fs.img
/// and its Makefile. No tree can be committed, so without the variable there is nothing to test.
/// </summary>
[TestFixture]
public sealed partial class Xv6TreeTests
{
    private const string Variable = "RISCVXV6_TREES";
    private const string Prompt = "$ ";

    private static IEnumerable<TestCaseData> Trees
    {
        get
        {
            string? folder = Environment.GetEnvironmentVariable(Variable);
            if (string.IsNullOrEmpty(folder))
            {
                yield return new TestCaseData("").SetArgDisplayNames($"{Variable} is not set").Ignore(
                    $"set {Variable} to a folder of built xv6 trees (make kernel/kernel fs.img in each)");
                yield break;
            }

            string[] trees = Directory.Exists(folder) ? [.. Directory.EnumerateDirectories(folder).Where(IsBuilt)] : [];
            foreach (string tree in trees.Order(StringComparer.Ordinal))
            {
                yield return new TestCaseData(tree).SetArgDisplayNames(Path.GetFileName(tree));
            }

            if (trees.Length == 0)
            {
                // Somebody asked for trees: finding none must not pass for success.
                yield return new TestCaseData("").SetArgDisplayNames($"no built tree in {folder}");
            }
        }
    }

    [TestCaseSource(nameof(Trees))]
    public void A_built_xv6_tree_boots_to_its_shell_and_runs_commands(string tree)
    {
        Assert.That(tree, Is.Not.Empty, $"{Variable} names a folder without any built tree");
        string makefile = File.ReadAllText(Path.Combine(tree, "Makefile"));
        var harts = HartCount().Match(makefile);
        var request = new GuestRequest(Path.Combine(tree, "kernel", "kernel"))
        {
            Harts = harts.Success ? int.Parse(harts.Groups[1].Value, CultureInfo.InvariantCulture) : 3,
            LegacyVirtio = !makefile.Contains("force-legacy=false", StringComparison.Ordinal),
            Disks = [File.ReadAllBytes(Path.Combine(tree, "fs.img"))],
            Script = [new(Prompt, "ls\n"), new(Prompt, "echo hello\n"), new(Prompt, null)],
            LimitGuestSeconds = 60,
            LimitHostSeconds = 120,
        };

        var run = new MachinePlatform().Run(request);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.Output, Does.Contain("init: starting sh"));
            Assert.That(run.Output, Does.Match(@"(?m)^cat +2 \d+ \d+"), "what ls printed");
            Assert.That(run.Output, Does.Match(@"(?m)^hello\r?$"), "what echo printed");
            Assert.That(run.Output, Does.Not.Contain("panic"));
            Assert.That(run.Hangs, Is.Empty, "a kernel that is well is not told that it hangs");
        }
    }

    private static bool IsBuilt(string tree) =>
        File.Exists(Path.Combine(tree, "Makefile"))
        && File.Exists(Path.Combine(tree, "kernel", "kernel"))
        && File.Exists(Path.Combine(tree, "fs.img"));

    [GeneratedRegex(@"^\s*CPUS\s*:?=\s*(\d+)", RegexOptions.Multiline)]
    private static partial Regex HartCount();
}
