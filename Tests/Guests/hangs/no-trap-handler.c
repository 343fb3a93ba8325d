// A trap comes before stvec is set.
#include "kernel.h"

static void run(void)
{
    if (!IS_WELL)
        csr_write(stvec, 0);
    if (!IS_WELL)
        asm volatile("ebreak");
    pass();
}

int main(void) { kernel_enter(run); }
