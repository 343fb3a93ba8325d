using NUnit.Framework;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Cli;

/// <summary>What a person at a terminal sees: every way to end leaves the window as it was, and keys go where they belong.</summary>
[Platform(Exclude = "Win", Reason = "tmux")]
internal sealed class TerminalTests
{
    private static readonly string Demo =
        $"-bios none -nographic -kernel \"{RepositoryFiles.PathOf("Tests", "Guests", "demo", "demo.elf")}\"";

    [Test]
    public void The_guest_s_power_off_restores_the_terminal()
    {
        using var window = new TerminalWindow(Demo);
        window.WaitFor("demo>");
        Assert.That(window.SettingsNow(), Does.Contain("-isig").And.Contain("-icanon").And.Contain("-echo "), "raw meanwhile");
        window.Press("halt", "Enter");
        AssertEnded(window, 0);
    }

    [Test]
    public void The_guest_s_failure_restores_the_terminal()
    {
        string kernel = Path.GetTempFileName();
        File.WriteAllBytes(kernel, PrintingGuest.PrintThenStop(1, finisher: 0x2a_3333));
        using var window = new TerminalWindow($"-bios none -nographic -kernel \"{kernel}\"");
        AssertEnded(window, 42);
        File.Delete(kernel);
    }

    [Test]
    public void Ctrl_A_x_restores_the_terminal()
    {
        using var window = new TerminalWindow(Demo);
        window.WaitFor("demo>");
        window.Press("C-a", "x");
        AssertEnded(window, 0);
    }

    [TestCase("TERM")]
    [TestCase("INT")]
    [TestCase("HUP")]
    [TestCase("QUIT")]
    public void A_signal_restores_the_terminal(string signal)
    {
        using var window = new TerminalWindow(Demo);
        window.WaitFor("demo>");
        window.Signal(signal);
        AssertEnded(window, 0);
    }

    [Test]
    public void Keys_that_signal_elsewhere_are_the_guest_s()
    {
        using var window = new TerminalWindow(Demo);
        window.WaitFor("demo>");
        window.Press("C-c", "C-z", "C-\\", "C-s", "C-q", "Enter");
        window.Press("halt", "Enter");
        AssertEnded(window, 0);
    }

    [Test]
    public void Ctrl_A_has_help()
    {
        using var window = new TerminalWindow(Demo);
        window.WaitFor("demo>");
        window.Press("C-a", "h");
        window.WaitFor("go to the monitor, and back");
        window.Press("C-a", "x");
        AssertEnded(window, 0);
    }

    [Test]
    public void A_stop_gives_the_terminal_back_until_fg()
    {
        using var window = new TerminalWindow(Demo);
        window.WaitFor("demo>");
        window.Signal("TSTP");
        Assert.That(window.WaitForStop(), Is.EqualTo(window.Settings("before")), "while it is stopped");
        window.Continue();
        window.Press("Enter", "echo back again", "Enter");
        window.WaitFor("\nback again");
        Assert.That(window.SettingsNow(), Does.Contain("-icanon"));
        window.Press("halt", "Enter");
        AssertEnded(window, 0);
    }

    /// <summary>The negative control: a program that can't clean up is seen to leave the terminal raw.</summary>
    [Test]
    public void A_kill_is_seen_to_leave_the_terminal_raw()
    {
        using var window = new TerminalWindow(Demo);
        window.WaitFor("demo>");
        window.Signal("KILL");
        Assert.That(window.WaitForExit(), Is.EqualTo(137));
        Assert.That(window.Settings("after"), Is.Not.EqualTo(window.Settings("before")));
    }

    private static void AssertEnded(TerminalWindow window, int code)
    {
        Assert.That(window.WaitForExit(), Is.EqualTo(code));
        Assert.That(window.Settings("after"), Is.EqualTo(window.Settings("before")));
    }
}
