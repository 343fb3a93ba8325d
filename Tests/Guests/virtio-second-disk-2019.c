// xv6 2019: QEMUEXTRA puts a second disk on virtio-mmio-bus.1, which is IRQ 2.
#include "lib/disk_check.h"

static void run(void)
{
    check_disk(1, (struct disk_style){.legacy = 1, .driver_ok_first = 1});
    expect_equal(REG32(VIRTIO(2) + 8), 0, "device id of an empty slot");
    expect_equal(REG32(VIRTIO(7)), 0x74726976, "magic of an empty slot");
    pass();
}

int main(void) { enter_supervisor(run); }
