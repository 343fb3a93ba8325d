// The disk's blocks: which are free, and which are an inode's. Between the files of this folder.
#ifndef KERNEL_FS_BLOCK_H
#define KERNEL_FS_BLOCK_H

#include "kernel/types.h"

struct inode;

// The free map; in a transaction.
uint block_alloc(uint dev);             // filled with zeros; 0 if the disk is full
void block_free(uint dev, uint block);
int block_is_data(uint block);          // what lies elsewhere is no file's
uint free_map_blocks(void);             // how many blocks the map has

// The index-th block of a locked inode's contents: 0 or -1. Without create, *block may become 0: a hole, which reads as
// zeros.
int inode_map(struct inode *inode, uint index, int create, uint *block);
// Frees the blocks from index keep on, the last first, and writes the inode. Stops when the transaction has changed as
// much of the free map as it may: then not 0.
int inode_shorten(struct inode *inode, uint keep);

#endif
