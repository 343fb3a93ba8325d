using System.Xml.Linq;
using NUnit.Framework;
using RiscvXv6.Tests.Cli;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Scripts;

/// <summary><c>riscvxv6 test</c> as its callers see it: what it prints, what it leaves, its exit code.</summary>
internal sealed class TestVerbTests
{
    private static readonly string Boot = RepositoryFiles.PathOf("xv6-guest-image", "tests", "boot.yaml");
    private static readonly string Ended = RepositoryFiles.PathOf("Tests", "Scripts", "Failures", "ended.yaml");

    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("riscvxv6-test-").FullName;

    [TearDown]
    public void DropFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void All_passed_is_0_and_a_failure_is_1()
    {
        var good = Run("test", Boot, "--harts", "1,2");
        var bad = Run("test", Boot, Ended, "--only", "e*d", "--harts", "3", "--jobs", "2");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(good.ExitCode, Is.Zero);
            Assert.That(good.Output, Does.Match(@"\Aok  boot \[harts=1\]  \(.* s guest, .* s host\)\nok  boot \[harts=2\] .*\n2 passed, 0 failed in .* s\n\z"));
            Assert.That(good.Error, Is.Empty);
            Assert.That(bad.ExitCode, Is.EqualTo(1));
            Assert.That(bad.Output, Does.StartWith("FAIL  ended [harts=3]  (").And.Contain("\n0 passed, 1 failed in "));
            Assert.That(bad.Output, Does.Not.Contain('\x1b').And.Not.Contain('\r'), "a plain log in a pipe");
        }
    }

    [TestCase("1:1: is empty", "")]
    [TestCase("2:10: no step 'boat'; did you mean 'boot'?", "machine: {kernel: KERNEL}\nsteps: [{boat: }]\n")]
    public void A_bad_script_is_2_before_anything_runs(string complaint, string script)
    {
        string path = Write("bad.yaml", script.Replace("KERNEL", Ended, StringComparison.Ordinal));
        var result = Run("test", Boot, path);
        Assert.That((result.ExitCode, result.Output), Is.EqualTo((2, "")));
        Assert.That(result.Error, Does.StartWith($"riscvxv6: {path}:{complaint}").And.EndsWith("\n"));
        Assert.That(result.Error.Count(static c => c == '\n'), Is.EqualTo(1));
    }

    [TestCase("test: no script given; name YAML files (docs/guest-tests.md)")]
    [TestCase("test: nosuch.yaml: no such file (check the path)", "nosuch.yaml")]
    [TestCase("test: --only: no case has 'no such' in its name; --list prints them", "BOOT", "--only", "no such")]
    [TestCase("test: no script has a variable 'cuts'; it is one of a script's matrix, or an option of its machine", "BOOT", "--set", "cuts=1")]
    [TestCase("test: no script has a variable 'hart'; did you mean harts?; it is one of a script's matrix, or an option of its machine", "BOOT", "--set", "hart=1")]
    [TestCase("test: --set: 'harts' is no setting; write NAME=VALUE", "BOOT", "--set", "harts")]
    [TestCase("test: --set: 'harts' has a value already; give one, or a range: 1..8", "BOOT", "--harts", "1", "--set", "harts=2")]
    [TestCase("test: --jobs: '0' is not a number from 1 to 256", "BOOT", "--jobs", "0")]
    [TestCase("test: no option '--job'; did you mean --jobs?", "BOOT", "--job", "2")]
    [TestCase("--junit: no/such/out.xml: no such folder; make it first", "BOOT", "--junit", "no/such/out.xml")]
    public void A_bad_command_line_is_2(string complaint, params string[] arguments)
    {
        var result = Run(["test", .. arguments.Select(static argument => argument == "BOOT" ? Boot : argument)]);
        Assert.That(result, Is.EqualTo(new ProgramResult(2, "", $"riscvxv6: {complaint}\n")));
    }

    [Test]
    public void Cases_are_listed_and_not_run() => Assert.That(
        Run("test", Boot, Ended, "--seeds", "1..2", "--harts", "8", "--list"),
        Is.EqualTo(new ProgramResult(
            0,
            $"{Boot}: boot [harts=8 hart-seed=1]\n{Boot}: boot [harts=8 hart-seed=2]\n{Ended}: ended [harts=8 hart-seed=1]\n{Ended}: ended [harts=8 hart-seed=2]\n",
            "")));

    [Test]
    public void Everything_that_may_be_looked_at_later_is_kept()
    {
        string script = Write("net.yaml", $"""
            machine:
              kernel: {Kernel}
              disk: {Disk}
              net: user
            steps:
              - run: ping -c 2 10.0.2.2
                expect: 3 answered
            """);
        string artifacts = Path.Combine(_folder, "kept", "here");
        var result = Run("test", script, "--junit", At("out.xml"), "--json", At("out.json"), "--artifacts", artifacts);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.ExitCode, Is.EqualTo(1));
            Assert.That(Directory.GetFiles(artifacts).Select(Path.GetFileName).Order(), Is.EqualTo(new[] { "001-net.pcapng", "001-net.report.txt", "001-net.txt" }));
            Assert.That(File.ReadAllText(Path.Combine(artifacts, "001-net.txt")), Does.Contain("2 sent, 2 answered"));
            Assert.That(File.ReadAllText(Path.Combine(artifacts, "001-net.report.txt")), Does.Contain("expected '3 answered'"));
            Assert.That(new FileInfo(Path.Combine(artifacts, "001-net.pcapng")).Length, Is.GreaterThan(4 * 98), "two pings and their answers");
            Assert.That(XDocument.Load(At("out.xml")).Descendants("failure").Count(), Is.EqualTo(1));
            Assert.That(File.ReadAllText(At("out.json")), Does.Contain("\"failed\": 1"));
        }
    }

    [Test]
    public void The_command_that_a_report_gives_runs_that_case_alone()
    {
        string script = Write("it's.yaml", $"machine: {{kernel: {Kernel}, disk: {Disk}}}\nmatrix: {{word: ['a b', \"it's\"], harts: [1, 2]}}\n"
            + "steps: [{run: 'echo ${word}', expect: it isn't}]\n");
        string again = Run("test", script, "--only", "it's*2]").Output.Split('\n').Last(static line => line.StartsWith("  again: ", StringComparison.Ordinal))[9..];
        using var shell = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(
            "bash", ["-c", again.Replace("riscvxv6 ", $"dotnet {BuiltProgram.Assembly} ", StringComparison.Ordinal) + " --list"])
        {
            RedirectStandardOutput = true,
        })!;
        Assert.That(shell.StandardOutput.ReadToEnd(), Is.EqualTo($"{script}: it's [word=it's harts=2]\n"));
    }

    [Test]
    public void GitHub_is_told_of_the_line_where_it_runs_and_not_elsewhere()
    {
        string bad = Write("bad.yaml", "- a\n");
        var failed = BuiltProgram.Run([("GITHUB_ACTIONS", "true")], "test", Ended);
        var refused = BuiltProgram.Run([("GITHUB_ACTIONS", "true")], "test", bad);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                failed.Output.Split('\n'),
                Has.Exactly(1).EqualTo($"::error file={Ended},line=6,col=5,title=ended::run 'echo bye; halt 9': the prompt '$ ' did not come: the guest ended with code 9"));
            Assert.That(refused.Output, Is.EqualTo($"::error file={bad},line=1,col=1,title=bad script::the script is a list; it must be a mapping: key: value\n"));
            Assert.That(Run("test", Ended).Output, Does.Not.Contain("::error"));
        }
    }

    [TestCase("INT")]
    [TestCase("TERM")]
    public void A_signal_ends_promptly_with_what_is_known_written(string signal)
    {
        string script = Write("long.yaml", $"machine: {{kernel: {Kernel}, disk: {Disk}}}\nwithin: 600s, host 600s\nsteps: [{{run: usertests}}]\n");
        string junit = At("out.xml");
        using var program = BuiltProgram.Start("test", Boot, script, "--harts", "1", "--jobs", "1", "--junit", junit);
        program.WaitForLine("ok  boot [harts=1]");
        Thread.Sleep(500);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        program.Signal(signal);
        var result = program.WaitForExit();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(watch.Elapsed.TotalSeconds, Is.LessThan(5));
            Assert.That(result.ExitCode, Is.EqualTo(1));
            Assert.That(result.Output, Does.Contain("\n1 passed, 0 failed, 1 not run in "));
            Assert.That(
                XDocument.Load(junit).Descendants("testcase").Select(static test => test.Element("skipped") is not null), Is.EqualTo(new[] { false, true }));
        }
    }

    [Test, Platform(Exclude = "Win", Reason = "tmux")]
    public void On_a_terminal_a_line_lives_until_the_cases_are_done()
    {
        string script = Write("long.yaml", $"machine: {{kernel: {Kernel}, disk: {Disk}}}\nwithin: 600s, host 600s\nsteps: [{{run: usertests}}]\n");
        using var window = new TerminalWindow($"test \"{Boot}\" \"{script}\" --harts 1 --jobs 1");
        window.WaitFor("[1/2] 0 failed, running: long [harts=1] ");
        window.WaitFor("ok  boot [harts=1]");
        window.Press("C-c");
        Assert.That(window.WaitForExit(), Is.EqualTo(1));
        Assert.That(window.Screen, Does.Contain("1 passed, 0 failed, 1 not run in ").And.Not.Contain("running:"));
        Assert.That(window.Settings("after"), Is.EqualTo(window.Settings("before")));
    }

    private static string Kernel => Xv6.Xv6Guest.Kernel;

    private static string Disk => Xv6.Xv6Guest.PathOf("fs.img");

    private static ProgramResult Run(params string[] arguments) => BuiltProgram.Run([("GITHUB_ACTIONS", "")], arguments);

    private string At(string name) => Path.Combine(_folder, name);

    private string Write(string name, string script)
    {
        File.WriteAllText(At(name), script);
        return At(name);
    }
}
