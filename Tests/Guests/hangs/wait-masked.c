// The scheduler never lets interrupts in, and so wfi ends at once for ever.
#include "kernel.h"

static void on_tick(struct frame *frame)
{
    (void)frame;
    timer_next();
}

static void scheduler(void)
{
    u64 end = csr_read(time) + 3 * TICKS_PER_SECOND;
    supervisor_handler = on_tick;
    for (;;) {
        if (IS_WELL)
            csr_set(sstatus, STATUS_SIE);
        csr_clear(sstatus, STATUS_SIE);
        if (csr_read(time) > end)
            pass();
        wfi();
    }
}

int main(void)
{
    timer_start();
    kernel_enter(scheduler);
}
