// A virtio-mmio disk, driven as xv6 drives it: one queue of eight, a chain of three descriptors per request.
#ifndef VIRTIO_H
#define VIRTIO_H
#include "guest.h"

enum { SECTOR = 512 };

struct disk_style {
    int legacy;          // version 1: QUEUE_PFN; otherwise version 2: QUEUE_DESC_LOW ...
    int acknowledges;    // writes InterruptACK (2019 never does)
    int driver_ok_first; // sets DRIVER_OK before it sets the queue up (2019 does)
};

struct disk {
    u64 base;
    struct disk_style style;
    u8 *queue;           // two pages: descriptors and available ring, then the used ring
    volatile u16 used_seen;
    u32 interrupts;
};

void disk_init(struct disk *disk, int slot, struct disk_style style);
void disk_submit(struct disk *disk, int write, u64 sector, void *data); // 512 bytes; returns at once
int disk_done(struct disk *disk);                                      // true once the handler has seen the end
void disk_interrupt(struct disk *disk);                                // for the guest's handler, after the claim
u8 disk_status(void);                                                  // the last request's status byte
u64 disk_sectors(struct disk *disk);

#endif
