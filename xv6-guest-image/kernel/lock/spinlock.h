// Mutual exclusion between harts, for a few instructions. Interrupts are off while one is held, so that no handler can
// wait for what its own hart holds.
#ifndef KERNEL_LOCK_SPINLOCK_H
#define KERNEL_LOCK_SPINLOCK_H

#include "kernel/types.h"

struct hart;

struct spinlock {
    uint locked;
    const char *name;    // for reports
    struct hart *holder; // while locked
};

void spin_init(struct spinlock *lock, const char *name);
void spin_acquire(struct spinlock *lock); // panics if this hart has it
void spin_release(struct spinlock *lock); // panics if this hart has not
int spin_held(struct spinlock *lock);     // by this hart; interrupts are off

// Interrupts off, nested: as many ons as offs restore what was before the first.
void irq_off(void);
void irq_restore(void);

#endif
