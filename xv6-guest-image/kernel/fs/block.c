// The free map: a bit a block, set if it is in use.
//
// A damaged map may call blocks free that are the file system's own, and files may name blocks that they can't have. So
// nothing outside the data area is ever given out or freed.
#include "kernel/fs/block.h"
#include "kernel/fs/inode.h"
#include "kernel/fs/log.h"
#include "kernel/lib/print.h"

// The block of the map where the last free one was found. A hint: the search goes round the whole map.
static volatile uint search_from;

uint free_map_blocks(void)
{
    return (fs_superblock()->size + BPB - 1) / BPB;
}

int block_is_data(uint block)
{
    const struct superblock *superblock = fs_superblock();
    return block >= superblock->size - superblock->nblocks && block < superblock->size;
}

// The first free block of those that a block of the map stands for, or 0. The bit is set, in the transaction.
static uint take_from(uint dev, uint map_block)
{
    uint first = map_block * BPB;
    struct buf *map = buf_read(dev, BBLOCK(first, *fs_superblock()));
    uint found = 0;
    for (uint byte = 0; byte < BSIZE && !found; byte++) {
        if (map->data[byte] == 0xff)
            continue;
        for (uint bit = 0; bit < 8 && !found; bit++) {
            uint block = first + byte * 8 + bit;
            if (!(map->data[byte] & 1 << bit) && block_is_data(block)) {
                map->data[byte] |= 1 << bit;
                log_write(map);
                found = block;
            }
        }
    }
    buf_release(map);
    return found;
}

uint block_alloc(uint dev)
{
    uint maps = free_map_blocks();
    uint from = search_from;
    for (uint i = 0; i < maps; i++) {
        uint map_block = (from + i) % maps;
        uint block = take_from(dev, map_block);
        if (!block)
            continue;
        search_from = map_block;
        struct buf *fresh = buf_zero(dev, block);
        log_write(fresh);
        buf_release(fresh);
        return block;
    }
    return 0;
}

uint fs_free_blocks(uint dev)
{
    uint count = 0;
    for (uint map_block = 0; map_block < free_map_blocks(); map_block++) {
        uint first = map_block * BPB;
        struct buf *map = buf_read(dev, BBLOCK(first, *fs_superblock()));
        for (uint i = 0; i < BPB; i++)
            count += block_is_data(first + i) && !(map->data[i / 8] & 1 << i % 8);
        buf_release(map);
    }
    return count;
}

void block_free(uint dev, uint block)
{
    if (!block_is_data(block))
        panic("block_free: block %u is not in the data area", block);
    struct buf *map = buf_read(dev, BBLOCK(block, *fs_superblock()));
    uchar *byte = &map->data[block % BPB / 8];
    uchar bit = 1 << block % 8;
    // Free already: two files have it, or the map is damaged. That is for a checker to mend; freeing it has no further
    // harm.
    if (*byte & bit) {
        *byte &= ~bit;
        log_write(map);
    }
    buf_release(map);
}
