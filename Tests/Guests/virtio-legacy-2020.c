// xv6 2020 and 2021: the legacy interface, and every interrupt is acknowledged.
#include "lib/disk_check.h"

static void run(void)
{
    check_disk(0, (struct disk_style){.legacy = 1, .acknowledges = 1, .driver_ok_first = 1});
    expect_equal(REG32(VIRTIO(0) + 0x60), 0, "InterruptStatus after the last acknowledgement");
    u32 before = the_disk.interrupts;
    u64 start = now();
    while (now() - start < TICKS_PER_SECOND / 100)
        ;
    expect_equal(the_disk.interrupts, before, "interrupts without a request");
    pass();
}

int main(void) { enter_supervisor(run); }
