#include "vm.h"

static u64 pool[64][PAGE / sizeof(u64)] __attribute__((aligned(PAGE)));
static int used;

u64 *page_alloc(void)
{
    expect(used < 64, "out of pages");
    return pool[used++];
}

u64 *pte_of(page_table root, u64 virtual, int level)
{
    u64 *table = root;
    for (int above = 2; above > level; above--) {
        u64 *entry = &table[virtual >> (12 + 9 * above) & 511];
        if (!(*entry & PTE_V))
            *entry = pte_for((u64)page_alloc(), 0);
        table = (u64 *)(*entry >> 10 << 12);
    }
    return &table[virtual >> (12 + 9 * level) & 511];
}

void map(page_table root, u64 virtual, u64 physical, u64 size, u64 permissions)
{
    for (u64 offset = 0; offset < size; offset += PAGE)
        *pte_of(root, virtual + offset, 0) = pte_for(physical + offset, permissions);
}

page_table map_kernel(void)
{
    extern char image_end[];
    page_table root = page_alloc();
    map(root, RAM, RAM, (u64)image_end - RAM, PTE_R | PTE_W | PTE_X);
    map(root, FINISHER, FINISHER, PAGE, PTE_R | PTE_W);
    map(root, CLINT, CLINT, 0x10000, PTE_R | PTE_W);
    map(root, PLIC, PLIC, 0x4000, PTE_R | PTE_W);
    map(root, PLIC + 0x200000, PLIC + 0x200000, 0x10000, PTE_R | PTE_W);
    map(root, UART, UART, PAGE, PTE_R | PTE_W);
    return root;
}

void use(page_table root)
{
    sfence_vma();
    csr_write(satp, satp_for(root));
    sfence_vma();
}
