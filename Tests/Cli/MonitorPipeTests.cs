using NUnit.Framework;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Cli;

/// <summary>The monitor driven by a script through a pipe: plain lines, and the same ones every time.</summary>
internal sealed class MonitorPipeTests
{
    private const string Banner = "RiscvXv6 0.1.0 monitor - type 'help' for more information\n";

    private static readonly string s_kernel = RepositoryFiles.PathOf("Tests", "Guests", "demo", "demo.elf");

    [Test]
    public void Ctrl_A_c_in_piped_input_drives_the_monitor_as_with_QEMU()
    {
        var result = Run("\u0001cp 6*7\nstep 2\np $pc\nfoo\nquit\nnever read\n", "-nographic", "-S");
        Assert.That(result.ExitCode, Is.Zero);
        Assert.That(result.Error, Is.EqualTo("riscvxv6: terminated\n"));
        Assert.That(result.Output, Is.EqualTo(
            "\n" + Banner + """
            the machine is halted; cont lets it go on
            (riscvxv6, halted) p 6*7
            0x2a
            (riscvxv6, halted) step 2
            hart 0 stepped
            => 0x00001008:  f1402573  csrrs a0,mhartid,zero
            (riscvxv6, halted) p $pc
            0x1008
            (riscvxv6, halted) foo
            unknown command: 'foo'; help lists the commands
            (riscvxv6, halted) quit

            """));
    }

    [Test]
    public void The_monitor_alone_at_standard_input_and_output()
    {
        var result = Run("p 1\r\nsystem_powerdown\n", "-monitor", "stdio", "-serial", "none", "-S");
        Assert.That(result.ExitCode, Is.Zero);
        Assert.That(result.Error, Is.Empty);
        Assert.That(result.Output, Is.EqualTo(
            Banner + "the machine is halted; cont lets it go on\n(riscvxv6, halted) p 1\n0x1\n(riscvxv6, halted) system_powerdown\n"));
    }

    [Test]
    public void The_run_verb_has_the_monitor_too()
    {
        using var program = BuiltProgram.Start("run", s_kernel, "--serial", "none", "--monitor", "stdio");
        program.Type("info version\nquit\n");
        var result = program.WaitForExit();
        Assert.That(result.Output, Does.Contain("\n(riscvxv6) info version\nRiscvXv6 0.1.0\n"));
    }

    [Test]
    public void Without_a_monitor_the_key_says_so()
    {
        var result = Run("\u0001c\u0001x", "-nographic", "-monitor", "none");
        Assert.That(result.Output, Does.Contain("there is no monitor"));
    }

    [Test]
    public void The_end_of_the_input_is_not_the_end_of_the_machine()
    {
        using var program = BuiltProgram.Start("run", s_kernel, "--serial", "none", "--monitor", "stdio");
        program.Type("info version\n");
        program.WaitForLine("RiscvXv6 0.1.0\n");
        program.Process.StandardInput.Close();
        Thread.Sleep(300);
        Assert.That(program.Process.HasExited, Is.False);
        program.Signal("TERM");
        Assert.That(program.WaitForExit().ExitCode, Is.Zero);
    }

    [TestCase("-monitor stdio", "press Ctrl-A c there")]
    [TestCase("-nographic -monitor stdio", "press Ctrl-A c there")]
    [TestCase("-monitor tcp:localhost:4444", "-monitor: ")]
    public void A_place_that_the_monitor_can_t_have_is_refused(string options, string complaint)
    {
        var result = BuiltProgram.Run(["-bios", "none", "-kernel", s_kernel, .. options.Split(' ')]);
        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Error, Does.Contain(complaint));
    }

    private static ProgramResult Run(string input, params string[] options)
    {
        using var program = BuiltProgram.Start(["-bios", "none", "-kernel", s_kernel, .. options]);
        program.Type(input);
        return program.WaitForExit();
    }
}
