// The handler claims an interrupt and does not complete it: there is no second one.
#include "kernel.h"

static volatile int interrupts;

static void on_interrupt(struct frame *frame)
{
    if (frame->cause == (INTERRUPT | 5)) {
        timer_next();
        return;
    }
    u32 claimed = PLIC_SCLAIM(0);
    (void)REG8(UART + 2);
    interrupts++;
    if (IS_WELL)
        PLIC_SCLAIM(0) = claimed;
}

static void run(void)
{
    plic_enable(0, IRQ_UART);
    supervisor_handler = on_interrupt;
    csr_set(sstatus, STATUS_SIE);
    REG8(UART + 1) = 2; // the transmitter is empty: an interrupt at once
    for (u64 end = csr_read(time) + 3 * TICKS_PER_SECOND; csr_read(time) < end;)
        wfi();
    expect(interrupts, "no interrupt");
    pass();
}

int main(void)
{
    timer_start();
    kernel_enter(run);
}
