using NUnit.Framework;
using RiscvXv6.Emulator.Machine;
using RiscvXv6.Tests.Cli;
using RiscvXv6.Tests.Support;
using RiscvXv6.Tests.Xv6;

namespace RiscvXv6.Tests.Gdb;

/// <summary>The real gdb comes, interrupts, and goes in every way.</summary>
internal sealed class RealGdbTests
{
    [Test]
    public void Ctrl_C_interrupts_a_machine_that_runs([Values(1, 3)] int harts)
    {
        using var guest = new GdbGuest(harts);
        using var gdb = new RealGdb(Xv6Guest.Kernel);
        gdb.Connect(guest.Debugged.Port);
        for (int round = 0; round < 3; round++)
        {
            gdb.Continue();
            Assert.That(gdb.Interrupt(), Does.Contain("received signal SIGINT, Interrupt."));
            Assert.That(gdb.Do("print $pc >= 0x80000000 && $pc < 0x80000050"), Does.Contain("= 1"));
            Assert.That(gdb.Do("stepi"), Does.Not.Contain("signal"));
        }

        Assert.That(gdb.Do("info threads"), Does.Contain($"Thread {harts} \"hart {harts - 1}\" (M-mode)"));
    }

    [Test]
    public void Killing_ends_the_machine()
    {
        using var guest = new GdbGuest();
        using var gdb = new RealGdb(Xv6Guest.Kernel);
        gdb.Connect(guest.Debugged.Port);
        Assert.That(gdb.Do("kill"), Does.Contain("killed"));
        Assert.That(guest.Debugged.WaitForEnd().Reason, Is.EqualTo(StopReason.Debugger));
    }

    [Test]
    public void Quitting_lets_the_machine_run()
    {
        using var guest = new GdbGuest();
        using var gdb = new RealGdb(Xv6Guest.Kernel);
        gdb.Connect(guest.Debugged.Port);
        gdb.Do($"break *{GdbGuest.Loop}");
        gdb.Do("continue");
        gdb.Type("quit");
        guest.Debugged.WaitUntil(static machine => !machine.Debug.IsHalted);
    }

    [Test]
    public void A_gdb_that_crashes_leaves_the_machine_to_the_next_one()
    {
        using var guest = new GdbGuest();
        using (var first = new RealGdb(Xv6Guest.Kernel))
        {
            first.Connect(guest.Debugged.Port);
            first.Do($"break *{GdbGuest.Loop}");
            first.Do("continue");
            first.Vanish();
        }

        using var second = new RealGdb(Xv6Guest.Kernel);
        second.Connect(guest.Debugged.Port);
        Assert.That(second.Do("print/x $pc"), Does.Contain($"= 0x{GdbGuest.Loop:x}"));
        Assert.That(guest.Debugged.IsHalted, Is.True);
        second.Continue();
        Assert.That(second.Interrupt(), Does.Contain("SIGINT"), "the first one's breakpoint is gone");
    }

    [Test]
    public void The_monitor_answers_in_gdb_and_its_reset_and_quit_are_felt_there()
    {
        int port = FreePort.Take();
        using var program = BuiltProgram.Start(
            "-machine", "virt", "-bios", "none", "-kernel", Xv6Guest.Kernel, "-smp", "3", "-nographic", "-S", "-gdb", $"tcp::{port}");
        FreePort.Connect(port, program.Process).Dispose();
        using var gdb = new RealGdb(Xv6Guest.Kernel);
        gdb.Connect(port);
        gdb.Do("tbreak boot_machine_mode");
        gdb.Do("continue");
        Assert.That(gdb.Do("monitor help"), Does.Contain("system_reset").And.Contain("let a halted machine run on"));
        Assert.That(gdb.Do("monitor info registers"), Does.Contain("boot_machine_mode"));
        Assert.That(gdb.Do("monitor nosuch"), Does.Contain("unknown command: 'nosuch'"));
        gdb.Do("monitor system_reset");
        gdb.Do("maintenance flush register-cache");
        Assert.That(gdb.Do("print/x $pc"), Does.Contain("= 0x1000"));
        gdb.Do("tbreak kernel_main");
        Assert.That(gdb.Do("continue"), Does.Contain("kernel_main ()"));
        gdb.Type("monitor quit");
        Assert.That(program.WaitForExit().ExitCode, Is.Zero);
    }

    [Test]
    public void A_gdb_without_the_kernels_file_knows_the_architecture_from_the_port()
    {
        using var guest = new GdbGuest();
        using var gdb = new RealGdb("");
        gdb.Connect(guest.Debugged.Port);
        Assert.That(gdb.Do("show architecture"), Does.Contain("riscv:rv64"));
        Assert.That(gdb.Do("print $misa"), Does.Contain("= "));
        Assert.That(gdb.Do("info registers fcsr"), Does.Contain("FRM:0"));
    }
}
