// What a file contains: its blocks, reading and writing them. NDIRECT block numbers are in the inode; the last one it
// has is of a block with NINDIRECT more.
#include "kernel/fs/block.h"
#include "kernel/fs/inode.h"
#include "kernel/fs/log.h"
#include "kernel/lib/string.h"
#include "kernel/mem/vm.h"
#include "kernel/param.h"

// Blocks of the free map that one freeing may change: with an unlink or a link around it, a transaction is no larger
// than allowed.
#define SHORTEN_MAPS 4

static const uchar hole[BSIZE];

// A block for *slot if it has none and create says so. 0, or -1 if the disk is full or the number can't be. *changed
// says whether there is a new one.
static int fill_slot(struct inode *inode, uint *slot, int create, int *changed)
{
    *changed = 0;
    if (*slot == 0 && create) {
        *slot = block_alloc(inode->dev);
        *changed = *slot != 0;
        return *slot ? 0 : -1;
    }
    return *slot == 0 || block_is_data(*slot) ? 0 : -1;
}

int inode_map(struct inode *inode, uint index, int create, uint *block)
{
    int changed;
    *block = 0;
    if (index >= MAXFILE)
        return -1;
    if (index < NDIRECT) {
        if (fill_slot(inode, &inode->addrs[index], create, &changed) < 0)
            return -1;
        *block = inode->addrs[index];
        return 0;
    }
    if (fill_slot(inode, &inode->addrs[NDIRECT], create, &changed) < 0)
        return -1;
    uint indirect = inode->addrs[NDIRECT];
    if (indirect == 0)
        return 0;
    struct buf *buffer = buf_read(inode->dev, indirect);
    uint entry = ((uint *)buffer->data)[index - NDIRECT];
    // Not held while another is taken: with a damaged map the new block could be this very one, and its lock wait for
    // itself.
    buf_release(buffer);
    if (fill_slot(inode, &entry, create, &changed) < 0 || (changed && entry == indirect))
        return -1;
    if (changed) {
        buffer = buf_read(inode->dev, indirect);
        ((uint *)buffer->data)[index - NDIRECT] = entry;
        log_write(buffer);
        buf_release(buffer);
    }
    *block = entry;
    return 0;
}

// The blocks of the map that a freeing has changed.
struct maps {
    uint block[SHORTEN_MAPS];
    int count;
};

// Frees *slot. Not 0 if the map's block would be one too many.
static int free_slot(struct inode *inode, uint *slot, struct maps *maps)
{
    if (block_is_data(*slot)) {
        uint map = *slot / BPB;
        int i = 0;
        while (i < maps->count && maps->block[i] != map)
            i++;
        if (i == SHORTEN_MAPS)
            return 1;
        maps->block[i] = map;
        if (i == maps->count)
            maps->count++;
        block_free(inode->dev, *slot);
    }
    *slot = 0;
    return 0;
}

// The same for what the indirect block lists from block `first` of the contents on. *end is where the contents now end.
static int free_listed(struct inode *inode, uint first, struct maps *maps, uint *end)
{
    *end = first;
    if (!block_is_data(inode->addrs[NDIRECT]))
        return 0;
    struct buf *buffer = buf_read(inode->dev, inode->addrs[NDIRECT]);
    uint *entries = (uint *)buffer->data;
    uint n = MAXFILE;
    int more = 0;
    while (n > first && !more) {
        uint block = entries[n - 1 - NDIRECT];
        more = free_slot(inode, &block, maps);
        n -= !more;
    }
    // Freed as a whole, it need not change.
    if (n > NDIRECT) {
        memset(&entries[n - NDIRECT], 0, (MAXFILE - n) * sizeof *entries);
        log_write(buffer);
    }
    buf_release(buffer);
    *end = n;
    return more;
}

int inode_shorten(struct inode *inode, uint keep)
{
    struct maps maps = {.count = 0};
    uint end;
    int more = free_listed(inode, keep > NDIRECT ? keep : NDIRECT, &maps, &end);
    if (!more && end == NDIRECT)
        more = free_slot(inode, &inode->addrs[NDIRECT], &maps);
    while (!more && end > keep) {
        more = free_slot(inode, &inode->addrs[end - 1], &maps);
        end -= !more;
    }
    if (inode->size > end * BSIZE)
        inode->size = end * BSIZE;
    inode_update(inode);
    return more;
}

int inode_truncate(struct inode *inode)
{
    return inode_shorten(inode, 0);
}

static uint smaller(uint a, uint b)
{
    return a < b ? a : b;
}

int inode_read(struct inode *inode, int user, uint64 to, uint offset, uint length)
{
    if (offset >= inode->size)
        return 0;
    length = smaller(length, inode->size - offset);
    uint done = 0;
    while (done < length) {
        uint at = (offset + done) % BSIZE;
        uint some = smaller(length - done, BSIZE - at);
        uint block;
        if (inode_map(inode, (offset + done) / BSIZE, 0, &block) < 0)
            break;
        int bad;
        if (block == 0) {
            bad = copy_to(user, to + done, hole + at, some) < 0;
        } else {
            struct buf *buffer = buf_read(inode->dev, block);
            bad = copy_to(user, to + done, buffer->data + at, some) < 0;
            buf_release(buffer);
        }
        if (bad)
            break;
        done += some;
    }
    return done || length == 0 ? (int)done : -1;
}

int inode_write(struct inode *inode, int user, uint64 from, uint offset, uint length)
{
    if (length == 0)
        return 0;
    if (offset > inode->size || offset >= MAXFILE * BSIZE)
        return -1;
    length = smaller(length, MAXFILE * BSIZE - offset);
    uint done = 0;
    while (done < length) {
        uint at = (offset + done) % BSIZE;
        uint some = smaller(length - done, BSIZE - at);
        uint block;
        if (inode_map(inode, (offset + done) / BSIZE, 1, &block) < 0)
            break;
        struct buf *buffer = buf_read(inode->dev, block);
        int bad = copy_from(user, buffer->data + at, from + done, some) < 0;
        log_write(buffer); // even then: part of it may be copied, and the cache must not differ from the disk
        buf_release(buffer);
        if (bad)
            break;
        done += some;
    }
    if (offset + done > inode->size)
        inode->size = offset + done;
    if (done < length)
        inode_shorten(inode, (inode->size + BSIZE - 1) / BSIZE); // no block that was got for what did not come
    else
        inode_update(inode);
    return done ? (int)done : -1;
}

// Of MAXOPBLOCKS blocks, one is the inode's and one the indirect one; each further block, and the indirect one, may
// come from a different block of the free map.
uint inode_write_most(uint offset)
{
    uint blocks = MAXOPBLOCKS - 2;
    while (blocks > 1 && blocks + 2 + smaller(blocks + 1, free_map_blocks()) > MAXOPBLOCKS)
        blocks--;
    return blocks * BSIZE - offset % BSIZE;
}
