// Sleep locks: a flag under a spinlock, and a place to sleep until it clears.
#include "kernel/lock/sleeplock.h"
#include "kernel/lib/print.h"
#include "kernel/proc/proc.h"

void sleeplock_init(struct sleeplock *lock, const char *name)
{
    spin_init(&lock->guard, "sleep lock");
    lock->locked = 0;
    lock->name = name;
    lock->pid = 0;
}

void sleeplock_acquire(struct sleeplock *lock)
{
    int pid = proc_current()->pid;

    spin_acquire(&lock->guard);
    if (lock->locked && lock->pid == pid)
        panic("sleep lock %s: process %d waits for itself", lock->name, pid);
    // A kill does not end this wait: what the lock guards has to be left in order first.
    while (lock->locked)
        proc_sleep(lock, &lock->guard);
    lock->locked = 1;
    lock->pid = pid;
    spin_release(&lock->guard);
}

void sleeplock_release(struct sleeplock *lock)
{
    int pid = proc_current()->pid;

    spin_acquire(&lock->guard);
    if (!lock->locked)
        panic("sleep lock %s: process %d releases what nobody holds", lock->name, pid);
    if (lock->pid != pid)
        panic("sleep lock %s: process %d releases what process %d holds", lock->name, pid, lock->pid);
    lock->locked = 0;
    lock->pid = 0;
    proc_wake(lock);
    spin_release(&lock->guard);
}

int sleeplock_held(struct sleeplock *lock)
{
    spin_acquire(&lock->guard);
    int held = lock->locked && lock->pid == proc_current()->pid;
    spin_release(&lock->guard);
    return held;
}
