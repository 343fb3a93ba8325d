// What a hart finds after reset with -bios none: machine mode, at 0x80000000 although the ELF names another entry point (which
// would fail this guest), everything off.
#include "lib/guest.h"

void wrong_entry(void) __attribute__((naked));
void wrong_entry(void)
{
    asm volatile("li t0, 0x100000; li t1, 0x633333; sw t1, 0(t0); j .");
}

int main(void)
{
    expect_equal(csr_read(mhartid), 0, "mhartid");
    u64 mstatus = csr_read(mstatus);
    expect_equal(mstatus & STATUS_MIE, 0, "mstatus.MIE");
    expect_equal(mstatus & STATUS_FS, 0, "mstatus.FS");
    expect_equal(csr_read(satp), 0, "satp");
    expect_equal(csr_read(mie), 0, "mie");
    expect_equal(csr_read(mideleg) & 0xaaa, 0, "mideleg");
    u64 misa = csr_read(misa);
    expect_equal(misa >> 62, 2, "misa.MXL");
    for (const char *letter = "IMAFDCSU"; *letter; letter++)
        expect(misa >> (*letter - 'A') & 1, "misa lacks an extension");
    expect(REG32(0x1000) != 0, "no boot ROM");
    pass();
}
