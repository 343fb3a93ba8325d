using System.Text.RegularExpressions;
using NUnit.Framework;
using RiscvXv6.Tests.Cli;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Documents;

/// <summary>The session that docs/monitor.md shows is what a script through a pipe gets.</summary>
public sealed partial class MonitorPageTests
{
    private const string GuestPrompt = "$ ";
    private const string ToMonitor = "$ (Ctrl-A c)";

    [Test]
    public void The_session_of_the_page_runs_as_shown()
    {
        string[] session = Session();
        Assert.That(session, Has.Length.GreaterThan(35));
        string folder = Directory.CreateTempSubdirectory("riscvxv6-page-").FullName;
        string image = Path.Combine(folder, "fs.img");
        File.Copy(RepositoryFiles.PathOf("xv6-guest-image", "image", "fs.img"), image);
        var run = ScriptedProcess.Run(
            "dotnet",
            [
                BuiltProgram.Assembly, "-machine", "virt", "-bios", "none", "-m", "128M", "-smp", "2", "-nographic",
                "-kernel", RepositoryFiles.PathOf("xv6-guest-image", "image", "kernel.elf"),
                "-global", "virtio-mmio.force-legacy=false", "-drive", $"file={image},if=none,format=raw,id=x0",
                "-device", "virtio-blk-device,drive=x0,bus=virtio-mmio-bus.0",
                "-netdev", "user,id=net0,restrict=on", "-device", "e1000,netdev=net0,bus=pcie.0",
            ],
            [.. session.Where(IsTyped).Select(Typed)],
            limitHostSeconds: 120);
        Directory.Delete(folder, recursive: true);
        Assert.That(run.ExitCode, Is.Zero, run.Output);

        // The keys are not to be seen, and the machine's last line goes to standard error.
        string[] expected = [.. session.Where(static line => line != ToMonitor)];
        Assert.That(Walkthrough.FirstMissing(run.Output, expected), Is.Null, run.Output);
    }

    [Test]
    public void A_line_that_the_monitor_does_not_print_is_missed() =>
        Assert.That(Walkthrough.FirstMissing("(riscvxv6) p 1\n0x1\n", ["(riscvxv6) p 1", "0x2"]), Is.EqualTo("0x2"));

    private static string[] Session()
    {
        string page = File.ReadAllText(RepositoryFiles.PathOf("docs", "monitor.md"));
        int start = page.IndexOf("```console\n", StringComparison.Ordinal);
        return page[start..page.IndexOf("\n```\n", start, StringComparison.Ordinal)].Split('\n')[1..];
    }

    private static bool IsTyped(string line) => MonitorPrompt().IsMatch(line) || line.StartsWith(GuestPrompt, StringComparison.Ordinal);

    private static Typing Typed(string line)
    {
        if (line == ToMonitor)
        {
            return new Typing(GuestPrompt, "\u0001c");
        }

        var prompt = MonitorPrompt().Match(line);
        return prompt.Success
            ? new Typing(prompt.Value, line[prompt.Length..] + "\n")
            : new Typing(GuestPrompt, line[GuestPrompt.Length..] + "\n");
    }

    [GeneratedRegex(@"^\(riscvxv6(, halted)?\) ")]
    private static partial Regex MonitorPrompt();
}
