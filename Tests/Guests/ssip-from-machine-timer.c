// xv6 until 2023: the CLINT's timer interrupts machine mode, which raises SSIP; supervisor mode sees a software interrupt.
#include "lib/timervec.h"

enum { INTERVAL = TICKS_PER_SECOND / 100 };

static volatile int ticks;

static void on_interrupt(struct frame *frame)
{
    if (frame->cause != (INTERRUPT | 1))
        fail_trap(frame);
    expect(csr_read(sip) & SSI, "SSIP is not pending in its own handler");
    csr_write(sip, csr_read(sip) & ~SSI);
    expect(!(csr_read(sip) & SSI), "SSIP was not cleared");
    ticks++;
}

static void run(void)
{
    supervisor_handler = on_interrupt;
    csr_set(sstatus, STATUS_SIE);
    u64 start = now();
    expect_within(ticks >= 5, "no five ticks");
    expect(now() - start >= 4 * INTERVAL, "ticks came too early");
    pass();
}

int main(void)
{
    timer_start(0, INTERVAL);
    enter_supervisor(run);
}
