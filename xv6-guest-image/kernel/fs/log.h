// The write-ahead log: what happens between log_begin and log_end reaches the disk as a whole or not at all.
#ifndef KERNEL_FS_LOG_H
#define KERNEL_FS_LOG_H

#include "kernel/fs/buf.h"

int log_init(uint dev, const struct superblock *superblock); // recovers; how many blocks it wrote home
void log_begin(void);
void log_write(struct buf *buffer); // in place of buf_write; locked
void log_end(void);
void log_stop(void); // before the power goes: all calls that began have ended and are on the disk; no other begins

#endif
