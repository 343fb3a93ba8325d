using NUnit.Framework;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Cli;

/// <summary>The monitor in a person's window: every way to end leaves the terminal as it was, and the guest's lines stay whole.</summary>
[Platform(Exclude = "Win", Reason = "tmux")]
internal sealed class MonitorWindowTests
{
    private const string Prompt = "(riscvxv6)";
    private const string HaltedPrompt = "(riscvxv6, halted)";

    private static readonly string Demo =
        $"-bios none -nographic -kernel \"{RepositoryFiles.PathOf("Tests", "Guests", "demo", "demo.elf")}\"";

    [Test]
    public void Ctrl_A_c_goes_to_the_monitor_and_back()
    {
        using var window = InMonitor();
        window.Press("info sta", "Tab", "Enter");
        window.WaitFor("VM status: running");
        window.Press("C-a", "c");
        window.Press("echo at the console", "Enter");
        window.WaitFor("\nat the console");
        window.Press("halt", "Enter");
        AssertEnded(window, 0);
    }

    [Test]
    public void A_line_is_edited_as_elsewhere()
    {
        using var window = InMonitor();
        window.Press("xinfo versionx y", "C-w", "BSpace", "BSpace", "Home", "DC", "End", "Enter");
        window.WaitFor("RiscvXv6 0.");
        window.Press("rubbish", "C-u", "p 6*", "7", "Left", "Left", "C-k", "*8", "C-a", "C-a", "C-e", "Enter");
        window.WaitFor("\n0x30");
        window.Press("half a li", "C-c");
        window.WaitFor("^C");
        window.Press("Up", "Up", "Down", "Enter");
        window.WaitFor("p 6*8\n0x30\n(riscvxv6) ^C\n(riscvxv6) p 6*8\n0x30");
        window.Press("info m", "Tab");
        window.WaitFor("info mem  info mtree");
        window.Press("C-a", "x");
        AssertEnded(window, 0);
    }

    [Test]
    public void What_the_guest_prints_stands_above_the_line_being_typed()
    {
        using var window = InMonitor();
        window.Press("C-l", "system_reset", "Enter", "info ver");
        window.WaitFor("system_reset\n");
        window.WaitFor("demo>\n" + Prompt + " info ver");
        window.Press("sion", "Enter");
        window.WaitFor(Prompt + " info version\nRiscvXv6 0.");
        window.Press("C-a", "x");
        AssertEnded(window, 0);
    }

    [Test]
    public void Quit_restores_the_terminal()
    {
        using var window = InMonitor();
        window.Press("quit", "Enter");
        AssertEnded(window, 0);
        Assert.That(window.Screen, Does.Contain("terminated"));
    }

    [Test]
    public void Ctrl_A_x_ends_the_machine_in_the_middle_of_a_line()
    {
        using var window = InMonitor();
        window.Press("info registe", "C-a", "x");
        AssertEnded(window, 0);
    }

    [TestCase("TERM")]
    [TestCase("INT")]
    [TestCase("HUP")]
    public void A_signal_in_the_middle_of_a_line_restores_the_terminal(string signal)
    {
        using var window = InMonitor();
        window.Press("info registe");
        window.WaitFor("registe");
        window.Signal(signal);
        AssertEnded(window, 0);
    }

    [Test]
    public void A_second_interrupt_changes_nothing()
    {
        using var window = InMonitor();
        window.Signal("INT");
        window.Signal("INT");
        AssertEnded(window, 0);
    }

    [Test]
    public void The_guest_s_power_off_restores_the_terminal_that_the_monitor_has()
    {
        using var window = InMonitor();
        window.Press("stop", "Enter");
        window.WaitFor(HaltedPrompt);
        window.Press("C-a", "c", "halt", "Enter", "C-a", "c", "cont", "Enter");
        AssertEnded(window, 0);
    }

    [Test]
    public void System_powerdown_restores_the_terminal()
    {
        using var window = InMonitor();
        window.Press("system_powerdown", "Enter");
        AssertEnded(window, 0);
    }

