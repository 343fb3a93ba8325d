using System.Diagnostics;
using NUnit.Framework;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Documents;

/// <summary>What docs/NETWORKING.md tells a reader to type does what the page shows.</summary>
public sealed class NetworkingPageTests
{
    private const string Boot = "make qemu", Program = "artifacts/riscvxv6 ";

    private string _folder = "";

    private static IEnumerable<TestCaseData> Sessions =>
        Walkthrough.Read(File.ReadAllText(RepositoryFiles.PathOf("docs", "NETWORKING.md")))
            .Select(session => new TestCaseData(session).SetArgDisplayNames(session.ToString()));

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("riscvxv6-page-").FullName;

    [TearDown]
    public void DropFolder() => Directory.Delete(_folder, recursive: true);

    [TestCaseSource(nameof(Sessions))]
    public void A_session_of_the_page_runs_as_shown(object session)
    {
        var walkthrough = (Walkthrough)session;
        GuestShell? guest = null;
        try
        {
            foreach (var step in walkthrough.Steps)
            {
                string printed;
                if (step.IsHost && step.Command.StartsWith(Boot, StringComparison.Ordinal))
                {
                    guest = new GuestShell(EmulatorCommand(step.Command), _folder);
                    printed = guest.ReadToPrompt();
                }
                else if (step.IsHost)
                {
                    printed = RunOnHost(step.Command);
                }
                else
                {
                    guest!.Type(step.Command + "\n");
                    printed = guest.ReadToPrompt();
                }

                Assert.That(
                    Walkthrough.FirstMissing(printed, step.Expected),
                    Is.Null,
                    $"after '{step.Command}' came:\n{printed}\n{guest?.Errors}");
                if (step == walkthrough.Steps.LastOrDefault(other => !other.IsHost) && guest is not null)
                {
                    Assert.That(guest.Quit(), Is.Zero, guest.Errors.ToString());
                }
            }
        }
        finally
        {
            guest?.Dispose();
        }
    }

    [TestCase("one\ntwo", "one|two", null)]
    [TestCase("zero\none: 17 ms\nmore\ntwo", "one: … ms|two", null)]
    [TestCase("two\none", "one|two", "two")]
    [TestCase("one: 17 s", "one: … ms", "one: … ms")]
    [TestCase("one and more", "one", "one")]
    public void What_a_page_shows_must_appear_in_that_order(string printed, string expected, string? missing) =>
        Assert.That(Walkthrough.FirstMissing(printed, expected.Split('|')), Is.EqualTo(missing));

    /// <summary>What make would run, with the program that was built beside the tests and a disk of its own.</summary>
    private string EmulatorCommand(string make)
    {
        string printed = Run($"make -n {make["make ".Length..]}", RepositoryFiles.PathOf());
        string line = printed.Replace("\\\n", " ", StringComparison.Ordinal)
            .Split('\n')
            .Last(line => line.StartsWith(Program, StringComparison.Ordinal));
        string disk = Path.Combine(_folder, "fs.img");
        File.Copy(RepositoryFiles.PathOf("xv6-guest-image", "image", "fs.img"), disk, overwrite: true);
        return $"dotnet {Path.Combine(AppContext.BaseDirectory, "riscvxv6.dll")} {line[Program.Length..]}"
            .Replace("artifacts/fs.img", disk, StringComparison.Ordinal)
            .Replace("xv6-guest-image/image/kernel.elf", RepositoryFiles.PathOf("xv6-guest-image", "image", "kernel.elf"), StringComparison.Ordinal);
    }

    private string RunOnHost(string command)
    {
        Requirement.Tool(command.Split(' ')[0] is "tcpdump" or "tshark" ? command.Split(' ')[0] : "bash", command.Split(' ')[0]);
        return Run(command, _folder);
    }

    private static string Run(string command, string folder)
    {
        using var process = Process.Start(new ProcessStartInfo("bash", ["-c", command + " 2>&1"])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = folder,
        })!;
        string printed = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return printed;
    }
}
