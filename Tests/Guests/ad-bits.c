// No xv6 sets the A and D bits of its page tables; the machine does, and pgaccess (2021, 2023) clears A and looks again.
#include "lib/vm.h"

#define WINDOW 0x40000000ul

static page_table root;
static volatile u64 *pte;

static void expect_bits(u64 bits, const char *why) { expect_equal(*pte & (PTE_A | PTE_D), bits, why); }

static void clear(u64 bits)
{
    *pte &= ~bits;
    sfence_vma();
}

static void run(void)
{
    use(root);
    expect_bits(0, "before any access");
    (void)REG64(WINDOW);
    expect_bits(PTE_A, "after a load");
    REG64(WINDOW) = 0x00008067; // ret
    expect_bits(PTE_A | PTE_D, "after a store");
    clear(PTE_A | PTE_D);
    expect_bits(0, "after clearing");
    (void)REG64(WINDOW);
    expect_bits(PTE_A, "after a load of a page that had A before");
    clear(PTE_A);
    ((void (*)(void))WINDOW)();
    expect_bits(PTE_A, "after a fetch");
    clear(PTE_A);
    REG8(WINDOW + 5) = 1;
    expect_bits(PTE_A | PTE_D, "after a store to a page that had A before");
    clear(PTE_A | PTE_D);
    __sync_fetch_and_add((u32 *)(WINDOW + 16), 1);
    expect_bits(PTE_A | PTE_D, "after an AMO");

    // A page that may not be written must not become dirty.
    *pte = pte_for(*pte >> 10 << 12, PTE_R);
    sfence_vma();
    expect_equal(try_store(WINDOW, 8, 0), CAUSE_STORE_PAGE, "store to a read-only page");
    expect(!(*pte & PTE_D), "a store that faulted set D");

    // pgaccess: scan 32 pages, of which three were touched.
    for (int i = 0; i < 32; i++)
        *pte_of(root, WINDOW + i * PAGE, 0) &= ~PTE_A;
    sfence_vma();
    (void)REG8(WINDOW + PAGE);
    REG8(WINDOW + 2 * PAGE) = 1;
    (void)REG8(WINDOW + 30 * PAGE + 4095);
    u32 touched = 0;
    for (int i = 0; i < 32; i++)
        if (*pte_of(root, WINDOW + i * PAGE, 0) & PTE_A)
            touched |= 1u << i;
    expect_equal(touched, 1u << 1 | 1u << 2 | 1u << 30, "the pages that were touched");
    pass();
}

int main(void)
{
    root = map_kernel();
    for (int i = 0; i < 32; i++)
        map(root, WINDOW + i * PAGE, (u64)page_alloc(), PAGE, PTE_R | PTE_W | PTE_X);
    pte = pte_of(root, WINDOW, 0);
    enter_supervisor(run);
}
