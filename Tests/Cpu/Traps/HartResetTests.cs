using NUnit.Framework;
using RiscvXv6.Emulator.Cpu;
using RiscvXv6.Emulator.Cpu.Mmu;
using RiscvXv6.Emulator.Cpu.Traps;

namespace RiscvXv6.Tests.Cpu.Traps;

/// <summary>Priv "Reset".</summary>
internal sealed class HartResetTests
{
    [Test]
    public void A_hart_that_ran_comes_back_in_machine_mode_at_the_reset_vector()
    {
        var s = Worn();

        HartReset.Apply(ref s, hartId: 3, resetPc: 0x1000);

        Assert.Multiple(() =>
        {
            Assert.That(s.Privilege, Is.EqualTo(PrivilegeMode.Machine));
            Assert.That(s.Pc, Is.EqualTo(0x1000));
            Assert.That(s.HartId, Is.EqualTo(3));
            Assert.That(s.Mcause, Is.Zero);
            Assert.That(s.Mstatus, Is.EqualTo(0xA_0000_0000), "MIE and MPRV are 0; UXL and SXL are 64 bits");
            Assert.That(s.Satp, Is.Zero);
            Assert.That(s.Menvcfg, Is.EqualTo(1UL << 61), "ADUE, the recorded deviation");
            Assert.That(s.Stimecmp, Is.EqualTo(ulong.MaxValue));
            Assert.That(s.ReservationValid, Is.False);
            Assert.That(s.Waiting, Is.False);
            Assert.That(s.Instret, Is.Zero);
            Assert.That(s.SoftInterrupts, Is.Zero);
        });
    }

    [Test]
    public void PMP_is_off_unlocked_and_untouched_after_reset()
    {
        var s = Worn();
        Pmp.WriteAddress(ref s, 0, Pmp.AddressWritable);
        Pmp.WriteConfig(ref s, 0, 0x98);

        HartReset.Apply(ref s, hartId: 0, resetPc: 0x1000);

        Assert.That(Pmp.ReadConfig(ref s, 0), Is.Zero);
        Assert.That(Pmp.Check(ref s, 0x8000_0000, 8, AccessKind.Load, PrivilegeMode.Machine), Is.True);
        Assert.That(s.PmpTouched, Is.False);
        Assert.That(s.PmpCourtesyUsed, Is.False);
    }

    [Test]
    public void The_clock_the_device_lines_and_the_courtesy_outlive_a_reset()
    {
        var s = Worn();

        HartReset.Apply(ref s, hartId: 0, resetPc: 0x1000);

        Assert.That(s.Cycle, Is.EqualTo(5_000));
        Assert.That(s.LineInterrupts, Is.EqualTo(0x880), "MEIP and MTIP stay; STIP came from stimecmp");
        Assert.That(s.PmpCourtesy, Is.True);
    }

    private static HartState Worn() => new()
    {
        Privilege = PrivilegeMode.User,
        Pc = 0x1234,
        Cycle = 5_000,
        RunCycles = 700,
        StallCycles = 30,
        InstretOffset = 9,
        Waiting = true,
        ReservationValid = true,
        Mstatus = ulong.MaxValue,
        Mcause = 7,
        Satp = 8UL << 60,
        Stimecmp = 1,
        Menvcfg = 1UL << 63,
        SoftInterrupts = 0x2,
        LineInterrupts = 0x8A0,
        PmpCourtesy = true,
        PmpCourtesyUsed = true,
    };
}
