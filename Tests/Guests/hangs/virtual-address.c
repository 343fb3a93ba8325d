// A virtual address where a physical one is needed: translation is still off.
#include "kernel.h"

#define TRAMPOLINE ((1ul << 38) - PAGE)

static void copy_trampoline(void)
{
    REG64(IS_WELL ? RAM + (1ul << 20) : TRAMPOLINE) = 1;
}

static void run(void)
{
    supervisor_handler = kerneltrap;
    copy_trampoline();
    pass();
}

int main(void) { kernel_enter(run); }
