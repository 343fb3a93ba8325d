using NUnit.Framework;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Cpu.Execution;

/// <summary>ADR 1 to the cycle: what costs what, and that nothing comes early or late.</summary>
internal sealed unsafe class ExactTimeTests
{
    private const ulong Mtimecmp = BareMachine.Clint + 0x4000;
    private const int Mcycle = 0xb00, Minstret = 0xb02;

    [Test]
    public void An_instruction_is_a_cycle_and_a_limit_is_kept_to_the_cycle([Values(1UL, 63UL, 64UL, 65UL, 1000UL)] ulong cycles)
    {
        using var guest = new BareMachine(new Program().PadTo(Program.DefaultOrigin + 8000));

        guest.Run(cycles);

        Assert.That(guest.Machine.Clock.NowCycles, Is.EqualTo(cycles));
        Assert.That(guest.State()->Instret, Is.EqualTo(cycles));
        Assert.That(guest.State()->Pc, Is.EqualTo(Program.DefaultOrigin + 4 * cycles));
    }

    [Test]
    public void A_trap_costs_one_cycle_and_retires_nothing()
    {
        var program = new Program().Address(10, "handler").WriteCsr(0x305, 10).Add("ecall")
            .PadTo(Program.DefaultOrigin + 64).Label("handler").ReadCsr(11, Mcycle).ReadCsr(12, Minstret);
        using var guest = new BareMachine(program);

        guest.Run(6);

        Assert.That(guest.X(11), Is.EqualTo(4), "auipc, addi, csrw, and the trap");
        Assert.That(guest.X(12), Is.EqualTo(4), "auipc, addi, csrw, csrr");
    }

    [Test]
    public void A_device_stalls_a_load_by_20_cycles_and_a_store_by_4()
    {
        var program = new Program().Constant(10, Mtimecmp)
            .ReadCsr(11, Mcycle).Add("ld", rd: 15, rs1: 10).ReadCsr(12, Mcycle).Add("sd", rs1: 10).ReadCsr(13, Mcycle)
            .ReadCsr(14, Minstret);
        ulong before = (program.Here - Program.DefaultOrigin) / 4;
        using var guest = new BareMachine(program);

        guest.Run(200);

        Assert.That(guest.X(12) - guest.X(11), Is.EqualTo(1 + 1 + 20));
        Assert.That(guest.X(13) - guest.X(12), Is.EqualTo(1 + 1 + 4));
        Assert.That(guest.X(14), Is.EqualTo(before - 1));
    }

    [Test]
    public void A_timer_interrupts_at_its_cycle_within_a_straight_line_and_within_a_loop(
        [Values("mtimecmp", "stimecmp")] string timer, [Values] bool loop, [Values(0, 1, 2)] int shift)
    {
        const ulong deadlineTicks = 7;
        bool supervisor = timer == "stimecmp";
        var program = new Program().Address(10, "handler").WriteCsr(0x305, 10);
        program.Constant(10, supervisor ? 0x20UL : 0x80).WriteCsr(0x304, 10).Constant(11, deadlineTicks);
        if (supervisor)
        {
            // STCE; the interrupt is not delegated, so it comes in M-mode.
            program.Constant(10, 1UL << 63).WriteCsr(0x30a, 10).WriteCsr(0x14d, 11);
        }
        else
        {
            program.Constant(10, Mtimecmp).Add("sd", rs1: 10, rs2: 11);
        }

        for (int index = 0; index < shift; index++)
        {
            program.Add("c.nop");
        }

        program.Add("csrrsi", rs1: 8, immediate: 0x300).Label("body");
        if (loop)
        {
            program.Add("addi", rd: 20, rs1: 20, immediate: 1).Add("addi").Jump("body");
        }

        program.PadTo(Program.DefaultOrigin + 4096);
        ulong handler = program.Here + 3 & ~3UL;
        program.PadTo(handler);
        if ((program.Here & 3) != 0)
        {
            program.Add("c.nop");
        }

        program.Label("handler").ReadCsr(21, Mcycle).ReadCsr(22, Minstret).ReadCsr(23, 0x342).Label("end").Jump("end");
        using var guest = new BareMachine(program);

        guest.Run(2000);

        Assert.That(guest.X(21), Is.EqualTo(100 * deadlineTicks + 1), "the cycle of the trap's entry, and no other");
        Assert.That(guest.X(23), Is.EqualTo((1UL << 63) | (supervisor ? 5UL : 7)));
        ulong stalls = supervisor ? 1UL : 1 + 4;
        Assert.That(guest.X(22), Is.EqualTo(guest.X(21) + 1 - stalls), "read one cycle later; all other cycles retired something");
        if (loop)
        {
            ulong body = program.AddressOf("body");
            Assert.That(guest.State()->Mepc, Is.InRange(body, body + 8));
        }
        else
        {
            // Every instruction from the body on is 4 bytes and a cycle.
            ulong atBody = guest.X(21) - 1 - (guest.State()->Mepc - program.AddressOf("body")) / 4;
            Assert.That(atBody, Is.LessThan(60));
        }
    }

    [Test]
    public void A_counter_that_was_written_reads_back_what_was_written()
    {
        var program = new Program().Constant(10, 1000).WriteCsr(Mcycle, 10).ReadCsr(11, Mcycle)
            .WriteCsr(Minstret, 10).ReadCsr(12, Minstret).ReadCsr(13, Minstret);
        using var guest = new BareMachine(program);

        guest.Run(6);

        Assert.That((guest.X(11), guest.X(12), guest.X(13)), Is.EqualTo((1000UL, 1000UL, 1001UL)));
    }

    [Test]
    public void A_handler_that_faults_at_its_first_instruction_does_not_stop_the_clock()
    {
        using var guest = new BareMachine(new Program().WriteCsr(0x305, 0).Add("ecall"));

        guest.Run(500);

        Assert.That(guest.Machine.Clock.NowCycles, Is.EqualTo(500));
        Assert.That(guest.State()->Instret, Is.EqualTo(1));
    }
}
