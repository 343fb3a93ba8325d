// Physical pages. A page is either free or has one owner; which, a bit each tells, so that a page freed twice is found
// at once. Pages that were never used are not touched: a machine with much memory starts as fast as one with little.
#include "kernel/lib/print.h"
#include "kernel/lib/string.h"
#include "kernel/lock/spinlock.h"
#include "kernel/mem/page.h"
#include "kernel/memlayout.h"
#include "kernel/riscv.h"

#define JUNK_NEW 0x05
#define JUNK_FREED 0xfb

// A free page that was used before holds the address of the next.
struct free_page {
    struct free_page *next;
};

static struct {
    struct spinlock lock;
    struct free_page *used_before;
    uint64 untouched;   // from here to the limit: pages that nobody had yet
    uint64 first, limit; // what is managed
    uint64 unused;      // pages
    uint64 *owned;      // a bit a page
} pages;

extern char end[]; // of the kernel: kernel.ld

void page_init(uint64 ram_end)
{
    spin_init(&pages.lock, "pages");
    uint64 start = PGROUNDUP((uint64)end);
    if (ram_end < start + 64 * PGSIZE)
        panic("too little memory: it ends at %p, the kernel at %p", (void *)ram_end, end);

    pages.owned = (uint64 *)start;
    uint64 bitmap_bytes = PGROUNDUP(((ram_end - start) / PGSIZE + 7) / 8);
    memset(pages.owned, 0, bitmap_bytes);

    pages.first = start + bitmap_bytes;
    pages.limit = PGROUNDDOWN(ram_end);
    pages.untouched = pages.first;
    pages.unused = page_total();
}

static uint64 *owner_word(uint64 page, uint64 *bit)
{
    uint64 number = (page - pages.first) / PGSIZE;
    *bit = 1UL << number % 64;
    return &pages.owned[number / 64];
}

static void *take(void)
{
    uint64 page = 0, bit;

    spin_acquire(&pages.lock);
    if (pages.used_before) {
        page = (uint64)pages.used_before;
        pages.used_before = pages.used_before->next;
    } else if (pages.untouched < pages.limit) {
        page = pages.untouched;
        pages.untouched += PGSIZE;
    }
    if (page) {
        *owner_word(page, &bit) |= bit;
        pages.unused--;
    }
    spin_release(&pages.lock);
    return (void *)page;
}

void *page_alloc(void)
{
    void *page = take();
    return page ? memset(page, JUNK_NEW, PGSIZE) : 0;
}

void *page_alloc_zero(void)
{
    void *page = take();
    return page ? memset(page, 0, PGSIZE) : 0;
}

void page_free(void *page)
{
    uint64 address = (uint64)page, bit;
    if (address % PGSIZE != 0 || address < pages.first || address >= pages.limit)
        panic("page_free: %p is no page", page);

    memset(page, JUNK_FREED, PGSIZE);
    spin_acquire(&pages.lock);
    uint64 *word = owner_word(address, &bit);
    if (!(*word & bit))
        panic("page_free: %p is free already", page);
    *word &= ~bit;

    struct free_page *free = page;
    free->next = pages.used_before;
    pages.used_before = free;
    pages.unused++;
    spin_release(&pages.lock);
}

uint64 page_total(void)
{
    return (pages.limit - pages.first) / PGSIZE;
}

uint64 page_unused(void)
{
    return __atomic_load_n(&pages.unused, __ATOMIC_RELAXED);
}
