#include "disk_check.h"

struct disk the_disk;
static int irq;
static u8 buffer[SECTOR];

static void on_interrupt(struct frame *frame)
{
    if (frame->cause != (INTERRUPT | 9))
        fail_trap(frame);
    u32 claimed = PLIC_SCLAIM(0);
    if (!claimed)
        return;
    expect_equal(claimed, irq, "another source interrupted");
    disk_interrupt(&the_disk);
    PLIC_SCLAIM(0) = claimed;
}

void transfer(struct disk *disk, int write, u64 sector, void *data)
{
    u32 before = disk->interrupts;
    disk_submit(disk, write, sector, data);
    expect_within(disk_done(disk), "no interrupt told of the request's end");
    expect(disk->interrupts > before, "no new interrupt");
    expect_equal(disk_status(), 0, "request status");
}

static void expect_pattern(u64 sector, u64 factor)
{
    for (u64 i = 0; i < SECTOR; i++)
        expect_equal(buffer[i], (u8)(sector * factor + i), "wrong byte read");
}

void check_disk(int slot, struct disk_style style)
{
    irq = IRQ_VIRTIO0 + slot;
    supervisor_handler = on_interrupt;
    disk_init(&the_disk, slot, style);
    expect_equal(disk_sectors(&the_disk), 64, "capacity");
    plic_enable(0, irq);
    csr_set(sstatus, STATUS_SIE);

    for (u64 sector = 0; sector < 4; sector++) {
        transfer(&the_disk, 0, sector, buffer);
        expect_pattern(sector, 7);
    }
    for (u64 sector = 8; sector < 16; sector++) {
        for (u64 i = 0; i < SECTOR; i++)
            buffer[i] = sector * 13 + i;
        transfer(&the_disk, 1, sector, buffer);
    }
    for (u64 sector = 15; sector >= 8; sector--) {
        transfer(&the_disk, 0, sector, buffer);
        expect_pattern(sector, 13);
    }
    transfer(&the_disk, 0, 63, buffer);
    expect_pattern(63, 7);
}
