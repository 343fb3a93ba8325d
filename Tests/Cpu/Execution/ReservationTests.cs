using NUnit.Framework;
using RiscvXv6.Emulator.Machine;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Cpu.Execution;

/// <summary>Unpriv "Load-Reserved/Store-Conditional Instructions": what breaks a reservation and what does not.</summary>
internal sealed unsafe class ReservationTests
{
    private const ulong Target = BareMachine.RamBase + 0x3000;
    private const ulong Failed = 1, Succeeded = 0;

    [TestCase("sd", 0, Failed)]
    [TestCase("sb", 7, Failed)]
    [TestCase("sd", -4, Failed, Description = "overlaps the first half")]
    [TestCase("amoadd.w", 4, Failed)]
    [TestCase("fsd", 0, Failed)]
    [TestCase("sd", 8, Succeeded)]
    [TestCase("sb", -1, Succeeded)]
    [TestCase("sd", 2048, Succeeded)]
    [TestCase("ld", 0, Succeeded)]
    public void A_store_of_another_hart_breaks_it_where_it_overlaps(string mnemonic, int offset, ulong expected)
    {
        using var guest = new BareMachine(TwoHarts(other => Access(other, mnemonic, offset)), TwoHartSetup);

        guest.Run(100_000);

        Assert.That(guest.X(20, hart: 1), Is.EqualTo(1), "the other hart is done");
        Assert.That(guest.X(12), Is.EqualTo(expected));
        Assert.That(guest.Peek(Target) == 0x77, Is.EqualTo(expected == Succeeded));
    }

    [TestCase(0, Failed)]
    [TestCase(8, Succeeded)]
    [TestCase(-8, Succeeded)]
    public void A_device_that_writes_memory_breaks_it_where_it_overlaps(int offset, ulong expected)
    {
        using var guest = new BareMachine(TwoHarts(static _ => { }), TwoHartSetup);

        guest.Run(500);
        Assert.That(guest.State()->ReservationValid, Is.True);
        guest.Poke(Target + (ulong)offset, 5);
        guest.Run(100_000);

        Assert.That(guest.X(12), Is.EqualTo(expected));
    }

    [Test]
    public void The_end_of_a_turn_and_own_stores_leave_it()
    {
        var program = new Program().Constant(10, Target).Constant(11, 0x77).Add("lr.d", rd: 13, rs1: 10)
            .Add("sd", rs1: 10, rs2: 10).Constant(14, 15_000)
            .Label("wait").Add("addi", rd: 14, rs1: 14, immediate: -1).Branch("bne", 14, 0, "wait")
            .Add("sd", rs1: 10, rs2: 10, immediate: 8)
            .Add("sc.d", rd: 12, rs1: 10, rs2: 11).Add("sc.d", rd: 15, rs1: 10, rs2: 10).Label("end").Jump("end");
        using var guest = new BareMachine(program);

        guest.Run(40_000);

        Assert.That(guest.X(12), Is.EqualTo(Succeeded));
        Assert.That(guest.X(15), Is.EqualTo(Failed), "each SC uses it up");
        Assert.That(guest.Peek(Target), Is.EqualTo(0x77));
    }

    [TestCase("sc.w", 0)]
    [TestCase("sc.d", 8)]
    public void An_SC_of_another_width_or_place_fails_and_uses_it_up(string mnemonic, int offset)
    {
        var program = new Program().Constant(10, Target).Add("lr.d", rd: 13, rs1: 10)
            .Add("addi", rd: 11, rs1: 10, immediate: offset).Add(mnemonic, rd: 12, rs1: 11, rs2: 10)
            .Add("sc.d", rd: 14, rs1: 10, rs2: 10).Label("end").Jump("end");
        using var guest = new BareMachine(program);

        guest.Run(100);

        Assert.That((guest.X(12), guest.X(14)), Is.EqualTo((Failed, Failed)));
        Assert.That(guest.Peek(Target), Is.Zero);
    }

    [TestCase("lr.d", BareMachine.Clint, 5)]
    [TestCase("amoadd.w", BareMachine.Clint, 7)]
    [TestCase("lr.w", 0x1000UL, 5)]
    [TestCase("amoswap.d", 0x1000UL, 7)]
    [TestCase("lr.d", Target + 4, 4)]
    [TestCase("lr.d", ulong.MaxValue - 7, 5)]
    [TestCase("amoadd.d", ulong.MaxValue - 7, 7)]
    public void Devices_ROM_and_odd_addresses_take_no_atomics(string mnemonic, ulong address, int cause)
    {
        var program = new Program().Constant(10, address).Add(mnemonic, rd: 11, rs1: 10);
        using var guest = new BareMachine(program);
        guest.State()->Mtvec = Target;
        while (guest.State()->Pc < Target)
        {
            guest.Run(1);
        }

        Assert.That(guest.State()->Mcause, Is.EqualTo(cause));
        Assert.That(guest.State()->Mtval, Is.EqualTo(address));
        Assert.That(guest.X(11), Is.Zero);
    }

    private static MachineSetup TwoHartSetup => new() { HartCount = 2, MemoryBytes = 1 << 20 };

    /// <summary>Hart 0 reserves, lets several turns pass, and stores; hart 1 does something meanwhile.</summary>
    private static Program TwoHarts(Action<Program> other)
    {
        var program = new Program().Constant(10, Target).Constant(11, 0x77).ReadCsr(5, 0xf14).Branch("bne", 5, 0, "other")
            .Add("lr.d", rd: 13, rs1: 10).Constant(14, 20_000)
            .Label("wait").Add("addi", rd: 14, rs1: 14, immediate: -1).Branch("bne", 14, 0, "wait")
            .Add("sc.d", rd: 12, rs1: 10, rs2: 11).Label("end").Jump("end");
        program.Label("other").Constant(15, 1UL << 13).Add("csrrs", rs1: 15, immediate: 0x300);
        other(program);
        return program.Add("addi", rd: 20, immediate: 1).Label("stay").Jump("stay");
    }

    private static void Access(Program program, string mnemonic, int offset)
    {
        program.Add("addi", rd: 16, rs1: 10, immediate: offset >= 2048 ? 2047 : offset);
        program.Add("addi", rd: 16, rs1: 16, immediate: offset >= 2048 ? offset - 2047 : 0);
        switch (mnemonic)
        {
            case "ld":
                program.Add(mnemonic, rd: 17, rs1: 16);
                break;
            case "amoadd.w":
                program.Add(mnemonic, rd: 17, rs1: 16, rs2: 0);
                break;
            default:
                program.Add(mnemonic, rs1: 16, rs2: 0);
                break;
        }
    }
}
