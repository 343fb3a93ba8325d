// The disk exercise that the virtio guests of all years share; only the driver's style differs.
// The image has 64 sectors, byte i of sector n being 7n + i; the guest leaves 13n + i in sectors 8 to 15.
#ifndef DISK_CHECK_H
#define DISK_CHECK_H
#include "plic.h"
#include "virtio.h"

void check_disk(int slot, struct disk_style style); // supervisor mode
void transfer(struct disk *disk, int write, u64 sector, void *data); // submits, waits for the interrupt
extern struct disk the_disk;

#endif
