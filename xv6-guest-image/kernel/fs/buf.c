// The buffer cache. A block that is in use, or pinned by the log, stays; of the others the least recently used gives
// way.
//
// The log pins LOGBLOCKS buffers at most, and NBUF is more than that. Outside a transaction a process holds one buffer
// at a time, inside one it holds two at most, and only LOGBLOCKS / MAXOPBLOCKS processes are inside: so whoever waits
// for a buffer gets one.
#include "kernel/dev/virtio_blk.h"
#include "kernel/fs/buf.h"
#include "kernel/lib/print.h"
#include "kernel/lib/string.h"
#include "kernel/param.h"
#include "kernel/proc/proc.h"

_Static_assert(NBUF > LOGBLOCKS + LOGBLOCKS / MAXOPBLOCKS, "the log could take all buffers");

static struct {
    struct spinlock lock; // guards the list, and each buffer's dev, blockno and refcnt
    struct buf buffers[NBUF];
    struct buf ends; // of the list: next is the one used last, prev the one not used for longest
    int waiting;     // processes, for a buffer that nobody uses
} cache;

static void unlink_buffer(struct buf *buffer)
{
    buffer->prev->next = buffer->next;
    buffer->next->prev = buffer->prev;
}

static void link_first(struct buf *buffer)
{
    buffer->next = cache.ends.next;
    buffer->prev = &cache.ends;
    buffer->next->prev = buffer;
    cache.ends.next = buffer;
}

void buf_init(void)
{
    spin_init(&cache.lock, "buffer cache");
    cache.ends.prev = cache.ends.next = &cache.ends;
    for (int i = 0; i < NBUF; i++) {
        sleeplock_init(&cache.buffers[i].lock, "buffer");
        link_first(&cache.buffers[i]);
    }
}

// The buffer of a block, referenced: the one that has it, else one to fill. The cache's lock is held.
static struct buf *find(uint dev, uint blockno)
{
    for (;;) {
        for (struct buf *buffer = cache.ends.next; buffer != &cache.ends; buffer = buffer->next) {
            if (buffer->dev == dev && buffer->blockno == blockno) {
                buffer->refcnt++;
                return buffer;
            }
        }
        for (struct buf *buffer = cache.ends.prev; buffer != &cache.ends; buffer = buffer->prev) {
            if (buffer->refcnt == 0) {
                buffer->dev = dev;
                buffer->blockno = blockno;
                buffer->valid = 0;
                buffer->refcnt = 1;
                return buffer;
            }
        }
        // While this sleeps, another may bring the block in: look from the start again.
        cache.waiting++;
        proc_sleep(&cache, &cache.lock);
        cache.waiting--;
    }
}

static struct buf *take(uint dev, uint blockno)
{
    spin_acquire(&cache.lock);
    struct buf *buffer = find(dev, blockno);
    spin_release(&cache.lock);
    sleeplock_acquire(&buffer->lock);
    return buffer;
}

struct buf *buf_read(uint dev, uint blockno)
{
    struct buf *buffer = take(dev, blockno);
    if (!buffer->valid) {
        disk_transfer(buffer, 0);
        buffer->valid = 1;
    }
    return buffer;
}

struct buf *buf_zero(uint dev, uint blockno)
{
    struct buf *buffer = take(dev, blockno);
    memset(buffer->data, 0, BSIZE);
    buffer->valid = 1;
    return buffer;
}

void buf_write(struct buf *buffer)
{
    if (!sleeplock_held(&buffer->lock))
        panic("buf_write: block %u is not locked", buffer->blockno);
    disk_transfer(buffer, 1);
}

// One use less. The cache's lock is held.
static void drop(struct buf *buffer)
{
    if (buffer->refcnt == 0)
        panic("buffer cache: block %u is not in use", buffer->blockno);
    if (--buffer->refcnt > 0)
        return;
    unlink_buffer(buffer);
    link_first(buffer);
    if (cache.waiting)
        proc_wake(&cache);
}

void buf_release(struct buf *buffer)
{
    sleeplock_release(&buffer->lock);
    buf_unpin(buffer);
}

void buf_pin(struct buf *buffer)
{
    spin_acquire(&cache.lock);
    buffer->refcnt++;
    spin_release(&cache.lock);
}

void buf_unpin(struct buf *buffer)
{
    spin_acquire(&cache.lock);
    drop(buffer);
    spin_release(&cache.lock);
}
