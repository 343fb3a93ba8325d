// Which hart this is, and what it runs.
#include "kernel/proc/hart.h"
#include "kernel/lock/spinlock.h"
#include "kernel/proc/proc.h"

struct hart harts[NCPU];
volatile int harts_running;

int hart_id(void)
{
    uint64 tp;
    asm volatile("mv %0, tp" : "=r"(tp));
    return tp;
}

struct hart *this_hart(void)
{
    return &harts[hart_id()];
}

struct proc *proc_current(void)
{
    irq_off();
    struct proc *process = this_hart()->proc;
    irq_restore();
    return process;
}
