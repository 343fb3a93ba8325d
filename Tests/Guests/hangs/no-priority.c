// The UART's interrupt is enabled, but its priority is left at 0.
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
    PLIC_SCLAIM(0) = claimed;
}

static void run(void)
{
    plic_enable(0, IRQ_VIRTIO0);
    plic_enable(0, IRQ_UART);
    if (!IS_WELL)
        PLIC_PRIORITY(IRQ_UART) = 0;
    supervisor_handler = on_interrupt;
    csr_set(sstatus, STATUS_SIE);
    REG8(UART + 1) = 2;
    for (u64 end = csr_read(time) + 5 * TICKS_PER_SECOND; csr_read(time) < end;)
        wfi();
    expect_equal(interrupts != 0, IS_WELL, "interrupts");
    pass();
}

int main(void)
{
    timer_start();
    kernel_enter(run);
}