    [Test]
    public void A_halted_machine_says_how_to_go_on()
    {
        using var window = new TerminalWindow(Demo + " -S");
        window.WaitFor("Ctrl-A c");
        window.Press("C-a", "c");
        window.WaitFor(HaltedPrompt);
        window.Press("cont", "Enter");
        window.WaitFor("demo>");
        window.Press("stop", "Enter");
        window.WaitFor("hart 0 stopped");
        window.Press("C-a", "c");
        window.WaitFor("the machine is halted: Ctrl-A c, then cont");
        window.Press("C-a", "c", "cont", "Enter", "C-a", "c", "halt", "Enter");
        AssertEnded(window, 0);
    }

    [TestCase("TERM")]
    [TestCase("HUP")]
    public void A_signal_ends_a_machine_that_was_never_started(string signal)
    {
        using var window = new TerminalWindow(Demo + " -S");
        window.WaitFor("Ctrl-A c");
        window.Signal(signal);
        AssertEnded(window, 0);
    }

    [Test]
    public void A_reset_starts_the_guest_anew()
    {
        using var window = InMonitor();
        window.Press("stop", "Enter", "system_reset", "Enter", "p $pc", "Enter");
        window.WaitFor("0x1000\n");
        window.Press("C-l", "quit", "Enter");
        AssertEnded(window, 0);
    }

    [Test]
    public void A_job_in_the_background_runs_on_without_the_terminal_until_fg()
    {
        using var window = new TerminalWindow(Demo, inBackground: true);
        window.WaitFor("demo>");
        Assert.That(window.ProcessState(), Is.Not.EqualTo('T'), "not stopped");
        Assert.That(window.SettingsNow(), Is.EqualTo(window.Settings("before")), "the terminal is the shell's");
        window.Continue();
        window.Press("Enter", "echo in front", "Enter");
        window.WaitFor("\nin front");
        Assert.That(window.SettingsNow(), Does.Contain("-icanon"));
        window.Press("halt", "Enter");
        AssertEnded(window, 0);
    }

    [Test]
    public void A_job_that_bg_continues_runs_on_without_the_terminal_until_fg()
    {
        using var window = new TerminalWindow(Demo);
        window.WaitFor("demo>");
        window.Signal("TSTP");
        Assert.That(window.WaitForStop(), Is.EqualTo(window.Settings("before")));
        Assert.That(window.ProcessState(), Is.EqualTo('T'));
        window.ContinueInBackground();
        window.WaitFor("dotnet"); // The shell says what it continued.
        Thread.Sleep(1000);
        Assert.That(window.ProcessState(), Is.Not.EqualTo('T'), "not stopped");
        Assert.That(window.SettingsNow(), Is.EqualTo(window.Settings("before")), "the terminal is the shell's");
        window.Continue();
        window.Press("Enter", "echo in front", "Enter");
        window.WaitFor("\nin front");
        window.Press("halt", "Enter");
        AssertEnded(window, 0);
    }

    [Test]
    public void A_job_in_the_background_ends_by_a_signal_and_leaves_the_terminal_alone()
    {
        using var window = new TerminalWindow(Demo, inBackground: true);
        window.WaitFor("demo>");
        window.Signal("TERM");
        window.WaitFor("terminating on signal 15");
        Assert.That(window.SettingsNow(), Is.EqualTo(window.Settings("before")));
    }

    private static TerminalWindow InMonitor()
    {
        var window = new TerminalWindow(Demo);
        try
        {
            window.WaitFor("demo>");
            window.Press("C-a", "c");
            window.WaitFor(Prompt);
            return window;
        }
        catch
        {
            window.Dispose();
            throw;
        }
    }

    private static void AssertEnded(TerminalWindow window, int code)
    {
        Assert.That(window.WaitForExit(), Is.EqualTo(code));
        Assert.That(window.Settings("after"), Is.EqualTo(window.Settings("before")));
    }
}
