// Addresses that no process may use.
#include "user/tests/usertests/usertests.h"

static const uint64 addresses[] = {
    KERNBASE,              // the kernel's code
    KERNBASE + 0x100000,   // its data
    PHYSTOP - PGSIZE,      // RAM
    UART0,                 // devices
    PLIC,
    VIRTIO0,
    TRAPFRAME,             // mapped in each process, but not for it
    TRAPFRAME + 8,
    TRAMPOLINE,
    TRAMPOLINE + PGSIZE - 8,
    KSTACK(0),             // in the kernel's own page table
    MAXVA,                 // more bits than the kernel uses
    MAXVA + PGSIZE,
    MAXVA * 2 - PGSIZE,    // more than Sv39 has
    MAXVA * 4,
    0x8000000000000000,    // its sign extended
    0xffffffc000000000,
    -PGSIZE,               // the last page of all
    -8,
};

#define ADDRESSES (sizeof(addresses) / sizeof(addresses[0]))

uint64 bad_address(uint i)
{
    return i < ADDRESSES ? addresses[i] : i == ADDRESSES ? beyond_break() : 0;
}

uint64 beyond_break(void)
{
    return PGROUNDUP((uint64)sbrk(0));
}

char *page_end(void)
{
    uint64 now = (uint64)sbrk(0);
    if (now % PGSIZE && sbrk(PGSIZE - now % PGSIZE) == SBRK_ERROR)
        test_failed("no memory for the rest of a page");
    if (sbrk(PGSIZE) == SBRK_ERROR)
        test_failed("no memory for a page");
    return sbrk(0);
}
