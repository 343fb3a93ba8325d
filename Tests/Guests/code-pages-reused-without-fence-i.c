// xv6 never executes fence.i, although pages that held code are freed, written again and executed: what a hart executes must
// always be what memory holds. Supervisor mode, Sv39, one page mapped at two addresses, and one address moved to another page.
#include "lib/vm.h"

#define FIRST 0x40000000ul
#define SECOND 0x50000000ul

static page_table root;
static u64 *page, *other_page;

// li a0, value; ret
static void write_function(u64 address, u32 value)
{
    REG32(address) = value << 20 | 0x513;
    REG32(address + 4) = 0x8067;
}

static u64 call(u64 address) { return ((u64(*)(void))address)(); }

static void run(void)
{
    use(root);
    for (u32 i = 1; i < 1000; i++) {
        write_function(FIRST, i);
        expect_equal(call(FIRST), i, "written and called at one address");
        for (int again = 0; i % 100 == 0 && again < 200; again++)
            expect_equal(call(FIRST), i, "called again");
        write_function(SECOND, i + 1);
        expect_equal(call(FIRST), i + 1, "written at another address");
        expect_equal(call(SECOND), i + 1, "called at another address");
        write_function((u64)page, i ^ 0x400);
        expect_equal(call(SECOND), i ^ 0x400, "written through the kernel's mapping");
    }

    // Two functions that share a page: writing one leaves the other alone.
    write_function(FIRST + 0x100, 11);
    write_function(FIRST + 0x180, 22);
    for (u32 i = 0; i < 500; i++) {
        write_function(FIRST + 0x100, i);
        expect_equal(call(FIRST + 0x100), i, "first of two functions");
        expect_equal(call(FIRST + 0x180), 22, "second of two functions");
    }

    // One byte of an instruction is enough.
    write_function(FIRST, 1);
    expect_equal(call(FIRST), 1, "before the byte");
    REG8(FIRST + 3) = 0x7f;
    expect_equal(call(FIRST), 0x7f1, "after the byte");

    // exec: the same address, another page, the old one still full of the old code.
    write_function((u64)other_page, 77);
    write_function((u64)page, 66);
    for (int i = 0; i < 100; i++) {
        expect_equal(call(FIRST), 66, "before the mapping moved");
        map(root, FIRST, (u64)other_page, PAGE, PTE_R | PTE_W | PTE_X);
        sfence_vma();
        expect_equal(call(FIRST), 77, "after the mapping moved");
        map(root, FIRST, (u64)page, PAGE, PTE_R | PTE_W | PTE_X);
        sfence_vma();
    }
    pass();
}

int main(void)
{
    root = map_kernel();
    page = page_alloc();
    other_page = page_alloc();
    map(root, FIRST, (u64)page, PAGE, PTE_R | PTE_W | PTE_X);
    map(root, SECOND, (u64)page, PAGE, PTE_R | PTE_W | PTE_X);
    enter_supervisor(run);
}
