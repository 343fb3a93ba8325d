using NUnit.Framework;
using RiscvXv6.Emulator.Cpu;
using RiscvXv6.Emulator.Cpu.Csr;

namespace RiscvXv6.Tests.Cpu.Csr;

/// <summary>WARL fields and views, case by case, with values worked out by hand from the privileged manual.</summary>
internal sealed class CsrWarlTests
{
    private const ulong Sd = 1UL << 63;

    [TestCase(0UL, 0UL)]
    [TestCase(1UL, 1UL)]
    [TestCase(2UL, 1UL, Description = "reserved: keeps the old value, which is 1 here")]
    [TestCase(3UL, 3UL)]
    public void MPP_takes_the_modes_that_exist(ulong written, ulong expected)
    {
        var hart = CsrHart.AfterReset();
        hart.Write(CsrNumber.Mstatus, 1UL << 11);

        hart.Write(CsrNumber.Mstatus, written << 11);

        Assert.That(hart.Read(CsrNumber.Mstatus) >> 11 & 3, Is.EqualTo(expected));
    }

    [Test]
    public void A_reserved_MPP_does_not_stop_the_rest_of_the_write()
    {
        var hart = CsrHart.AfterReset();

        hart.Write(CsrNumber.Mstatus, (2UL << 11) | 0x8);

        Assert.That(hart.Read(CsrNumber.Mstatus), Is.EqualTo(0xA_0000_0008));
    }

    [TestCase(0UL, 0UL)]
    [TestCase(1UL, 0UL)]
    [TestCase(2UL, 0UL)]
    [TestCase(3UL, Sd)]
    public void SD_reports_that_FS_is_dirty_in_both_views(ulong fs, ulong sd)
    {
        var hart = CsrHart.AfterReset();

        hart.Write(CsrNumber.Sstatus, fs << 13);

        Assert.That(hart.Read(CsrNumber.Mstatus), Is.EqualTo(0xA_0000_0000 | (fs << 13) | sd));
        Assert.That(hart.Read(CsrNumber.Sstatus), Is.EqualTo(0x2_0000_0000 | (fs << 13) | sd));
    }

    [Test]
    public void Sstatus_neither_shows_nor_changes_what_belongs_to_machine_mode()
    {
        var hart = CsrHart.AfterReset();
        const ulong MachineOnly = 0x0072_1888;
        hart.Write(CsrNumber.Mstatus, MachineOnly);

        Assert.That(hart.Read(CsrNumber.Sstatus), Is.EqualTo(0x2_0000_0000));
        hart.Write(CsrNumber.Sstatus, 0);
        Assert.That(hart.Read(CsrNumber.Mstatus), Is.EqualTo(0xA_0000_0000 | MachineOnly));
        hart.Write(CsrNumber.Sstatus, ulong.MaxValue);
        Assert.That(hart.Read(CsrNumber.Sstatus), Is.EqualTo(Sd | 0x2_000C_6122));
    }

    [TestCase(CsrNumber.Fflags)]
    [TestCase(CsrNumber.Frm)]
    [TestCase(CsrNumber.Fcsr)]
    public void Floating_point_state_is_closed_while_FS_is_off_and_dirty_once_written(int number)
    {
        var hart = CsrHart.AfterReset();
        Assert.That(hart.MayRead(number), Is.False);

        hart.Write(CsrNumber.Mstatus, 1UL << 13);
        hart.Read(number);
        Assert.That(hart.Read(CsrNumber.Mstatus) >> 13 & 3, Is.EqualTo(1), "a read leaves FS alone");

        hart.Write(number, 0);
        Assert.That(hart.Read(CsrNumber.Mstatus) >> 13 & 3, Is.EqualTo(3));
    }

    [Test]
    public void Fflags_and_frm_are_parts_of_fcsr()
    {
        var hart = CsrHart.WithEverythingOpen();

        hart.Write(CsrNumber.Fcsr, 0xA5);
        Assert.That(hart.Read(CsrNumber.Fflags), Is.EqualTo(0x05));
        Assert.That(hart.Read(CsrNumber.Frm), Is.EqualTo(0x5));
        hart.Write(CsrNumber.Frm, 0x2);
        hart.Write(CsrNumber.Fflags, 0x1A);
        Assert.That(hart.Read(CsrNumber.Fcsr), Is.EqualTo(0x5A));
    }

    [TestCase(CsrNumber.Mtvec)]
    [TestCase(CsrNumber.Stvec)]
    public void A_trap_vector_takes_direct_and_vectored_and_ignores_other_modes(int number)
    {
        var hart = CsrHart.AfterReset();

        Assert.That(hart.WriteThenRead(number, 0x8000_0100), Is.EqualTo(0x8000_0100));
        Assert.That(hart.WriteThenRead(number, 0x8000_0201), Is.EqualTo(0x8000_0201));
        Assert.That(hart.WriteThenRead(number, 0x8000_0302), Is.EqualTo(0x8000_0201));
        Assert.That(hart.WriteThenRead(number, 0x8000_0403), Is.EqualTo(0x8000_0201));
    }

