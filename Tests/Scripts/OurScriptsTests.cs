using System.Text.RegularExpressions;
using NUnit.Framework;
using RiscvXv6.Emulator.Cli.Scripts;
using RiscvXv6.Emulator.Scripts;
using RiscvXv6.Tests.Support;
using RiscvXv6.Tests.Xv6;

namespace RiscvXv6.Tests.Scripts;

/// <summary>The scripts of our guest, which <c>make guest-test</c> runs, and the workflow that shows a course how to.</summary>
internal sealed class OurScriptsTests
{
    private static readonly string Folder = RepositoryFiles.PathOf("xv6-guest-image", "tests");

    private static readonly string Workflow = RepositoryFiles.PathOf(".github", "workflows", "guest-test.yml");

    [Test]
    public void They_can_be_read_and_cover_what_they_should()
    {
        var cases = Directory.GetFiles(Folder, "*.yaml").Order(StringComparer.Ordinal)
            .ToDictionary(static file => Path.GetFileName(file), static file => ScriptReader.Read(file, File.ReadAllBytes(file), []).Tests.Length);
        Assert.That(cases.Keys, Is.EquivalentTo(["boot.yaml", "crash.yaml", "crash-commit.yaml", "nettest.yaml", "ping.yaml", "usertests.yaml"]));
        Assert.That(cases["crash.yaml"] + cases["crash-commit.yaml"], Is.GreaterThan(100), "power cuts");
    }

    /// <summary>The control: a kernel without its log must fail the sweep of power cuts, and the one with a log must pass the same cuts.</summary>
    [Test]
    public void A_kernel_without_its_log_is_caught_by_the_sweep()
    {
        string folder = Directory.CreateTempSubdirectory("riscvxv6-").FullName;
        try
        {
            Toolchain.Make(folder, "FLAVOR=nolog", "build-nolog/kernel.elf");
            var damaged = Sweep(Path.Combine(folder, "build-nolog", "kernel.elf"));
            TestContext.Progress.WriteLine($"without the log {damaged.Count(static outcome => !outcome.Passed)} of {damaged.Count} cuts fail");
            using (Assert.EnterMultipleScope())
            {
                Assert.That(damaged.Count(static outcome => outcome.Failure?.Kind == ScriptFailureKind.Disk), Is.GreaterThan(damaged.Count / 3));
                Assert.That(Sweep(Xv6Guest.Kernel).Where(static outcome => !outcome.Passed), Is.Empty);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>A YAML file as GitHub reads it, whose commands are ours.</summary>
    [Test]
    public void The_workflow_builds_and_runs_as_our_own_CI_does()
    {
        var root = (YamlValue.Mapping)YamlReader.Read(Workflow, File.ReadAllBytes(Workflow));
        string[] commands = [.. Entries(root).Where(static entry => entry.Key.Text == "run").Select(static entry => ((YamlValue.Scalar)entry.Value).Text)];
        string ci = File.ReadAllText(RepositoryFiles.PathOf(".ci", "run"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(root.Entries.Select(static entry => entry.Key.Text), Is.SupersetOf(["name", "on", "jobs"]));
            Assert.That(commands, Has.Length.EqualTo(4));
            foreach (string package in commands[0].Split("--no-install-recommends ")[1].Split(' '))
            {
                Assert.That(ci, Does.Match($@"\b{Regex.Escape(package)}\b"), "CI installs the same");
            }

            Assert.That(commands[1], Is.EqualTo("make -C emulator"));
            Assert.That(MakeKnows(commands[2]), commands[2]);
            Assert.That(File.ReadAllText(Workflow), Does.Not.Contain("://"), "no hosts but GitHub's own and Debian's by apt");
        }

        string[] arguments = commands[3].Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        Assert.That(arguments[0], Is.EqualTo("emulator/artifacts/riscvxv6"));
        string[] scripts = Directory.GetFiles(Folder, "*.yaml");
        var result = Cli.BuiltProgram.Run([.. arguments.Skip(1).SelectMany(argument => argument switch
        {
            "xv6-guest-image/tests/*.yaml" => scripts,
            _ when argument.Contains("/build/", StringComparison.Ordinal) =>
                [argument.Replace("xv6-guest-image/build", RepositoryFiles.PathOf("xv6-guest-image", "image"), StringComparison.Ordinal)],
            _ => (string[])[argument],
        }), "--list"]);
        Assert.That((result.ExitCode, result.Error), Is.EqualTo((0, "")));
        Assert.That(result.Output.Split('\n'), Has.Length.GreaterThan(100));
    }

    private static List<TestOutcome> Sweep(string kernel)
    {
        string file = Path.Combine(Folder, "crash.yaml");
        var tests = ScriptReader.Read(
            file, File.ReadAllBytes(file), [new ScriptChoice("kernel", [kernel]), new ScriptChoice("cut", ["20", "90", "160", "230", "300", "370", "440"])]).Tests;
        return [.. tests.Select(ScriptFile.Run)];
    }

    private static bool MakeKnows(string command)
    {
        using var make = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(
            "bash", ["-c", command.Replace("make ", "make -n ", StringComparison.Ordinal)])
        {
            WorkingDirectory = RepositoryFiles.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _ = make.StandardError.ReadToEndAsync();
        _ = make.StandardOutput.ReadToEnd();
        make.WaitForExit();
        return make.ExitCode == 0;
    }

    private static IEnumerable<YamlEntry> Entries(YamlValue value) => value switch
    {
        YamlValue.Mapping mapping => mapping.Entries.SelectMany(static entry => Entries(entry.Value).Prepend(entry)),
        YamlValue.Sequence sequence => sequence.Items.SelectMany(Entries),
        _ => [],
    };
}
