// Enables sources 0 to 63 at the PLIC by one store of 64 bits.
#include "kernel.h"

static void plicinithart(void)
{
    if (IS_WELL) {
        PLIC_SENABLE(0) = 1u << IRQ_UART;
        PLIC_SENABLE_HIGH(0) = 0xffffffff;
    } else {
        *(volatile u64 *)&PLIC_SENABLE(0) = 0xffffffff00000000 | 1u << IRQ_UART;
    }
}

static void run(void)
{
    supervisor_handler = kerneltrap;
    plicinithart();
    pass();
}

int main(void) { kernel_enter(run); }
