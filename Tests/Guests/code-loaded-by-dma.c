// Code that the disk delivers into a page that already held (and executed) other code, with no fence.i.
#include "lib/disk_check.h"

static u32 code[SECTOR / 4] __attribute__((aligned(PAGE)));

static void run(void)
{
    check_disk(0, (struct disk_style){.acknowledges = 1});
    for (u32 value = 1; value < 8; value++) {
        code[0] = value << 20 | 0x513; // li a0, value; ret
        code[1] = 0x8067;
        transfer(&the_disk, 1, 16 + value, code);
    }
    for (u32 value = 1; value < 8; value++) {
        transfer(&the_disk, 0, 16 + value, code);
        u64 got = ((u64(*)(void))code)();
        expect_equal(got, value, "executed code that the disk has overwritten");
    }
    pass();
}

int main(void) { enter_supervisor(run); }
