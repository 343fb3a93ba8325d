// xv6 2019 and 2020: start drops to supervisor mode and no PMP entry was ever written. A conforming hart faults on the first
// fetch (QEMU since version 6 does); with -bios none this machine goes on.
#include "lib/guest.h"

static void run(void)
{
    REG64(RAM + (64ul << 20)) = 0x1234;
    expect_equal(REG64(RAM + (64ul << 20)), 0x1234, "memory");
    pass();
}

int main(void) { enter_supervisor_without_pmp(run); }
