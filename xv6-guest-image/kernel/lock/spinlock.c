// Spinlocks, and the nesting of interrupts-off that they rest on.
#include "kernel/lock/spinlock.h"
#include "kernel/lib/print.h"
#include "kernel/proc/hart.h"
#include "kernel/riscv.h"

void spin_init(struct spinlock *lock, const char *name)
{
    lock->locked = 0;
    lock->name = name;
    lock->holder = 0;
}

// Needs no lock: only this hart ever makes itself the holder, and it sees what it wrote last.
int spin_held(struct spinlock *lock)
{
    return __atomic_load_n(&lock->holder, __ATOMIC_RELAXED) == this_hart();
}

void spin_acquire(struct spinlock *lock)
{
    irq_off();
    if (spin_held(lock))
        panic("lock %s: hart %d waits for itself", lock->name, hart_id());

    // Waits by reading, so that the line stays shared between those who wait; only a free lock is tried for.
    while (__atomic_exchange_n(&lock->locked, 1, __ATOMIC_ACQUIRE)) {
        while (__atomic_load_n(&lock->locked, __ATOMIC_RELAXED))
            ;
    }
    __atomic_store_n(&lock->holder, this_hart(), __ATOMIC_RELAXED);
}

void spin_release(struct spinlock *lock)
{
    if (!spin_held(lock)) {
        struct hart *holder = lock->holder;
        if (holder)
            panic("lock %s: hart %d releases what hart %d holds", lock->name, hart_id(), (int)(holder - harts));
        panic("lock %s: hart %d releases what nobody holds", lock->name, hart_id());
    }
    __atomic_store_n(&lock->holder, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&lock->locked, 0, __ATOMIC_RELEASE);
    irq_restore();
}

void irq_off(void)
{
    // Off before asking which hart this is, or the answer may be another's by the time it is used.
    int were_on = interrupts_enabled();
    interrupts_off();

    struct hart *hart = this_hart();
    if (hart->off_depth++ == 0)
        hart->on_before = were_on;
}

void irq_restore(void)
{
    struct hart *hart = this_hart();
    if (interrupts_enabled())
        panic("irq_restore: interrupts are on already");
    if (hart->off_depth < 1)
        panic("irq_restore: without irq_off");
    if (--hart->off_depth == 0 && hart->on_before)
        interrupts_on();
}
