using NUnit.Framework;
using RiscvXv6.Tests.Contract;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Xv6;

/// <summary>
/// What a person sees: a session at the shell, byte for byte, on this machine and on QEMU with 1, 3 and 8 harts. After a change of the
/// guest: <c>RISCVXV6_UPDATE_GOLDENS=1 dotnet test Tests --filter TranscriptTests</c>, and look at the difference.
/// </summary>
[TestFixture(Platform.ThisMachine)]
[TestFixture(Platform.Qemu, Category = "Qemu")]
public sealed class TranscriptTests(Platform platform)
{
    /// <summary>Each line that is typed; what the harts do at the same time must not show in the answers.</summary>
    private static readonly string[] Lines =
    [
        "echo hello, world",
        "cat README",
        "mkdir d; cd d",
        "echo one two three > f; cat f; wc f",
        "ls",
        "cat < f | grep two | wc",
        "(echo in; echo a subshell) | wc",
        "ln f g; rm f; cat g; cat f",
        "cd ..; rm d; rm d/g d; ls d",
        "sleep 1 & wait; echo done",
        "nosuch",
        "echo unbalanced (",
        "forktest",
    ];

    [Test]
    public void A_session_reads_as_it_always_did([Values(1, 3, 8)] int harts)
    {
        byte[] disk = Xv6Guest.Disk();
        var run = PlatformOf(platform).Run(Xv6Guest.Session(harts, disk, Lines) with { LimitGuestSeconds = 60, LimitHostSeconds = 120 });
        string golden = RepositoryFiles.PathOf("Tests", "Xv6", "Transcripts", $"session-{harts}.txt");
        if (Environment.GetEnvironmentVariable("RISCVXV6_UPDATE_GOLDENS") == "1" && platform == Platform.ThisMachine)
        {
            File.WriteAllText(golden, run.Output);
        }

        Assert.That(run.Output, Is.EqualTo(File.ReadAllText(golden)));
        Assert.That(run.ExitCode, Is.Zero);
        Xv6Disk.AssertSound(disk);
    }

    /// <summary>The console's editing keys, as they echo and as the program gets them.</summary>
    [Test]
    public void Lines_are_edited_ended_and_interrupted_at_the_console()
    {
        byte[] disk = Xv6Guest.Disk();
        var run = PlatformOf(platform).Run(new GuestRequest(Xv6Guest.Kernel)
        {
            Harts = 3,
            LegacyVirtio = false,
            Disks = [disk],
            Script =
            [
                new(Xv6Guest.Prompt, "rubbish\u0015echo ab\u007fc\n"),  // ^U, DEL
                new(Xv6Guest.Prompt, "cat\n"),
                new("cat\n", "a line\n"),
                new("a line\na line\n", "\u0004"),                      // ^D: end of input
                new(Xv6Guest.Prompt, "echo a; sleep 1000; echo not this\n"),
                new("\na\n", "\u0003"),                                 // ^C: ends the whole line
                new(Xv6Guest.Prompt, "echo b; cat | cat | cat\n"),
                new("\nb\n", "\u0003"),                                 // ^C: ends all three
                new(Xv6Guest.Prompt, "abandoned\u0003"),                    // ^C: the line is forgotten, the shell lives
                new(Xv6Guest.Prompt, "\u0010"),                             // ^P: the processes
                new(" sh", "\necho over\n"),
                new("over\n" + Xv6Guest.Prompt, "halt 7\n"),
            ],
            LimitGuestSeconds = 20,
        });
        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.Output, Does.Contain("\nac\n").And.Not.Contain("\nnot this\n"));
            Assert.That(run.ExitCode, Is.EqualTo(7), $"the console:\n{run.Output}");
        }
    }

    private static IGuestPlatform PlatformOf(Platform platform) =>
        platform == Platform.Qemu ? new QemuPlatform() : new MachinePlatform();
}
