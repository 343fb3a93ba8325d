// The system's sizes and limits. Part of the user interface: tests of exhaustion count on them.
#ifndef KERNEL_PARAM_H
#define KERNEL_PARAM_H

#define NPROC 64       // processes
#define NCPU 8         // harts
#define NOFILE 16      // open files of a process
#define NFILE 100      // open files of the system
#define NINODE 50      // inodes in memory
#define NDEV 10        // major device numbers
#define ROOTDEV 1      // the disk that holds the root directory
#define MAXARG 32      // arguments of exec
#define MAXPATH 128    // bytes of a path, with the NUL
#define MAXOPBLOCKS 10 // blocks that one file system call may write
#define LOGBLOCKS (MAXOPBLOCKS * 3) // data blocks of the log, at most
#define LOGSIZE LOGBLOCKS           // its name before 2025
#define NBUF (LOGBLOCKS + MAXOPBLOCKS) // blocks in the buffer cache: what the log pins, and some to work with
#define FSSIZE 2000    // blocks of the disk that is built with the guest
#define USERSTACK 1    // pages of a process's stack

#endif
