// The page tables of processes. What a process may use is below its size; there, a page without an entry was promised
// by lazy growth and gets memory when it is first touched.
#include "kernel/lib/print.h"
#include "kernel/lib/string.h"
#include "kernel/mem/page.h"
#include "kernel/mem/vm.h"
#include "kernel/memlayout.h"
#include "kernel/proc/proc.h"

#define LEAF (PTE_R | PTE_W | PTE_X)

extern char trampoline[]; // kernel.ld

// The bytes that an entry of a table at this level covers.
static uint64 span(int level)
{
    return (uint64)PGSIZE << 9 * level;
}

static int is_table(pte_t entry, int level)
{
    return level > 0 && (entry & PTE_V) && !(entry & LEAF);
}

pagetable_t vm_user_create(uint64 trapframe)
{
    pagetable_t table = page_alloc_zero();
    if (!table)
        return 0;

    // No PTE_U: both are for the moments in which the kernel runs on this table.
    if (vm_map(table, TRAMPOLINE, (uint64)trampoline, PGSIZE, PTE_R | PTE_X) < 0 ||
        vm_map(table, TRAPFRAME, trapframe, PGSIZE, PTE_R | PTE_W) < 0) {
        vm_user_destroy(table, 0);
        return 0;
    }
    return table;
}

// Frees the pages from start to past, both in bytes from the address of the table's first entry, and the tables that
// they filled. Missing tables are passed over whole: a process may have promised itself more pages than could be
// visited one by one.
static void unmap(pagetable_t table, int level, uint64 start, uint64 past)
{
    for (uint64 index = start / span(level); index * span(level) < past; index++) {
        pte_t *entry = &table[index];
        if (!(*entry & PTE_V))
            continue;
        uint64 base = index * span(level);
        if (is_table(*entry, level)) {
            uint64 from = start > base ? start - base : 0;
            uint64 to = past - base < span(level) ? past - base : span(level);
            unmap((pagetable_t)PTE2PA(*entry), level - 1, from, to);
            if (from > 0 || to < span(level))
                continue;
        }
        page_free((void *)PTE2PA(*entry));
        *entry = 0;
    }
}

// The tables that are left, when no page of the user is.
static void free_tables(pagetable_t table, int level, uint64 base)
{
    for (uint64 index = 0; index < 512; index++) {
        pte_t entry = table[index];
        uint64 address = base + index * span(level);
        if (is_table(entry, level))
            free_tables((pagetable_t)PTE2PA(entry), level - 1, address);
        else if ((entry & PTE_V) && address != TRAMPOLINE && address != TRAPFRAME)
            panic("a page at %p outlives its process", (void *)address);
    }
    page_free(table);
}

void vm_user_destroy(pagetable_t table, uint64 size)
{
    unmap(table, 2, 0, PGROUNDUP(size));
    free_tables(table, 2, 0);
}

uint64 vm_user_grow(pagetable_t table, uint64 old_size, uint64 new_size, uint64 permissions)
{
    if (new_size <= old_size)
        return old_size;
    if (new_size > TRAPFRAME)
        return 0;
    for (uint64 address = PGROUNDUP(old_size); address < new_size; address += PGSIZE) {
        void *page = page_alloc_zero();
        if (page && vm_map(table, address, (uint64)page, PGSIZE, permissions | PTE_R | PTE_U) == 0)
            continue;
        if (page)
            page_free(page);
        vm_user_shrink(table, address, old_size);
        return 0;
    }
    return new_size;
}

uint64 vm_user_shrink(pagetable_t table, uint64 old_size, uint64 new_size)
{
    if (new_size >= old_size)
        return old_size;
    unmap(table, 2, PGROUNDUP(new_size), PGROUNDUP(old_size));
    return new_size;
}

// Copies what is below `past` bytes from the address of the table's first entry, which is at `base`.
static int copy_level(pagetable_t from, pagetable_t to, int level, uint64 base, uint64 past)
{
    for (uint64 index = 0; index < 512 && index * span(level) < past; index++) {
        pte_t entry = from[index];
        uint64 offset = index * span(level);
        if (is_table(entry, level)) {
            if (copy_level((pagetable_t)PTE2PA(entry), to, level - 1, base + offset, past - offset) < 0)
                return -1;
        } else if (entry & PTE_V) {
            void *page = page_alloc();
            if (!page)
                return -1;
            memcpy(page, (void *)PTE2PA(entry), PGSIZE);
            if (vm_map(to, base + offset, (uint64)page, PGSIZE, PTE_FLAGS(entry)) < 0) {
                page_free(page);
                return -1;
            }
        }
    }
    return 0;
}

int vm_user_copy(pagetable_t from, pagetable_t to, uint64 size)
{
    int result = copy_level(from, to, 2, 0, PGROUNDUP(size));
    if (result < 0)
        unmap(to, 2, 0, PGROUNDUP(size));
    return result;
}

void vm_user_forbid(pagetable_t table, uint64 virtual)
{
    pte_t *entry = vm_walk(table, virtual, 0);
    if (!entry || !(*entry & PTE_V))
        panic("vm_user_forbid: no page at %p", (void *)virtual);
    *entry &= ~PTE_U;
}

uint64 vm_user_fault(struct proc *process, uint64 virtual)
{
    uint64 address = PGROUNDDOWN(virtual);
    if (virtual >= process->size)
        return 0;
    pte_t *entry = vm_walk(process->pagetable, address, 0);
    if (entry && (*entry & PTE_V))
        return 0;

    void *page = page_alloc_zero();
    if (!page)
        return 0;
    if (vm_map(process->pagetable, address, (uint64)page, PGSIZE, PTE_R | PTE_W | PTE_U) < 0) {
        page_free(page);
        return 0;
    }
    return (uint64)page;
}
