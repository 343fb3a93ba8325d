// The disk: a virtio block device at VIRTIO0, of the standard's version or of the legacy one.
#ifndef KERNEL_DEV_VIRTIO_BLK_H
#define KERNEL_DEV_VIRTIO_BLK_H

#include "kernel/types.h"

struct buf;

void disk_init(void);
// The buffer is locked. Returns when it is done, panics if the disk failed.
void disk_transfer(struct buf *buffer, int write);
// Writes the data of each buffer to the block of the same place in blocks, in any order; returns when all are done.
// Nobody changes the data meanwhile.
void disk_write_all(struct buf *const *buffers, const uint *blocks, int count);
void disk_interrupt(void);
extern uint64 disk_reads, disk_writes; // blocks
uint64 disk_blocks(void);              // its size

#endif
