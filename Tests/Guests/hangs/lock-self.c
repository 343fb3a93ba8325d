// Takes a lock that it has: what xv6's holding() is there to find.
#include "kernel.h"

struct {
    struct spinlock lock;
    int count;
} kmem = {{0, "kmem", 0}, 0};

static void free_page(void)
{
    acquire(&kmem.lock);
    kmem.count++;
    release(&kmem.lock);
}

static void run(void)
{
    for (int i = 0; i < 1000; i++) {
        acquire(&kmem.lock);
        if (IS_WELL)
            release(&kmem.lock);
        free_page();
    }
    pass();
}

int main(void) { kernel_enter(run); }
