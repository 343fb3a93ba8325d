// What fstat tells of a file. Part of the user interface.
#ifndef KERNEL_STAT_H
#define KERNEL_STAT_H

#include "kernel/types.h"

#define T_DIR 1
#define T_FILE 2
#define T_DEVICE 3

struct stat {
    int dev;     // the disk it is on
    uint ino;    // its inode number there
    short type;  // T_…
    short nlink; // directory entries that name it
    uint64 size; // bytes
};

#endif
