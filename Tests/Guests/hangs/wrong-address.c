// A device's address is wrong by a little.
#include "kernel.h"

#define STATUS (IS_WELL ? 0x10001070ul : 0x10009070ul)

static void virtio_disk_init(void)
{
    REG32(STATUS) = 0;
}

static void run(void)
{
    supervisor_handler = kerneltrap;
    virtio_disk_init();
    pass();
}

int main(void) { kernel_enter(run); }
