// xv6 2019: a legacy driver that sets DRIVER_OK before it sets the queue up and never writes InterruptACK. Its line to the
// PLIC never falls, and still each request must interrupt.
#include "lib/disk_check.h"

static void run(void)
{
    check_disk(0, (struct disk_style){.legacy = 1, .acknowledges = 0, .driver_ok_first = 1});
    expect(REG32(VIRTIO(0) + 0x60) & 1, "InterruptStatus fell although nobody acknowledged");
    pass();
}

int main(void) { enter_supervisor(run); }
