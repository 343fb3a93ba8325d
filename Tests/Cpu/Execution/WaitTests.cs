using NUnit.Framework;
using RiscvXv6.Emulator.Cpu;
using RiscvXv6.Emulator.Cpu.Traps;
using RiscvXv6.Emulator.Machine;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Cpu.Execution;

/// <summary>Priv "Wait for Interrupt", and the order in which pending interrupts are taken.</summary>
internal sealed unsafe class WaitTests
{
    private const ulong Handler = BareMachine.RamBase + 0x100;

    [Test]
    public void Wfi_waits_unless_something_is_pending_and_enabled_whatever_the_global_enable(
        [Values] bool pending, [Values] bool enabled, [Values] bool globallyEnabled)
    {
        using var guest = Waiting();
        var s = guest.State();
        s->Mie = enabled ? 0x8UL : 0;
        s->Mstatus |= globallyEnabled ? 8UL : 0;
        if (!pending || !(enabled && globallyEnabled))
        {
            guest.Machine.Harts[0].SetInterruptLine(TrapCause.MachineSoftware, pending);
            guest.Run(50);
            bool wakes = pending && enabled;
            Assert.That(s->Waiting, Is.EqualTo(!wakes));
            Assert.That(s->Pc, wakes ? Is.GreaterThan(BareMachine.RamBase + 4) : Is.EqualTo(BareMachine.RamBase + 4));
            Assert.That(s->Instret, Is.EqualTo(wakes ? 50 : 1), "wfi itself retires");
        }
        else
        {
            // It would be taken before the wfi; so it comes while the hart waits.
            guest.Run(50);
            Assert.That(s->Waiting, Is.True);
            guest.Machine.Harts[0].SetInterruptLine(TrapCause.MachineSoftware, true);
            guest.Run(1);
            Assert.That(s->Pc, Is.EqualTo(Handler));
            Assert.That(s->Mepc, Is.EqualTo(BareMachine.RamBase + 4), "the instruction after wfi");
        }
    }

    [TestCase("Supervisor", false, true)]
    [TestCase("Supervisor", true, false)]
    [TestCase("User", false, false)]
    [TestCase("User", true, false)]
    public void Below_M_mode_TW_and_U_mode_make_it_illegal(string mode, bool timeoutWait, bool legal)
    {
        using var guest = Waiting();
        var s = guest.State();
        s->PmpCourtesy = true;
        s->Privilege = Enum.Parse<PrivilegeMode>(mode);
        s->Mstatus |= timeoutWait ? 1UL << 21 : 0;
        guest.Machine.Harts[0].SelectContexts();

        guest.Run(1);

        Assert.That(s->Waiting, Is.EqualTo(legal));
        Assert.That(s->Pc, Is.EqualTo(legal ? BareMachine.RamBase + 4 : Handler));
        Assert.That(s->Mtval, Is.EqualTo(legal ? 0 : 0x1050_0073));
    }

    [Test]
    public void Pending_interrupts_are_taken_external_first_then_software_then_timer_and_those_of_M_first()
    {
        using var guest = new BareMachine(new Program().Label("here").Jump("here"), new MachineSetup { MemoryBytes = 1 << 20 });
        var s = guest.State();
        s->Mtvec = Handler;
        s->Mie = 0xaaa;
        foreach (int bit in (int[])[1, 3, 5, 7, 9, 11])
        {
            guest.Machine.Harts[0].SetInterruptLine(bit, true);
        }

        foreach (int expected in (int[])[11, 3, 7, 9, 1, 5])
        {
            s->Mstatus |= 8;
            guest.Run(1);
            Assert.That(s->Mcause, Is.EqualTo((1UL << 63) | (uint)expected));
            guest.Machine.Harts[0].SetInterruptLine(expected, false);
        }
    }

    private static BareMachine Waiting()
    {
        var program = new Program().Add("wfi").PadTo(Handler).Label("end").Jump("end");
        var guest = new BareMachine(program, new MachineSetup { MemoryBytes = 1 << 20 });
        guest.State()->Mtvec = Handler;
        return guest;
    }
}
