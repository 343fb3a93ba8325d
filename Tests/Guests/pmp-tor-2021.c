// xv6 from August 2021: pmpaddr0 = 0x3fffffffffffff, pmpcfg0 = 0xf opens all of memory to supervisor mode.
// A smaller top of range must close what lies above it.
#include "lib/guest.h"

#define LIMIT (RAM + (64ul << 20))

static void run(void)
{
    u64 value;
    expect_equal(try_store(LIMIT, 8, 42), NO_TRAP, "store under an all-memory entry");
    expect_equal(try_load(LIMIT, 8, &value), NO_TRAP, "load under an all-memory entry");
    expect_equal(value, 42, "value under an all-memory entry");
    pass();
}

// A load and a store made with supervisor privilege, through mstatus.MPRV.
static u64 load_as_supervisor(u64 address)
{
    csr_clear(mstatus, STATUS_MPP);
    csr_set(mstatus, 1 << 11 | 1 << 17);
    u64 cause = try_load(address, 8, 0);
    csr_clear(mstatus, 1 << 17);
    return cause;
}

int main(void)
{
    csr_write(pmpaddr0, LIMIT >> 2);
    csr_write(pmpcfg0, 0xf);
    expect_equal(csr_read(pmpaddr0), LIMIT >> 2, "pmpaddr0");
    expect_equal(csr_read(pmpcfg0), 0xf, "pmpcfg0");
    expect_equal(load_as_supervisor(LIMIT - 8), NO_TRAP, "load below the top of the range");
    expect_equal(load_as_supervisor(LIMIT), CAUSE_LOAD_ACCESS, "load at the top of the range");
    expect_equal(last_tval, LIMIT, "mtval");
    expect_equal(try_load(LIMIT, 8, 0), NO_TRAP, "machine mode is not bound by an unlocked entry");
    csr_write(pmpaddr0, 0x3fffffffffffff);
    expect_equal(csr_read(pmpaddr0), 0x3fffffffffffff, "pmpaddr0");
    enter_supervisor(run);
}
