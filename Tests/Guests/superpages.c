// The pgtbl lab of 2024 and 2025 maps 2 MiB superpages. A leaf above level 0 must be aligned; a misaligned one faults.
#include "lib/vm.h"

#define WINDOW 0x40000000ul
#define TARGET (RAM + 2 * SUPERPAGE)
#define GIGAPAGE (1ul << 30)

static page_table root;

static void run(void)
{
    use(root);
    u64 value;
    for (u64 offset = 0; offset < SUPERPAGE; offset += 0x10008)
        REG64(WINDOW + offset) = offset ^ 0x5a5a;
    for (u64 offset = 0; offset < SUPERPAGE; offset += 0x10008)
        expect_equal(REG64(TARGET + offset), offset ^ 0x5a5a, "stored through a 2 MiB page");
    expect_equal(try_load(WINDOW + SUPERPAGE, 8, &value), CAUSE_LOAD_PAGE, "load past the superpage");
    expect_equal(last_tval, WINDOW + SUPERPAGE, "stval");
    expect(*pte_of(root, WINDOW, 1) & PTE_D, "D of a superpage");

    // A superpage whose low PPN bits are not zero.
    volatile u64 *pte = pte_of(root, WINDOW + 2 * SUPERPAGE, 1);
    *pte = pte_for(TARGET + PAGE, PTE_R | PTE_W | PTE_X);
    sfence_vma();
    expect_equal(try_load(WINDOW + 2 * SUPERPAGE, 8, &value), CAUSE_LOAD_PAGE, "load from a misaligned superpage");
    expect_equal(try_store(WINDOW + 2 * SUPERPAGE, 8, 0), CAUSE_STORE_PAGE, "store to a misaligned superpage");
    expect_equal(*pte & (PTE_A | PTE_D), 0, "A and D of a misaligned superpage");

    // A 1 GiB page, aligned and not.
    expect_equal(REG64(2 * GIGAPAGE + WINDOW + (TARGET - RAM)), 0x5a5a, "loaded through a 1 GiB page");
    pte = pte_of(root, 4 * GIGAPAGE, 2);
    *pte = pte_for(RAM + SUPERPAGE, PTE_R);
    sfence_vma();
    expect_equal(try_load(4 * GIGAPAGE, 8, &value), CAUSE_LOAD_PAGE, "load from a misaligned 1 GiB page");

    // Demotion, as the lab does: one superpage becomes 512 pages, and only the first keeps its place.
    u64 *table = page_alloc();
    for (int i = 0; i < 512; i++)
        table[i] = pte_for(TARGET + i * PAGE, PTE_R | PTE_W);
    table[1] = pte_for(TARGET + SUPERPAGE, PTE_R | PTE_W);
    REG64(TARGET + SUPERPAGE) = 0x7777;
    *pte_of(root, WINDOW, 1) = pte_for((u64)table, 0);
    sfence_vma();
    expect_equal(REG64(WINDOW), 0x5a5a, "the first page after demotion");
    expect_equal(REG64(WINDOW + PAGE), 0x7777, "the second page after demotion");

    // A pointer at the last level is no leaf.
    table[2] = pte_for(TARGET, 0);
    sfence_vma();
    expect_equal(try_load(WINDOW + 2 * PAGE, 8, &value), CAUSE_LOAD_PAGE, "load through a pointer at level 0");
    pass();
}

int main(void)
{
    root = map_kernel();
    *pte_of(root, WINDOW, 1) = pte_for(TARGET, PTE_R | PTE_W | PTE_X);
    map(root, TARGET, TARGET, SUPERPAGE + PAGE, PTE_R | PTE_W);
    *pte_of(root, 2 * GIGAPAGE + WINDOW, 2) = pte_for(2 * GIGAPAGE, PTE_R);
    enter_supervisor(run);
}
