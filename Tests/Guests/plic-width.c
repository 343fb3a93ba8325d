// The PLIC answers to 32-bit accesses only; any other width is an access fault.
#include "lib/plic.h"

static void run(void)
{
    const u64 registers[] = {PLIC + 4 * 8, PLIC + 0x1000, PLIC + 0x2080, PLIC + 0x201000};
    for (int i = 0; i < 4; i++) {
        u64 value;
        expect_equal(try_load(registers[i], 4, &value), NO_TRAP, "32-bit load");
        expect_equal(try_load(registers[i], 8, &value), CAUSE_LOAD_ACCESS, "64-bit load");
        expect_equal(last_tval, registers[i], "stval");
        expect_equal(try_store(registers[i], 8, 0), CAUSE_STORE_ACCESS, "64-bit store");
        expect_equal(try_load(registers[i], 2, &value), CAUSE_LOAD_ACCESS, "16-bit load");
        expect_equal(try_load(registers[i], 1, &value), CAUSE_LOAD_ACCESS, "8-bit load");
        expect_equal(try_store(registers[i], 1, 0), CAUSE_STORE_ACCESS, "8-bit store");
    }
    pass();
}

int main(void) { enter_supervisor(run); }
