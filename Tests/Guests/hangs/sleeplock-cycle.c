// Two processes sleep on what the other one holds, and the clock ticks.
#include "kernel.h"

struct sleeplock left = {0, {0, "sleep lock", 0}, "left", 0}, right = {0, {0, "sleep lock", 0}, "right", 0};

static void sleeps(int slot, int pid, char *name, struct sleeplock *holds, struct sleeplock *wants)
{
    proc[slot].pid = pid;
    for (int i = 0; i < 15 && name[i]; i++)
        proc[slot].name[i] = name[i];
    holds->locked = 1;
    holds->pid = pid;
    proc[slot].chan = wants;
    proc[slot].state = SLEEPING;
}

static void run(void)
{
    sleeps(0, 3, "cat", &left, &right);
    sleeps(1, 4, "wc", &right, IS_WELL ? (void *)&proc[1] : &left);
    tick_for(5);
}

int main(void)
{
    timer_start();
    kernel_enter(run);
}
