// xv6 2022 and later: version 2, three ring addresses, QUEUE_READY.
#include "lib/disk_check.h"

static void run(void)
{
    check_disk(0, (struct disk_style){.acknowledges = 1});
    expect_equal(REG32(VIRTIO(0) + 0x60), 0, "InterruptStatus after the last acknowledgement");
    pass();
}

int main(void) { enter_supervisor(run); }
