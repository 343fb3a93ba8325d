using NUnit.Framework;
using RiscvXv6.Emulator.Machine;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Machine;

/// <summary>Power-on, and the reset that a guest asks for.</summary>
internal sealed unsafe class ResetTests
{
    private const int Mip = 0x344;
    private const ulong ResetCommand = 0x7777;

    [Test]
    public void MTIP_is_up_at_power_on_and_after_a_reset_as_on_QEMU()
    {
        var program = new Program().ReadCsr(10, Mip).Constant(11, BareMachine.Finisher).Constant(12, ResetCommand)
            .Add("sw", rs1: 11, rs2: 12);
        using var guest = new BareMachine(program);

        guest.Run(1);
        Assert.That(guest.X(10), Is.EqualTo(0x80), "mtimecmp is 0");

        RunTo(guest, 0x1000);
        Assert.That(guest.X(10), Is.Zero, "registers are clear");
        RunTo(guest, BareMachine.RamBase + 4);
        Assert.That(guest.X(10), Is.EqualTo(0x80), "again");
    }

    [Test]
    public void A_reset_puts_every_image_back_and_clears_its_bss()
    {
        // Overwrites its own first instruction and a word of the .bss, then resets.
        const ulong bss = BareMachine.RamBase + 0x10_0000;
        var program = new Program()
            .Add("addi", rd: 20, rs1: 20, immediate: 1)
            .Constant(10, bss).Add("ld", rd: 21, rs1: 10)
            .Add("sd", rs1: 10, rs2: 10)
            .Constant(11, BareMachine.RamBase).Add("sd", rs1: 11, rs2: 10)
            .Constant(11, BareMachine.Finisher).Constant(12, ResetCommand).Add("sw", rs1: 11, rs2: 12)
            .Label("here").Jump("here");
        var setup = new MachineSetup { MemoryBytes = 16 << 20, Loads = [new ImageLoad(bss, default, 0x2000)] };
        using var guest = new BareMachine(program, setup);
        uint first = (uint)guest.Peek(BareMachine.RamBase, 4);
        RunTo(guest, 0x1000);
        Assert.That((uint)guest.Peek(BareMachine.RamBase, 4), Is.EqualTo(first));
        Assert.That(guest.Peek(bss), Is.Zero);
        RunTo(guest, BareMachine.RamBase + 4);
        Assert.That(guest.X(20), Is.EqualTo(1), "the image runs again, from clear registers");
        Assert.That(guest.X(21), Is.Zero);
    }

    [Test]
    public void A_huge_bss_touches_no_page_until_somebody_writes_there()
    {
        const ulong size = 64UL << 20;
        var program = new Program().Label("here").Jump("here");
        var setup = new MachineSetup
        {
            MemoryBytes = 128UL << 20,
            Loads = [new ImageLoad(BareMachine.RamBase + 0x10_0800, new byte[] { 1 }, size)],
        };
        using var guest = new BareMachine(program, setup);
        var ram = guest.Machine.Harts[0].Ram;

        Assert.That(Enumerable.Range(0, ram.PageCount).Where(ram.IsDirty), Is.EqualTo(new[] { 0, 0x100 }));
    }

    [Test]
    public void The_count_of_retired_instructions_goes_on_over_a_reset()
    {
        var program = new Program().Constant(11, BareMachine.Finisher).Constant(12, ResetCommand).Add("sw", rs1: 11, rs2: 12);
        using var guest = new BareMachine(program);
        ulong last = 0;
        for (int cycle = 0; cycle < 100; cycle++)
        {
            guest.Run(1);
            Assert.That(guest.Machine.RetiredInstructions, Is.GreaterThan(last));
            last = guest.Machine.RetiredInstructions;
        }
    }

    private static void RunTo(BareMachine guest, ulong pc)
    {
        for (int cycle = 0; cycle < 200; cycle++)
        {
            guest.Run(1);
            if (guest.State()->Pc == pc)
            {
                return;
            }
        }

        Assert.Fail($"it never came to 0x{pc:x}");
    }
}
