// No xv6 turns floating point on: mstatus.FS is 0 after reset, and a floating-point instruction is illegal until it is not.
#include "lib/guest.h"

static void run(void)
{
    expect_equal(csr_read(sstatus) & STATUS_FS, 0, "sstatus.FS");
    expect_equal(try_instruction("fadd.d f0, f1, f2"), CAUSE_ILLEGAL, "fadd.d with FS off, supervisor mode");
    expect_equal(try_instruction("fld f0, 0(sp)"), CAUSE_ILLEGAL, "fld with FS off, supervisor mode");
    pass();
}

int main(void)
{
    expect_equal(csr_read(mstatus) & STATUS_FS, 0, "mstatus.FS after reset");
    expect_equal(try_instruction("fadd.d f0, f1, f2"), CAUSE_ILLEGAL, "fadd.d with FS off");
    expect_equal(try_instruction("csrr t0, fcsr"), CAUSE_ILLEGAL, "fcsr with FS off");
    csr_set(mstatus, 1 << 13); // initial
    expect_equal(try_instruction("fmv.d.x f1, zero"), NO_TRAP, "fmv.d.x with FS on");
    expect_equal(csr_read(mstatus) & STATUS_FS, STATUS_FS, "FS is not dirty after a write");
    expect(csr_read(mstatus) >> 63, "SD");
    u64 sum;
    asm volatile("li t0, 3; fcvt.d.l f1, t0; li t0, 4; fcvt.d.l f2, t0; fmul.d f3, f1, f2; fcvt.l.d %0, f3"
                 : "=r"(sum) : : "t0");
    expect_equal(sum, 12, "3.0 * 4.0");
    csr_clear(mstatus, STATUS_FS);
    enter_supervisor(run);
}
