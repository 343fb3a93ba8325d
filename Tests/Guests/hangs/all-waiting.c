// Waits for an interrupt that nothing will ever make: the timer was never set.
#include "kernel.h"

static void idle(void)
{
    if (IS_WELL)
        tick_for(3);
    csr_set(sstatus, STATUS_SIE);
    for (;;)
        wfi();
}

int main(void)
{
    if (IS_WELL)
        timer_start();
    kernel_enter(idle);
}
