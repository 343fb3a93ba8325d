// Sleeping until another process or an interrupt says that something has changed, or until a time has come.
//
// No wake-up is lost: a sleeper names what it waits for before it lets go the lock under which it looked. Who makes the
// change under that lock and then wakes either comes before the look or finds the name, and waits for the sleeper's own
// lock until it is asleep.
#include "kernel/lib/print.h"
#include "kernel/proc/table.h"
#include "kernel/trap/trap.h"

static int sleep(void *chan, struct spinlock *lock, uint64 until)
{
    struct proc *process = proc_current();
    if (!process)
        panic("sleep without a process");

    spin_acquire(&process->lock);
    process->timed_out = 0;
    __atomic_store_n(&process->sleeps_on, chan, __ATOMIC_SEQ_CST);
    __atomic_store_n(&process->wake_at, until, __ATOMIC_SEQ_CST);
    spin_release(lock);

    // After wake_at is to be seen: the clock either counts later and finds it, or has counted and is found here.
    if (until && __atomic_load_n(&ticks, __ATOMIC_SEQ_CST) >= until) {
        process->timed_out = 1;
    } else if (process->alerted) {
        process->alerted = 0;
    } else {
        process->state = SLEEPING;
        proc_switch();
        process->alerted = 0;
    }
    process->sleeps_on = 0;
    process->wake_at = 0;
    int timed_out = process->timed_out;
    spin_release(&process->lock);

    spin_acquire(lock);
    return timed_out ? -1 : 0;
}

void proc_sleep(void *chan, struct spinlock *lock)
{
    sleep(chan, lock, 0);
}

int proc_sleep_until(void *chan, struct spinlock *lock, uint64 until)
{
    return sleep(chan, lock, until ? until : 1);
}

void proc_wake(void *chan)
{
    for (struct proc *process = proc; process < &proc[NPROC]; process++) {
        if (__atomic_load_n(&process->sleeps_on, __ATOMIC_SEQ_CST) != chan)
            continue;
        spin_acquire(&process->lock);
        if (process->state == SLEEPING && process->sleeps_on == chan)
            proc_make_runnable(process);
        spin_release(&process->lock);
    }
}

void proc_tick(uint now)
{
    __atomic_thread_fence(__ATOMIC_SEQ_CST); // ticks is to be seen before wake_at is looked at
    for (struct proc *process = proc; process < &proc[NPROC]; process++) {
        uint64 wake_at = __atomic_load_n(&process->wake_at, __ATOMIC_SEQ_CST);
        if (!wake_at || wake_at > now)
            continue;
        spin_acquire(&process->lock);
        if (process->state == SLEEPING && process->wake_at && process->wake_at <= now) {
            process->timed_out = 1;
            proc_make_runnable(process);
        }
        spin_release(&process->lock);
    }
}
