// xv6 2024: the scheduler may execute wfi with SIE clear. The hart must wake when an enabled interrupt is pending, and go on
// after the wfi without a trap.
#include "lib/guest.h"

enum { DELAY = TICKS_PER_SECOND / 50 };

static volatile int traps;

static void on_interrupt(struct frame *frame)
{
    if (frame->cause != (INTERRUPT | 5))
        fail_trap(frame);
    traps++;
    asm volatile("csrw 0x14d, %0" : : "r"(~0ul)); // stimecmp: never again
}

static void run(void)
{
    supervisor_handler = on_interrupt;
    csr_clear(sstatus, STATUS_SIE);
    u64 deadline = csr_read(time) + DELAY;
    asm volatile("csrw 0x14d, %0" : : "r"(deadline));
    while (!(csr_read(sip) & STI))
        wfi();
    expect(csr_read(time) >= deadline, "the timer was early");
    wfi(); // still pending: returns at once
    expect_equal(traps, 0, "a trap was taken although SIE is clear");
    csr_set(sstatus, STATUS_SIE);
    expect_within(traps == 1, "the interrupt was lost");
    pass();
}

int main(void)
{
    // The same in machine mode, with the CLINT's timer.
    u64 deadline = MTIME + DELAY;
    MTIMECMP(0) = deadline;
    csr_clear(mstatus, STATUS_MIE);
    csr_write(mie, MTI);
    while (!(csr_read(mip) & MTI))
        wfi();
    expect(MTIME >= deadline, "the machine timer was early");
    MTIMECMP(0) = ~0ul;
    csr_write(mie, STI);
    asm volatile("csrs 0x30a, %0" : : "r"(1ul << 63)); // menvcfg.STCE
    csr_set(mcounteren, 2);
    asm volatile("csrw 0x14d, %0" : : "r"(~0ul));
    enter_supervisor(run);
}
