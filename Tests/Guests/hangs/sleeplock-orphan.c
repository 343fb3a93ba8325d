// A process sleeps on a lock whose holder has ended with it.
#include "kernel.h"

struct sleeplock inode = {0, {0, "sleep lock", 0}, "inode", 0};

static void run(void)
{
    proc[2].pid = IS_WELL ? 9 : 10;
    proc[2].state = RUNNABLE;
    inode.locked = 1;
    inode.pid = 9;
    proc[0].pid = 3;
    proc[0].name[0] = 'r';
    proc[0].name[1] = 'm';
    proc[0].chan = &inode;
    proc[0].state = SLEEPING;
    tick_for(5);
}

int main(void)
{
    timer_start();
    kernel_enter(run);
}
