// Misaligned loads and stores work, across pages too, and also where the two pages are not neighbours in physical memory.
#include "lib/vm.h"

#define WINDOW 0x40000000ul

static page_table root;
static u8 *pages[3];

// The reference: the byte at a virtual address, by the physical page that main put there.
static u8 *byte_at(u64 address) { return &pages[(address - WINDOW) / PAGE][address % PAGE]; }

static void check(u64 address, int size)
{
    for (int i = 0; i < size; i++)
        *byte_at(address + i) = 0x81 + 17 * i + address;
    u64 expected = 0, value;
    for (int i = size - 1; i >= 0; i--)
        expected = expected << 8 | *byte_at(address + i);
    expect_equal(try_load(address, size, &value), NO_TRAP, "misaligned load");
    expect_equal(value, expected, "value of a misaligned load");

    *byte_at(address - 1) = 0xa5;
    *byte_at(address + size) = 0x5a;
    expect_equal(try_store(address, size, 0x1122334455667788), NO_TRAP, "misaligned store");
    for (int i = 0; i < size; i++)
        expect_equal(*byte_at(address + i), 0x11 * (8 - i), "byte of a misaligned store");
    expect(*byte_at(address - 1) == 0xa5 && *byte_at(address + size) == 0x5a, "a misaligned store hit its neighbours");
}

static void run(void)
{
    use(root);
    for (u64 offset = PAGE - 16; offset < PAGE + 16; offset++)
        for (int size = 2; size <= 8; size *= 2)
            check(WINDOW + offset, size);

    // The second page is missing: nothing is stored, and stval is the part that faults.
    u64 edge = WINDOW + 3 * PAGE - 4;
    REG32(edge) = 0x01020304;
    expect_equal(try_load(edge, 8, 0), CAUSE_LOAD_PAGE, "load over the edge");
    expect_equal(try_store(edge, 8, ~0ul), CAUSE_STORE_PAGE, "store over the edge");
    expect_equal(REG32(edge), 0x01020304, "a store that faulted wrote something");
    pass();
}

int main(void)
{
    // Machine mode, no translation.
    static u64 words[4];
    for (int offset = 1; offset < 8; offset++) {
        REG64((u64)words + offset) = 0x0102030405060708;
        expect_equal(REG8((u64)words + offset + 7), 1, "last byte of a misaligned store");
        expect_equal(REG64((u64)words + offset), 0x0102030405060708, "misaligned load, no translation");
    }
    root = map_kernel();
    pages[2] = (u8 *)page_alloc();
    page_alloc();
    pages[0] = (u8 *)page_alloc();
    page_alloc();
    pages[1] = (u8 *)page_alloc();
    for (int i = 0; i < 3; i++)
        map(root, WINDOW + i * PAGE, (u64)pages[i], PAGE, PTE_R | PTE_W);
    enter_supervisor(run);
}
