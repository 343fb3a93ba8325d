using NUnit.Framework;
using RiscvXv6.Emulator.Cpu;
using RiscvXv6.Emulator.Cpu.Csr;

namespace RiscvXv6.Tests.Cpu.Csr;

/// <summary>Each row of the CSR table against the manuals.</summary>
internal sealed class CsrTableTests
{
    private const ulong Sd = 1UL << 63;

    private static IEnumerable<CsrExpectation> Expected => CsrExpectations.All;

    [Test]
    public void The_table_has_exactly_the_CSRs_of_this_machine()
    {
        Assert.That(
            CsrTable.Rows.Select(row => (row.Number, row.Name)),
            Is.EquivalentTo(Expected.Select(csr => (csr.Number, csr.Name))));
    }

    [Test]
    public void Every_access_to_every_number_from_every_privilege_is_legal_exactly_when_the_number_says_so()
    {
        var known = Expected.Select(csr => csr.Number).ToHashSet();
        var hart = CsrHart.WithEverythingOpen();
        var wrong = new List<string>();
        foreach (var mode in new[] { PrivilegeMode.User, PrivilegeMode.Supervisor, PrivilegeMode.Machine })
        {
            hart.State.Privilege = mode;
            for (int number = 0; number < 0x1000; number++)
            {
                // Priv "CSR Address Mapping Conventions": 0xNxx, N = access (top two bits) and lowest privilege.
                bool readable = known.Contains(number) && (int)mode >= (number >> 8 & 3);
                bool writable = readable && number < 0xC00;
                if (hart.MayRead(number) != readable || hart.MayRead(number, alsoWrites: true) != writable)
                {
                    wrong.Add($"{mode} 0x{number:x3}");
                }
            }
        }

        Assert.That(wrong, Is.Empty);
    }

    [TestCase(0x310, "mstatush")]
    [TestCase(0x3A1, "pmpcfg1")]
    [TestCase(0x3A3, "pmpcfg3")]
    [TestCase(0x3A4, "pmpcfg4")]
    [TestCase(0x3C0, "pmpaddr16")]
    [TestCase(0x5A8, "scontext")]
    [TestCase(0x600, "hstatus")]
    [TestCase(0x747, "mseccfg")]
    [TestCase(0x7A4, "tinfo")]
    [TestCase(0xB80, "mcycleh")]
    [TestCase(0xC80, "cycleh")]
    [TestCase(0xC20, "vl")]
    [TestCase(0xB01, "the gap where mtime would be")]
    public void What_this_machine_lacks_is_illegal_even_from_machine_mode(int number, string name)
    {
        Assert.That(CsrHart.WithEverythingOpen().MayRead(number), Is.False, name);
    }

    [TestCaseSource(nameof(Expected))]
    public void A_fresh_hart_reads_the_reset_value(CsrExpectation csr)
    {
        var hart = CsrHart.AfterReset();
        if (csr.Number <= 3)
        {
            hart.State.Mstatus |= 1UL << 13;
        }

        ulong expected = csr.Name == "time" ? CsrHart.NowTicks : csr.Reset;
        Assert.That(hart.Read(csr.Number), Is.EqualTo(expected));
    }

    [TestCaseSource(nameof(Expected))]
    public void Each_writable_bit_can_be_set_and_cleared_alone_and_no_other_bit_ever_changes(CsrExpectation csr)
    {
        if (csr.Number >= 0xC00)
        {
            Assert.That(CsrHart.WithEverythingOpen().MayRead(csr.Number, alsoWrites: true), Is.False);
            return;
        }

        for (int bit = 0; bit < 64; bit++)
        {
            if (IsLockBit(csr, bit))
            {
                continue;
            }

            var hart = OpenFor(csr);
            ulong cleared = Settled(hart.WriteThenRead(csr.Number, 0)), probe = 1UL << bit;

            ulong set = Settled(hart.WriteThenRead(csr.Number, probe));

            Assert.That(set ^ cleared, Is.EqualTo(MayStandAlone(csr, bit) ? probe & csr.Writable : 0), $"bit {bit}");
            Assert.That(Settled(hart.WriteThenRead(csr.Number, 0)), Is.EqualTo(cleared), $"bit {bit} cleared again");
        }
    }

    [TestCaseSource(nameof(Expected))]
    public void The_row_declares_the_mask_the_privilege_and_a_section(CsrExpectation csr)
    {
        var row = CsrFile.Find(csr.Number);

        Assert.That(row, Is.Not.Null);
        Assert.That(row.WriteMask & csr.Writable, Is.EqualTo(csr.Writable));
        Assert.That(row.WriteMask & ~csr.Writable & ~JointlyWritable(csr), Is.Zero);
        Assert.That(row.MinimumPrivilege, Is.EqualTo(csr.Privilege));
        Assert.That(row.IsReadOnly, Is.EqualTo(csr.Number >= 0xC00));
        Assert.That(row.Section, Does.Match("^(Priv|Unpriv|Sstc|Debug) \".+\"$"));
    }

    /// <summary>A hart where the views (sie, sip) show everything and Sstc leaves STIP to software.</summary>
    private static CsrHart OpenFor(CsrExpectation csr)
    {
        var hart = CsrHart.WithEverythingOpen();
        hart.State.Mideleg = csr.Name == "mideleg" ? 0 : 0x222UL;
        if (csr.Name == "mip")
        {
            hart.State.Menvcfg = 0;
        }

        return hart;
    }

    /// <summary>SD follows FS and is tested by hand.</summary>
    private static ulong Settled(ulong value) => (value & 0x6000) == 0x6000 ? value & ~Sd : value;

    /// <summary>False for bits that are legal only together with others; CsrWarlTests has those by hand.</summary>
    private static bool MayStandAlone(CsrExpectation csr, int bit) => csr.Name switch
    {
        // MPP = 2 is no mode.
        "mstatus" => bit != 12,

        // W without R is reserved.
        "pmpcfg0" or "pmpcfg2" => bit % 8 != 1,

        // MODE 8 is Sv39; no other single bit of the field is a mode.
        "satp" => bit < 60 || bit == 63,
        _ => true,
    };

    /// <summary>A lock can't be cleared again; PmpCsrTests has it.</summary>
    private static bool IsLockBit(CsrExpectation csr, int bit) => csr.Name is "pmpcfg0" or "pmpcfg2" && bit % 8 == 7;

    private static ulong JointlyWritable(CsrExpectation csr) => csr.Name switch
    {
        "satp" => 0xFUL << 60,
        "stvec" or "mtvec" => 2,
        _ => 0,
    };
}
