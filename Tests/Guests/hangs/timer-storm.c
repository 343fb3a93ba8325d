// The timer's handler does not set stimecmp anew.
#include "kernel.h"

static void on_tick(struct frame *frame)
{
    if (frame->cause != (INTERRUPT | 5))
        kerneltrap(frame);
    if (IS_WELL)
        timer_next();
}

static void run(void)
{
    supervisor_handler = on_tick;
    csr_set(sstatus, STATUS_SIE);
    for (u64 end = csr_read(time) + 3 * TICKS_PER_SECOND; csr_read(time) < end;)
        ;
    pass();
}

int main(void)
{
    timer_start();
    kernel_enter(run);
}
