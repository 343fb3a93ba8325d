// Mutual exclusion between processes, for as long as a disk takes. Who waits sleeps; who holds may sleep.
#ifndef KERNEL_LOCK_SLEEPLOCK_H
#define KERNEL_LOCK_SLEEPLOCK_H

#include "kernel/lock/spinlock.h"

struct sleeplock {
    uint locked;
    struct spinlock guard;
    const char *name;
    int pid; // of the holder
};

void sleeplock_init(struct sleeplock *lock, const char *name);
void sleeplock_acquire(struct sleeplock *lock);
void sleeplock_release(struct sleeplock *lock); // panics if this process does not hold it
int sleeplock_held(struct sleeplock *lock);     // by this process

#endif
