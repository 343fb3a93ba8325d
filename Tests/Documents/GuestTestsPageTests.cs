using System.Diagnostics;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using CommandLine;
using NUnit.Framework;
using RiscvXv6.Emulator.Cli.Scripts;
using RiscvXv6.Emulator.Cli.Verbs;
using RiscvXv6.Tests.Scripts;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Documents;

/// <summary>docs/guest-tests.md says what the code says, and its examples do what they show.</summary>
internal sealed partial class GuestTestsPageTests
{
    private static readonly string PagePath = RepositoryFiles.PathOf("docs", "guest-tests.md");

    private static string Page => File.ReadAllText(PagePath);

    private static IEnumerable<TestCaseData> Examples =>
        YamlBlock().Matches(Page).Select(static block => new TestCaseData(block.Groups["text"].Value)
            .SetArgDisplayNames(block.Groups["text"].Value.Split('\n')[0]));

    private static IEnumerable<TestCaseData> Sessions =>
        Walkthrough.Read(Page).Select(static session => new TestCaseData(session).SetArgDisplayNames(session.ToString()));

    [Test]
    public void The_tables_of_the_page_agree_with_the_code()
    {
        string page = Table(Page, "MachineKeys", MachineKeys());
        page = Table(page, "Steps", StepReader.Rows.Select(static row => (row.Name, row.Meaning)), "Step", "What it does");
        if (Environment.GetEnvironmentVariable("RISCVXV6_UPDATE_GOLDENS") == "1")
        {
            File.WriteAllText(PagePath, page);
        }

        Assert.That(Page, Is.EqualTo(page), "run this test with RISCVXV6_UPDATE_GOLDENS=1");
    }

    [TestCaseSource(nameof(Examples))]
    public void An_example_runs_and_passes(string script)
    {
        var tests = ScriptFile.Read(script);
        foreach (var test in tests)
        {
            Assert.That(ScriptFile.Run(test).Failure?.Message, Is.Null, test.Case.Name);
            foreach (var (_, path) in test.Kept)
            {
                Assert.That(path, Does.Exist);
                File.Delete(path);
            }
        }
    }

    [TestCaseSource(nameof(Sessions))]
    public void A_session_of_the_page_runs_as_shown(object session)
    {
        string folder = Directory.CreateTempSubdirectory("riscvxv6-page-").FullName;
        try
        {
            foreach (string part in new[] { "xv6-guest-image", "Tests" })
            {
                Directory.CreateSymbolicLink(Path.Combine(folder, part), RepositoryFiles.PathOf(part));
            }

            foreach (var step in ((Walkthrough)session).Steps)
            {
                var start = new ProcessStartInfo("bash", ["-c", step.Command.Replace("riscvxv6 ", $"dotnet {Cli.BuiltProgram.Assembly} ", StringComparison.Ordinal)])
                {
                    RedirectStandardOutput = true,
                    WorkingDirectory = folder,
                };
                start.Environment.Remove("GITHUB_ACTIONS");
                using var process = Process.Start(start)!;
                string printed = process.StandardOutput.ReadToEnd();
                process.WaitForExit();
                Assert.That(Walkthrough.FirstMissing(printed, step.Expected), Is.Null, $"after '{step.Command}' came:\n{printed}");
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Test]
    public void There_are_examples_of_every_kind_of_block()
    {
        Assert.That(Examples.Count(), Is.GreaterThanOrEqualTo(4));
        Assert.That(Sessions.Count(), Is.GreaterThanOrEqualTo(3));
        Assert.That(Page.Split("```").Length - 1, Is.EqualTo(2 * (Examples.Count() + Sessions.Count())), "every block is one that is tested");
    }

    private static IEnumerable<(string Name, string Meaning)> MachineKeys()
    {
        var help = typeof(RunVerb).GetProperties()
            .Select(static property => property.GetCustomAttribute<OptionAttribute>())
            .OfType<OptionAttribute>()
            .ToDictionary(static option => option.LongName, static option => option.HelpText);
        yield return ("disk", "A raw disk image, or a list of them; see below.");
        foreach (var key in MachineKey.All)
        {
            string meaning = key.Name == "kernel" ? "An ELF file or a Linux Image." : help[key.Name].Replace("; repeat for more", "; a list for more");
            yield return (key.Name, key.Kind == MachineKeyKind.Flag ? meaning + " `on` or `off`." : meaning);
        }
    }

    private static string Table(
        string page, string name, IEnumerable<(string Name, string Meaning)> rows, string left = "Key", string right = "What it is")
    {
        string begin = $"<!-- begin {name} -->\n", end = $"<!-- end {name} -->\n";
        var text = new StringBuilder(page[..(page.IndexOf(begin, StringComparison.Ordinal) + begin.Length)]);
        text.Append($"| {left} | {right} |\n|---|---|\n");
        foreach (var (key, meaning) in rows)
        {
            text.Append($"| `{key}` | {meaning.Replace("|", "\\|")} |\n");
        }

        return text.Append(page[page.IndexOf(end, StringComparison.Ordinal)..]).ToString();
    }

    [GeneratedRegex("^```yaml\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex YamlBlock();
}
