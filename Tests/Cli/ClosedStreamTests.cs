using System.Diagnostics;
using NUnit.Framework;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Cli;

/// <summary>Standard streams that are closed or lead to a full disk, as shells and service managers make them.</summary>
[Platform(Exclude = "Win", Reason = "redirections of a Unix shell")]
internal sealed class ClosedStreamTests
{
    private static readonly string Demo = RepositoryFiles.PathOf("Tests", "Guests", "demo", "demo.elf");

    private string _error = "";

    [SetUp]
    public void MakeFile() => _error = Path.GetTempFileName();

    [TearDown]
    public void RemoveFile() => File.Delete(_error);

    [TestCase("--version")]
    [TestCase("-help")]
    [TestCase("help run")]
    [TestCase("disasm 00a50533")]
    public void What_can_not_be_printed_is_an_error_in_one_line(string arguments)
    {
        foreach (string redirection in (string[])[">/dev/full", ">&-", "<&- >&-"])
        {
            Assert.That(Shell($"{arguments} {redirection}"), Is.EqualTo(1), redirection);
            AssertOneLine("standard output can't be written");
        }
    }

    [TestCase(">/dev/full")]
    [TestCase(">&-")]
    [TestCase("<&- >&-")]
    public void A_console_that_can_not_be_written_ends_the_machine(string redirection)
    {
        Assert.That(Shell($"-bios none -kernel '{Demo}' -nographic {redirection}"), Is.EqualTo(1));
        AssertOneLine("the console's output can't be written");
    }

    [Test]
    public void A_bad_line_with_nobody_to_tell_still_has_its_exit_code()
    {
        Assert.That(Shell("-kernle x 2>&-"), Is.EqualTo(2));
        Assert.That(Shell("-kernle x 2>/dev/full"), Is.EqualTo(2));
        Assert.That(Shell("-kernle x <&- >&- 2>&-"), Is.EqualTo(2));
    }

    [Test]
    public void Without_standard_input_the_machine_runs_and_types_nothing()
    {
        // timeout: SIGTERM after the prompt should be there; 124 says that it was needed.
        Assert.That(Shell($"-bios none -kernel '{Demo}' -nographic <&- >'{_error}.out'", "timeout 8"), Is.EqualTo(124));
        Assert.That(File.ReadAllText($"{_error}.out"), Does.EndWith("demo> "));
        File.Delete($"{_error}.out");
    }

    private void AssertOneLine(string part) =>
        Assert.That(File.ReadAllText(_error), Does.Match($"^riscvxv6: {part}[^\n]*\n$"));

    /// <summary>Runs the program with redirections, which come after that of standard error.</summary>
    private int Shell(string arguments, string before = "")
    {
        using var shell = Process.Start(
            "sh", ["-c", $"exec {before} dotnet '{BuiltProgram.Assembly}' 2>'{_error}' {arguments}"]);
        if (!shell.WaitForExit(TimeSpan.FromSeconds(60)))
        {
            shell.Kill(entireProcessTree: true);
            Assert.Fail("it does not end");
        }

        return shell.ExitCode;
    }
}
