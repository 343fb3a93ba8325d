// PHYSTOP is a megabyte too high: the first page to be freed does not exist.
#include "kernel.h"

#define PHYSTOP (RAM + ((IS_WELL ? 128ul : 129ul) << 20))

static void kfree(void *page)
{
    *(volatile u64 *)page = 1;
}

static void run(void)
{
    supervisor_handler = kerneltrap;
    kfree((void *)(PHYSTOP - PAGE));
    pass();
}

int main(void) { kernel_enter(run); }
