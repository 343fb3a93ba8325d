// -m 128M: memory from 0x80000000 to 0x87ffffff, which xv6 hands out to its last page; beyond it, an access fault.
#include "lib/guest.h"

#define END (RAM + (128ul << 20))

static void run(void)
{
    u64 value;
    for (u64 address = RAM + (1ul << 20); address < END; address += PAGE)
        REG64(address) = address;
    for (u64 address = RAM + (1ul << 20); address < END; address += PAGE)
        expect_equal(REG64(address), address, "a page does not hold what was stored");
    expect_equal(try_load(END - 8, 8, &value), NO_TRAP, "last word");
    expect_equal(try_load(END, 8, &value), CAUSE_LOAD_ACCESS, "load beyond the end");
    expect_equal(last_tval, END, "stval");
    expect_equal(try_store(END, 1, 0), CAUSE_STORE_ACCESS, "store beyond the end");
    expect_equal(try_load(0x8000000, 8, &value), CAUSE_LOAD_ACCESS, "load where nothing is");
    pass();
}

int main(void) { enter_supervisor(run); }
