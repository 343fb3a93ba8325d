// A hart takes a lock and then works under it, for some seconds if it is well: xv6 takes a while to free a large process.
#include "kernel.h"

struct spinlock tickslock = {0, "time", 0};
static volatile int taken;

static void wants(void)
{
    while (!taken)
        ;
    acquire(&tickslock);
    release(&tickslock);
    pass();
}

static void works(void)
{
    acquire(&tickslock);
    taken = 1;
    for (u64 round = 0; !IS_WELL || round < 25000000; round++)
        asm volatile("");
    release(&tickslock);
    for (;;)
        wfi();
}

int main(void) { kernel_enter(wants); }

void secondary(u64 hart)
{
    if (hart == 1)
        kernel_enter(works);
    for (;;)
        wfi();
}
