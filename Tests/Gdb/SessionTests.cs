using NUnit.Framework;
using RiscvXv6.Tests.Support;
using RiscvXv6.Tests.Xv6;

namespace RiscvXv6.Tests.Gdb;

/// <summary>
/// Sessions of the real gdb with our xv6, word for word: <c>Sessions/NAME.gdb</c> is what somebody types, <c>NAME-HARTS.txt</c> what the
/// terminal shows. After a change of the guest: <c>RISCVXV6_UPDATE_GOLDENS=1 dotnet test Tests --filter SessionTests</c>, and look at the
/// difference.
/// </summary>
internal sealed class SessionTests
{
    /// <summary>What is typed at the guest's console.</summary>
    private static readonly string[] Lines = ["echo hello", "sleep 3", "uptime"];

    [Test]
    public void A_session_reads_as_it_always_did([Values("boot", "kernel", "user", "change")] string name, [Values(1, 3)] int harts)
    {
        string transcript = "";
        DebuggedGuest.Run(DebuggedGuest.Session(harts, Lines), port => transcript = Play(name, port));
        AssertGolden($"{name}-{harts}.txt", transcript);
    }

    /// <summary>With breakpoints that are hit, watchpoints, steps, and all the reading that gdb does.</summary>
    [Test]
    public void A_run_that_is_debugged_is_the_run_that_it_would_have_been([Values("boot", "kernel", "user")] string name, [Values(1, 3)] int harts)
    {
        var debugged = DebuggedGuest.Run(DebuggedGuest.Session(harts, Lines), port => Play(name, port));
        var undisturbed = new MachinePlatform().Run(DebuggedGuest.Session(harts, Lines));
        Assert.That(debugged.Output, Is.EqualTo(undisturbed.Output).And.Contains("hello"));
        Assert.That(debugged.Cycles, Is.EqualTo(undisturbed.Cycles));
        Assert.That(debugged.ExitCode, Is.Zero);
    }

    /// <summary>The control of the one above: what a debugger writes does show.</summary>
    [Test]
    public void A_run_that_a_debugger_changes_is_another_one()
    {
        var changed = DebuggedGuest.Run(DebuggedGuest.Session(1, Lines), port => Play("change", port));
        var undisturbed = new MachinePlatform().Run(DebuggedGuest.Session(1, Lines));
        Assert.That(undisturbed.Output, Does.Contain("\nhello\n"));
        Assert.That(changed.Output, Does.Contain("\n>ullo\n"), "a register and a byte of memory");
    }

    internal static string Play(string name, int port)
    {
        using var gdb = new RealGdb(Xv6Guest.Kernel);
        gdb.Connect(port);
        foreach (string line in File.ReadAllLines(RepositoryFiles.PathOf("Tests", "Gdb", "Sessions", name + ".gdb")))
        {
            if (line == "reconnect")
            {
                gdb.Connect(port);
            }
            else
            {
                gdb.Do(line);
            }
        }

        return gdb.Transcript;
    }

    private static void AssertGolden(string name, string transcript)
    {
        string golden = RepositoryFiles.PathOf("Tests", "Gdb", "Sessions", name);
        if (Environment.GetEnvironmentVariable("RISCVXV6_UPDATE_GOLDENS") == "1")
        {
            File.WriteAllText(golden, transcript);
        }

        Assert.That(transcript, Is.EqualTo(File.ReadAllText(golden)));
    }
}