    [TestCase(0UL, true)]
    [TestCase(8UL, true)]
    [TestCase(9UL, true)]
    [TestCase(10UL, true)]
    [TestCase(1UL, false)]
    [TestCase(7UL, false)]
    [TestCase(11UL, false)]
    [TestCase(15UL, false)]
    public void Satp_ignores_a_write_with_an_unsupported_mode_whole(ulong mode, bool supported)
    {
        var hart = CsrHart.AfterReset();
        const ulong Before = (8UL << 60) | (0x1234UL << 44) | 0x80123;
        hart.Write(CsrNumber.Satp, Before);
        ulong written = (mode << 60) | 0x0FFF_FFFF_FFFF_FFFF;

        Assert.That(hart.WriteThenRead(CsrNumber.Satp, written), Is.EqualTo(supported ? written : Before));
    }

    [TestCase(PrivilegeMode.Machine, true, true)]
    [TestCase(PrivilegeMode.Supervisor, false, true)]
    [TestCase(PrivilegeMode.Supervisor, true, false)]
    [TestCase(PrivilegeMode.User, false, false)]
    public void TVM_closes_satp_to_supervisor_mode(PrivilegeMode mode, bool tvm, bool legal)
    {
        var hart = CsrHart.AfterReset();
        hart.Write(CsrNumber.Mstatus, tvm ? 1UL << 20 : 0);
        hart.State.Privilege = mode;

        Assert.That(hart.MayRead(CsrNumber.Satp), Is.EqualTo(legal));
    }

    [Test]
    public void What_xv6_writes_to_the_delegation_registers_leaves_the_machine_its_own()
    {
        var hart = CsrHart.AfterReset();

        Assert.That(hart.WriteThenRead(CsrNumber.Medeleg, 0xFFFF), Is.EqualTo(0xB3FF));
        Assert.That(hart.WriteThenRead(CsrNumber.Mideleg, 0xFFFF), Is.EqualTo(0x0222));
    }

    [Test]
    public void Sie_and_sip_are_the_delegated_part_only()
    {
        var hart = CsrHart.AfterReset();
        hart.Write(CsrNumber.Mideleg, 0x200);
        hart.Write(CsrNumber.Mie, 0xAAA);
        hart.Write(CsrNumber.Mip, 0x222);

        Assert.That(hart.Read(CsrNumber.Sie), Is.EqualTo(0x200));
        Assert.That(hart.Read(CsrNumber.Sip), Is.EqualTo(0x200));
        hart.Write(CsrNumber.Sie, 0);
        hart.Write(CsrNumber.Sip, 0);
        Assert.That(hart.Read(CsrNumber.Mie), Is.EqualTo(0x8AA));
        Assert.That(hart.Read(CsrNumber.Mip), Is.EqualTo(0x222), "SSIP is not delegated, the rest is not S's to clear");
    }

    [Test]
    public void Supervisor_mode_clears_a_delegated_SSIP_that_machine_mode_raised()
    {
        var hart = CsrHart.AfterReset();
        hart.Write(CsrNumber.Mideleg, 0xFFFF);
        hart.Write(CsrNumber.Mip, 0x2);
        hart.State.Privilege = PrivilegeMode.Supervisor;

        Assert.That(hart.ClearBits(CsrNumber.Sip, 2), Is.EqualTo(2));
        Assert.That(hart.Read(CsrNumber.Sip), Is.Zero);
    }

    [Test]
    public void STIP_is_software_s_without_STCE_and_the_comparator_s_with_it()
    {
        var hart = CsrHart.AfterReset();
        hart.Write(CsrNumber.Mip, 0x20);
        Assert.That(hart.Read(CsrNumber.Mip), Is.EqualTo(0x20));

        hart.Write(CsrNumber.Menvcfg, 1UL << 63);
        Assert.That(hart.Read(CsrNumber.Mip), Is.Zero, "the comparator has not passed");
        hart.Write(CsrNumber.Mip, 0x20);
        Assert.That(hart.Read(CsrNumber.Mip), Is.Zero);
        hart.State.LineInterrupts = 0x20;
        hart.Write(CsrNumber.Mip, 0);
        Assert.That(hart.Read(CsrNumber.Mip), Is.EqualTo(0x20));

        hart.Write(CsrNumber.Menvcfg, 0);
        Assert.That(hart.Read(CsrNumber.Mip), Is.Zero);
    }

    [Test]
    public void A_read_modify_write_of_mip_does_not_copy_the_external_line_into_the_software_bit()
    {
        var hart = CsrHart.AfterReset();
        hart.State.LineInterrupts = 0x200;

        Assert.That(hart.SetBits(CsrNumber.Mip, 0x2), Is.EqualTo(0x200), "rd gets the OR of line and bit");
        hart.State.LineInterrupts = 0;
        Assert.That(hart.Read(CsrNumber.Mip), Is.EqualTo(0x2));

        hart.SetBits(CsrNumber.Mip, 0x200);
        hart.ClearBits(CsrNumber.Mip, 0x2);
        Assert.That(hart.Read(CsrNumber.Mip), Is.EqualTo(0x200), "a bit that software set stays until it clears it");
    }

    [Test]
    public void Devices_interrupt_bits_are_read_only_in_mip()
    {
        var hart = CsrHart.AfterReset();
        hart.State.LineInterrupts = 0x888;

        Assert.That(hart.WriteThenRead(CsrNumber.Mip, 0), Is.EqualTo(0x888));
        hart.State.LineInterrupts = 0;
        Assert.That(hart.WriteThenRead(CsrNumber.Mip, ulong.MaxValue), Is.EqualTo(0x222));
    }
}
