// The kernel finds its own mistake.
#include "kernel.h"

struct spinlock lock = {0, "ftable", 0};

static void fileclose(int references)
{
    acquire(&lock);
    if (references < 1)
        panic("fileclose");
    release(&lock);
}

static void run(void)
{
    fileclose(IS_WELL);
    tick_for(1);
}

int main(void)
{
    timer_start();
    kernel_enter(run);
}
