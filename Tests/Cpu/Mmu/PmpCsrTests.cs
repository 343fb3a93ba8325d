using NUnit.Framework;
using RiscvXv6.Emulator.Cpu.Csr;
using RiscvXv6.Emulator.Cpu.Mmu;
using RiscvXv6.Tests.Cpu.Csr;

namespace RiscvXv6.Tests.Cpu.Mmu;

/// <summary>Priv "Physical Memory Protection CSRs" and "Locking and Privilege Mode", through the CSRs.</summary>
internal sealed class PmpCsrTests
{
    private const ulong Locked = 0x80;
    private const ulong Tor = 0x08;
    private const ulong Na4 = 0x10;
    private const ulong Napot = 0x18;

    [TestCase(0x00UL, 0x00UL)]
    [TestCase(0x01UL, 0x01UL)]
    [TestCase(0x02UL, 0x00UL, Description = "W without R is reserved: W is dropped")]
    [TestCase(0x06UL, 0x04UL, Description = "W without R is reserved: W is dropped, X stays")]
    [TestCase(0x07UL, 0x07UL)]
    [TestCase(0x60UL, 0x00UL, Description = "the two reserved bits")]
    [TestCase(0x1FUL, 0x1FUL)]
    public void A_configuration_keeps_what_is_legal(ulong written, ulong expected)
    {
        var hart = CsrHart.AfterReset();

        Assert.That(hart.WriteThenRead(CsrNumber.Pmpcfg0, written << 16), Is.EqualTo(expected << 16));
        Assert.That(hart.WriteThenRead(CsrNumber.Pmpcfg2, written << 56), Is.EqualTo(expected << 56));
        Assert.That(hart.Read(CsrNumber.Pmpcfg0), Is.EqualTo(expected << 16), "pmpcfg2 is entries 8 to 15");
    }

    [Test]
    public void A_locked_entry_ignores_writes_to_its_own_configuration_and_address_only()
    {
        var hart = CsrHart.AfterReset();
        hart.Write(CsrNumber.Pmpaddr0 + 1, 0x1111);
        hart.Write(CsrNumber.Pmpcfg0, (Locked | Napot | 1) << 8);

        hart.Write(CsrNumber.Pmpcfg0, 0x0F0F0F);
        Assert.That(hart.Read(CsrNumber.Pmpcfg0), Is.EqualTo(0x0F_990F));
        Assert.That(hart.WriteThenRead(CsrNumber.Pmpaddr0 + 1, 0x2222), Is.EqualTo(0x1111));
        Assert.That(hart.WriteThenRead(CsrNumber.Pmpaddr0, 0x3333), Is.EqualTo(0x3333));
        Assert.That(hart.WriteThenRead(CsrNumber.Pmpaddr0 + 2, 0x4444), Is.EqualTo(0x4444));
    }

    [TestCase(Tor, true)]
    [TestCase(Na4, false)]
    [TestCase(Napot, false)]
    [TestCase(0UL, false)]
    public void A_locked_entry_locks_the_address_below_it_exactly_when_it_is_TOR(ulong matching, bool locks)
    {
        foreach (int entry in new[] { 1, 8, 15 })
        {
            var hart = CsrHart.AfterReset();
            hart.Write(CsrNumber.Pmpaddr0 + entry - 1, 0x1111);
            hart.Write(entry < 8 ? CsrNumber.Pmpcfg0 : CsrNumber.Pmpcfg2, (Locked | matching) << (8 * (entry & 7)));

            Assert.That(
                hart.WriteThenRead(CsrNumber.Pmpaddr0 + entry - 1, 0x2222),
                Is.EqualTo(locks ? 0x1111 : 0x2222),
                $"entry {entry}");
        }
    }

    [Test]
    public void Addresses_have_54_bits()
    {
        var hart = CsrHart.AfterReset();

        Assert.That(hart.WriteThenRead(CsrNumber.Pmpaddr0 + 15, ulong.MaxValue), Is.EqualTo(0x3F_FFFF_FFFF_FFFF));
    }

    [TestCase(CsrNumber.Pmpcfg0)]
    [TestCase(CsrNumber.Pmpcfg2)]
    [TestCase(CsrNumber.Pmpaddr0)]
    [TestCase(CsrNumber.Pmpaddr0 + 15)]
    public void Any_write_even_of_zero_ends_the_courtesy_and_a_read_does_not(int number)
    {
        var hart = CsrHart.AfterReset();
        hart.Read(number);
        Assert.That(hart.State.PmpTouched, Is.False);

        hart.Write(number, 0);
        Assert.That(hart.State.PmpTouched, Is.True);
    }

    [Test]
    public void Ranges_rebuilt_from_the_registers_are_those_that_the_writes_made()
    {
        var hart = CsrHart.AfterReset();
        hart.Write(CsrNumber.Pmpaddr0 + 4, 0x2000_0FFF);
        hart.Write(CsrNumber.Pmpcfg0, (Napot | 3) << 32);
        var restored = hart.State;
        restored.PmpActiveCount = 0;

        Pmp.Rebuild(ref restored);

        Assert.That(restored.PmpActiveCount, Is.EqualTo(5));
        Assert.That(restored.PmpActiveCount, Is.EqualTo(hart.State.PmpActiveCount));
    }
}
