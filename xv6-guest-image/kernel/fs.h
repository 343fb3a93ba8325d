// The file system on disk. Part of the user interface, and the format of xv6's disk images:
//
//   boot block | superblock | log | inodes | free map | data
//
// Block 0 is not used. The superblock says where the rest begins, and how long each part is.
#ifndef KERNEL_FS_H
#define KERNEL_FS_H

#include "kernel/types.h"

#define ROOTINO 1  // the root directory's inode
#define BSIZE 1024 // bytes of a block
#define FSMAGIC 0x10203040

struct superblock {
    uint magic;      // FSMAGIC
    uint size;       // blocks of the whole image
    uint nblocks;    // data blocks
    uint ninodes;    // inodes
    uint nlog;       // blocks of the log, with its header
    uint logstart;   // first block of the log
    uint inodestart; // first block of inodes
    uint bmapstart;  // first block of the free map
};

#define NDIRECT 12
#define NINDIRECT (BSIZE / sizeof(uint))
#define MAXFILE (NDIRECT + NINDIRECT) // blocks of the longest file

struct dinode {
    short type;              // T_…, or 0 if free
    short major;             // of a device
    short minor;             // of a device
    short nlink;             // directory entries that name it
    uint size;               // bytes
    uint addrs[NDIRECT + 1]; // its data blocks; the last is a block of further block numbers
};

#define IPB (BSIZE / sizeof(struct dinode)) // inodes in a block
#define IBLOCK(inum, sb) ((inum) / IPB + (sb).inodestart)
#define BPB (BSIZE * 8) // bits in a block of the free map
#define BBLOCK(block, sb) ((block) / BPB + (sb).bmapstart)

#define DIRSIZ 14

// A directory is a file of these. inum 0: not in use. A name of DIRSIZ bytes has no NUL.
struct dirent {
    ushort inum;
    char name[DIRSIZ];
};

#endif
