// Mounting: the superblock, the log's recovery, and files that lost their last name before a crash.
#include "kernel/dev/virtio_blk.h"
#include "kernel/fs/block.h"
#include "kernel/fs/inode.h"
#include "kernel/fs/log.h"
#include "kernel/lib/print.h"
#include "kernel/lib/string.h"
#include "kernel/param.h"

static struct superblock superblock;

const struct superblock *fs_superblock(void)
{
    return &superblock;
}

static uint64 blocks_for(uint64 things, uint64 in_a_block)
{
    return (things + in_a_block - 1) / in_a_block;
}

// The parts must follow each other as fs.h says: then no block number computed from them reaches into another part.
static void check(const struct superblock *s)
{
    if (s->magic != FSMAGIC)
        panic("disk: no xv6 file system: block 1 begins with 0x%x, not 0x%x", s->magic, FSMAGIC);
    if (s->size > disk_blocks())
        panic("disk: the superblock speaks of %u blocks, and the disk has %lu", s->size, disk_blocks());
    uint64 log_end = (uint64)s->logstart + s->nlog;
    uint64 inodes_end = s->inodestart + blocks_for(s->ninodes, IPB);
    uint64 map_end = s->bmapstart + blocks_for(s->size, BPB);
    if (s->logstart < 2 || log_end > s->inodestart || inodes_end > s->bmapstart || s->nblocks > s->size ||
        map_end > s->size - s->nblocks)
        panic("disk: the superblock is damaged: its parts overlap");
    if (s->nlog < MAXOPBLOCKS + 1)
        panic("disk: a log of %u blocks is too short: it takes %d", s->nlog, MAXOPBLOCKS + 1);
}

static void check_root(uint dev)
{
    struct inode *root = inode_get(dev, ROOTINO);
    if (!root)
        panic("disk: it has no inodes");
    inode_lock(root);
    if (root->type != T_DIR || root->nlink < 1)
        panic("disk: it has no root directory");
    inode_unlock_put(root);
}

// Frees inode number inum if it is in use and no directory names it: whether it did.
static int free_orphan(uint dev, uint inum)
{
    struct buf *buffer = buf_read(dev, IBLOCK(inum, superblock));
    struct dinode *disk = &((struct dinode *)buffer->data)[inum % IPB];
    int orphan = disk->type != 0 && disk->nlink == 0;
    buf_release(buffer);
    if (!orphan)
        return 0;
    log_begin();
    struct inode *inode = inode_get(dev, inum);
    inode_lock(inode);
    orphan = inode->type != 0; // else it is damaged, and left alone
    inode_unlock_put(inode);
    log_end();
    inode_reap();
    return orphan;
}

void fs_init(uint dev)
{
    if (disk_blocks() < 2)
        panic("disk: no xv6 file system: the disk has %lu blocks", disk_blocks());
    struct buf *buffer = buf_read(dev, 1);
    memmove(&superblock, buffer->data, sizeof superblock);
    buf_release(buffer);
    check(&superblock);
    int recovered = log_init(dev, &superblock);
    check_root(dev);
    int orphans = 0;
    for (uint inum = ROOTINO + 1; inum < superblock.ninodes; inum++)
        orphans += free_orphan(dev, inum);

    print("disk: %u blocks of 1 KB, ", superblock.size);
    if (recovered)
        print("recovered %d block%s from the log", recovered, recovered == 1 ? "" : "s");
    else
        print("log clean");
    if (orphans)
        print(", freed %d orphan%s", orphans, orphans == 1 ? "" : "s");
    print("\n");
}
