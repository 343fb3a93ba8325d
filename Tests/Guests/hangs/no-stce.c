// xv6 of 2024 without its first line of timerinit: stimecmp is set in machine mode, where that is allowed, and nothing comes of it.
#include "kernel.h"

static void run(void) { tick_for(3); }

int main(void)
{
    csr_set(mcounteren, 2);
    if (IS_WELL)
        timer_start();
    else
        timer_next();
    kernel_enter(run);
}
