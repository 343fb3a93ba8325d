using NUnit.Framework;
using RiscvXv6.Emulator.Machine;
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
