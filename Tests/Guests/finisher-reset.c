// The finisher resets the machine: the image is loaded anew and starts again. Only the disk remembers the first time.
#include "lib/disk_check.h"

static u64 sector[SECTOR / 8];
static u32 in_data = 1;

static void run(void)
{
    expect_equal(in_data, 1, "the data segment was not loaded again");
    in_data = 2;
    check_disk(0, (struct disk_style){.acknowledges = 1});
    transfer(&the_disk, 0, 32, sector);
    if (sector[0] == 0x5245534554) {
        put_text("second\n");
        pass();
    }
    put_text("first\n");
    sector[0] = 0x5245534554;
    transfer(&the_disk, 1, 32, sector);
    finish_with(0x7777);
}

int main(void) { enter_supervisor(run); }
