// Supervisor mode sets stimecmp itself, which menvcfg.STCE does not let it.
#include "kernel.h"

static void run(void)
{
    supervisor_handler = kerneltrap;
    timer_next();
    tick_for(1);
}

int main(void)
{
    csr_set(mcounteren, 2);
    if (IS_WELL)
        csr_number_write(menvcfg, csr_number_read(menvcfg) | STCE);
    kernel_enter(run);
}
