// Between the kernel and the memory of processes. A process may pass any address: each is looked up in its page table
// and must be the process's to read or write; what lies behind is reached through the kernel's own map.
#include "kernel/lib/string.h"
#include "kernel/mem/vm.h"
#include "kernel/proc/proc.h"

uint64 vm_user_page(pagetable_t table, uint64 virtual, uint64 permissions)
{
    pte_t *entry = vm_walk(table, virtual, 0);
    uint64 needed = permissions | PTE_V | PTE_U;
    return entry && (*entry & needed) == needed ? PTE2PA(*entry) : 0;
}

// Where the kernel finds a byte of user memory, or 0. A page that was only promised gets its memory now, as if the
// process had touched it.
static char *reach(pagetable_t table, uint64 virtual, uint64 permissions)
{
    uint64 page = vm_user_page(table, virtual, permissions);
    struct proc *process = page ? 0 : proc_current();
    if (process && process->pagetable == table)
        page = vm_user_fault(process, virtual);
    return page ? (char *)(page + virtual % PGSIZE) : 0;
}

static uint64 left_in_page(uint64 virtual, uint64 length)
{
    uint64 left = PGSIZE - virtual % PGSIZE;
    return left < length ? left : length;
}

// No range wraps, and none goes beyond what Sv39's lower half has.
static int is_range(uint64 start, uint64 length)
{
    return start < MAXVA && length <= MAXVA - start;
}

int copy_out(pagetable_t table, uint64 to, const void *from, uint64 length)
{
    const char *source = from;
    if (length > 0 && !is_range(to, length))
        return -1;
    while (length > 0) {
        uint64 piece = left_in_page(to, length);
        char *target = reach(table, to, PTE_W);
        if (!target)
            return -1;
        memmove(target, source, piece);
        to += piece;
        source += piece;
        length -= piece;
    }
    return 0;
}

int copy_in(pagetable_t table, void *to, uint64 from, uint64 length)
{
    char *target = to;
    if (length > 0 && !is_range(from, length))
        return -1;
    while (length > 0) {
        uint64 piece = left_in_page(from, length);
        const char *source = reach(table, from, PTE_R);
        if (!source)
            return -1;
        memmove(target, source, piece);
        from += piece;
        target += piece;
        length -= piece;
    }
    return 0;
}

int copy_in_string(pagetable_t table, char *to, uint64 from, uint64 size)
{
    uint64 length = 0;
    while (length < size && from + length < MAXVA) {
        uint64 piece = left_in_page(from + length, size - length);
        const char *source = reach(table, from + length, PTE_R);
        if (!source)
            return -1;
        for (uint64 i = 0; i < piece; i++, length++)
            if ((to[length] = source[i]) == 0)
                return length;
    }
    return -1;
}

int copy_to(int user, uint64 to, const void *from, uint64 length)
{
    if (user)
        return copy_out(proc_current()->pagetable, to, from, length);
    memmove((void *)to, from, length);
    return 0;
}

int copy_from(int user, void *to, uint64 from, uint64 length)
{
    if (user)
        return copy_in(proc_current()->pagetable, to, from, length);
    memmove(to, (const void *)from, length);
    return 0;
}
