// One Sv39 page table for all harts, addresses unchanged: code can't be written, data can't be executed, nothing else is there.
#include "demo.h"

enum { PTE_V = 1, PTE_R = 2, PTE_W = 4, PTE_X = 8, TABLES = 16 };

static u64 tables[TABLES][512] __attribute__((aligned(PAGE)));
static int tables_used = 1; // tables[0] is the root

static void map(u64 from, u64 to, u64 permissions)
{
    for (u64 page = from; page < to; page += PAGE) {
        u64 *table = tables[0];
        for (int level = 2; level; level--) {
            u64 *entry = &table[page >> (12 + 9 * level) & 511];
            if (!(*entry & PTE_V))
                *entry = (u64)tables[tables_used++] >> 12 << 10 | PTE_V;
            table = (u64 *)(*entry >> 10 << 12);
        }
        table[page >> 12 & 511] = page >> 12 << 10 | permissions | PTE_V;
    }
}

void build_page_table(void)
{
    extern char data_start[], data_end[];
    map(RAM, (u64)data_start, PTE_R | PTE_X);
    map((u64)data_start, (u64)data_end, PTE_R | PTE_W);
    map(FINISHER, FINISHER + 2 * PAGE, PTE_R | PTE_W); // and the clock behind it
    map(PLIC, PLIC + 0x4000, PTE_R | PTE_W);
    map(PLIC + 0x200000, PLIC + 0x202000, PTE_R | PTE_W);
    map(UART, UART + 2 * PAGE, PTE_R | PTE_W); // and the disk behind it
}

void turn_on_paging(void)
{
    asm volatile("sfence.vma" : : : "memory");
    csr_write(satp, 8ul << 60 | (u64)tables[0] >> 12);
    asm volatile("sfence.vma" : : : "memory");
}
