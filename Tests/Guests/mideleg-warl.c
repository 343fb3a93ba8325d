// xv6 writes 0xffff to mideleg. The supervisor's three interrupts become delegated, the machine's three must not: its timer
// still interrupts machine mode, from supervisor mode and whatever SIE says.
#include "lib/guest.h"

static volatile int ticks;

static void on_machine_interrupt(struct frame *frame)
{
    if (frame->cause != (INTERRUPT | 7))
        fail_trap(frame);
    MTIMECMP(0) = ~0ul;
    ticks++;
}

static void run(void)
{
    csr_clear(sstatus, STATUS_SIE);
    MTIMECMP(0) = 0;
    expect_within(ticks == 1, "the machine timer did not interrupt machine mode");
    pass();
}

int main(void)
{
    csr_write(mideleg, 0xffff);
    u64 mideleg = csr_read(mideleg);
    expect_equal(mideleg & (SSI | STI | SEI), SSI | STI | SEI, "mideleg, supervisor's interrupts");
    expect_equal(mideleg & (MSI | MTI | MEI), 0, "mideleg, machine's interrupts");
    csr_write(medeleg, 0xffff);
    u64 wanted = 1 << 0 | 1 << 2 | 1 << 3 | 1 << 8 | 1 << 12 | 1 << 13 | 1 << 15;
    expect_equal(csr_read(medeleg) & wanted, wanted, "medeleg");
    machine_handler = on_machine_interrupt;
    MTIMECMP(0) = ~0ul;
    csr_set(mie, MTI);
    enter_supervisor(run);
}
