using NUnit.Framework;
using RiscvXv6.Emulator.Cpu.Csr;

namespace RiscvXv6.Tests.Cpu.Csr;

/// <summary>
/// What a write tells the engine to look at again: too little is a wrong run, too much is a slow one.
/// </summary>
internal sealed class CsrEffectsTests
{
    [TestCase(1, CsrEffects.Interrupts, Description = "SIE")]
    [TestCase(3, CsrEffects.Interrupts, Description = "MIE")]
    [TestCase(5, CsrEffects.None, Description = "SPIE")]
    [TestCase(7, CsrEffects.None, Description = "MPIE")]
    [TestCase(8, CsrEffects.None, Description = "SPP")]
    [TestCase(11, CsrEffects.TranslationContext, Description = "MPP")]
    [TestCase(13, CsrEffects.FloatState, Description = "FS")]
    [TestCase(17, CsrEffects.TranslationContext, Description = "MPRV")]
    [TestCase(18, CsrEffects.TranslationContext, Description = "SUM")]
    [TestCase(19, CsrEffects.TranslationFlush, Description = "MXR")]
    [TestCase(20, CsrEffects.None, Description = "TVM")]
    [TestCase(21, CsrEffects.None, Description = "TW")]
    [TestCase(22, CsrEffects.None, Description = "TSR")]
    public void Each_bit_of_mstatus_reports_its_own_effect_when_it_changes_and_none_when_it_does_not(
        int bit, CsrEffects expected)
    {
        var hart = CsrHart.AfterReset();

        Assert.That(hart.Write(CsrNumber.Mstatus, 1UL << bit), Is.EqualTo(expected));
        Assert.That(hart.Write(CsrNumber.Mstatus, 1UL << bit), Is.EqualTo(CsrEffects.None), "the same again");
        Assert.That(hart.Write(CsrNumber.Mstatus, 0), Is.EqualTo(expected), "and back");
    }

    [TestCase(1, CsrEffects.Interrupts)]
    [TestCase(13, CsrEffects.FloatState)]
    [TestCase(17, CsrEffects.None, Description = "MPRV is not in sstatus")]
    [TestCase(18, CsrEffects.TranslationContext)]
    [TestCase(19, CsrEffects.TranslationFlush)]
    public void Sstatus_reports_what_the_same_bit_of_mstatus_does(int bit, CsrEffects expected)
    {
        var hart = CsrHart.AfterReset();

        Assert.That(hart.Write(CsrNumber.Sstatus, 1UL << bit), Is.EqualTo(expected));
    }

    [TestCase(CsrNumber.Fflags, CsrEffects.FloatState)]
    [TestCase(CsrNumber.Frm, CsrEffects.FloatState)]
    [TestCase(CsrNumber.Fcsr, CsrEffects.FloatState)]
    [TestCase(CsrNumber.Mie, CsrEffects.Interrupts)]
    [TestCase(CsrNumber.Mip, CsrEffects.Interrupts)]
    [TestCase(CsrNumber.Sie, CsrEffects.Interrupts)]
    [TestCase(CsrNumber.Sip, CsrEffects.Interrupts)]
    [TestCase(CsrNumber.Mideleg, CsrEffects.Interrupts)]
    [TestCase(CsrNumber.Stimecmp, CsrEffects.Interrupts | CsrEffects.Timer)]
    [TestCase(CsrNumber.Pmpcfg0, CsrEffects.TranslationFlush)]
    [TestCase(CsrNumber.Pmpcfg2, CsrEffects.TranslationFlush)]
    [TestCase(CsrNumber.Pmpaddr0, CsrEffects.TranslationFlush)]
    [TestCase(CsrNumber.Medeleg, CsrEffects.None)]
    [TestCase(CsrNumber.Mscratch, CsrEffects.None)]
    [TestCase(CsrNumber.Stvec, CsrEffects.None)]
    [TestCase(CsrNumber.Misa, CsrEffects.None)]
    public void Other_registers_report_theirs(int number, CsrEffects expected)
    {
        var hart = CsrHart.WithEverythingOpen();

        Assert.That(hart.Write(number, 1), Is.EqualTo(expected));
    }

    [Test]
    public void Satp_asks_for_a_flush_only_when_it_changes()
    {
        var hart = CsrHart.AfterReset();
        const ulong Sv39 = (8UL << 60) | 0x80000;

        Assert.That(hart.Write(CsrNumber.Satp, Sv39), Is.EqualTo(CsrEffects.TranslationFlush));
        Assert.That(hart.Write(CsrNumber.Satp, Sv39), Is.EqualTo(CsrEffects.None));
        Assert.That(hart.Write(CsrNumber.Satp, 15UL << 60), Is.EqualTo(CsrEffects.None), "ignored");
        Assert.That(hart.Write(CsrNumber.Satp, 0), Is.EqualTo(CsrEffects.TranslationFlush));
    }

    [TestCase(0, CsrEffects.TranslationFlush, Description = "ADUE, which resets to 1, goes to 0")]
    [TestCase(61, CsrEffects.None)]
    [TestCase(63, CsrEffects.TranslationFlush | CsrEffects.Timer | CsrEffects.Interrupts)]
    public void Menvcfg_reports_changes_of_ADUE_and_STCE(int bit, CsrEffects expected)
    {
        var hart = CsrHart.AfterReset();

        Assert.That(hart.Write(CsrNumber.Menvcfg, 1UL << bit), Is.EqualTo(expected));
    }
}
