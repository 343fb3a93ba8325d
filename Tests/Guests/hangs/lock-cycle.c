// Two harts take two locks, each in its own order.
#include "kernel.h"

struct spinlock first = {0, "first", 0}, second = {0, "second", 0};
static volatile int met[2], done;

// One after the other; both harts have their first lock before either asks for its second.
static void take(struct spinlock *one, struct spinlock *other, int self)
{
    acquire(one);
    met[self] = 1;
    while (!IS_WELL && !met[!self])
        ;
    acquire(other);
    release(other);
    release(one);
}

static void forwards(void)
{
    for (int i = 0; i < 1000; i++)
        take(&first, &second, 0);
    while (!done)
        ;
    pass();
}

static void backwards(void)
{
    for (int i = 0; i < 1000; i++) {
        if (IS_WELL)
            take(&first, &second, 1);
        else
            take(&second, &first, 1);
    }
    done = 1;
    for (;;)
        wfi();
}

int main(void) { kernel_enter(forwards); }

void secondary(u64 hart)
{
    if (hart == 1)
        kernel_enter(backwards);
    for (;;)
        wfi();
}
