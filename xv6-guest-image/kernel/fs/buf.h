// The buffer cache: blocks of the disk in memory, each once, the least recently used replaced first.
#ifndef KERNEL_FS_BUF_H
#define KERNEL_FS_BUF_H

#include "kernel/fs.h"
#include "kernel/lock/sleeplock.h"

struct buf {
    uint dev, blockno;
    struct buf *prev, *next; // by last use
    int refcnt;              // who holds it or waits for it
    struct sleeplock lock;   // guards what follows
    int valid;               // data is the block's
    int disk;                // the disk is at work on it
    uchar data[BSIZE] __attribute__((aligned(8)));
};

void buf_init(void);
struct buf *buf_read(uint dev, uint blockno); // locked, with the block's data
struct buf *buf_zero(uint dev, uint blockno); // locked, with zeros: what the disk has there does not matter
void buf_write(struct buf *buffer);           // to the disk, now; locked
void buf_release(struct buf *buffer);
void buf_pin(struct buf *buffer);             // keeps it in the cache until unpinned
void buf_unpin(struct buf *buffer);

#endif
