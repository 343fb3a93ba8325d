// A hart takes a lock, forgets it and waits for the next interrupt; another hart wants it.
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

static void forgets(void)
{
    acquire(&tickslock);
    taken = 1;
    if (IS_WELL)
        release(&tickslock);
    for (;;)
        wfi();
}

int main(void) { kernel_enter(wants); }

void secondary(u64 hart)
{
    if (hart == 1)
        kernel_enter(forgets);
    for (;;)
        wfi();
}
