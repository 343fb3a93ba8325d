// A page freed by one hart is filled with code by another and executed by the first, with no fence.i on either. Two harts.
#include "lib/guest.h"

static u32 code[2] __attribute__((aligned(PAGE)));
static volatile u32 wanted, written;

void secondary(u64 hart)
{
    if (hart != 1)
        return;
    for (u32 value = 0;;) {
        while (wanted == value)
            ;
        value = wanted;
        code[1] = 0x8067;
        code[0] = value << 20 | 0x513;
        fence();
        written = value;
    }
}

int main(void)
{
    for (u32 value = 1; value < 1000; value++) {
        wanted = value;
        expect_within(written == value, "the other hart did not write");
        fence();
        u64 got = ((u64(*)(void))code)();
        expect_equal(got, value, "executed code that another hart has overwritten");
    }
    pass();
}
