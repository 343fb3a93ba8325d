// The log: file system calls write nothing to its place directly. What a call changes stays in the cache, pinned, until
// no call is under way; then all of it is committed at once:
//
//   1. the changed blocks are written to the log,
//   2. the log's header, with their count and their numbers: from here on the transaction has happened,
//   3. the blocks are written to their places,
//   4. the header is written with a count of 0.
//
// After a crash, log_init does 3 and 4 again if the header has a count. The layout on disk is xv6's: the header at
// logstart, then the blocks in the header's order.
//
// A call writes MAXOPBLOCKS blocks at most, and begins only when the log has room for that many from each call under
// way. A call that has changed something returns when that is committed, so that what a program has seen done survives
// a crash, whatever else was under way.
#include "kernel/dev/virtio_blk.h"
#include "kernel/fs/log.h"
#include "kernel/lib/print.h"
#include "kernel/lib/string.h"
#include "kernel/param.h"
#include "kernel/proc/proc.h"

#define ENTRIES (BSIZE / sizeof(uint) - 1)

// As on disk; as long as the block can hold.
struct header {
    int count;
    uint block[ENTRIES];
};

static struct {
    struct spinlock lock;
    uint start;     // the header's block
    uint dev;
    int capacity;   // data blocks
    int under_way;  // calls between log_begin and log_end
    int committing; // no call may begin
    int stopped;    // nor ever again
    uint commits;   // so far
    int count;
    uint block[LOGBLOCKS]; // where each belongs
    uint place[LOGBLOCKS]; // where in the log
    struct buf *buffer[LOGBLOCKS];
    struct buf header; // not of the cache
} log;

static void write_header(int count)
{
    struct header *header = (struct header *)log.header.data;
    memset(header, 0, BSIZE);
    header->count = count;
    memmove(header->block, log.block, count * sizeof log.block[0]);
    disk_transfer(&log.header, 1);
}

static int recover(const struct superblock *superblock)
{
    struct header *header = (struct header *)log.header.data;
    disk_transfer(&log.header, 0);
    int count = header->count;
    int most = superblock->nlog - 1 < ENTRIES ? superblock->nlog - 1 : ENTRIES;
    if (count < 0 || count > most)
        panic("disk: the log's header is damaged: it counts %d blocks, and the log holds %d", count, most);
    for (int i = 0; i < count; i++) {
        if (header->block[i] < superblock->inodestart || header->block[i] >= superblock->size)
            panic("disk: the log's header is damaged: it has changes to block %u", header->block[i]);
    }
    for (int i = 0; i < count; i++) {
        struct buf *from = buf_read(log.dev, log.start + 1 + i);
        struct buf *to = buf_read(log.dev, header->block[i]);
        memmove(to->data, from->data, BSIZE);
        buf_write(to);
        buf_release(to);
        buf_release(from);
    }
    if (count > 0)
        write_header(0);
    return count;
}

int log_init(uint dev, const struct superblock *superblock)
{
    spin_init(&log.lock, "log");
    log.dev = dev;
    log.start = superblock->logstart;
    log.capacity = superblock->nlog - 1 < LOGBLOCKS ? superblock->nlog - 1 : LOGBLOCKS;
    for (int i = 0; i < LOGBLOCKS; i++)
        log.place[i] = log.start + 1 + i;
    log.header.dev = dev;
    log.header.blockno = log.start;
    return recover(superblock);
}

void log_begin(void)
{
    spin_acquire(&log.lock);
    while (log.stopped || log.committing || log.count + (log.under_way + 1) * MAXOPBLOCKS > log.capacity)
        proc_sleep(&log, &log.lock);
    log.under_way++;
    spin_release(&log.lock);
}

void log_write(struct buf *buffer)
{
#ifdef NO_LOG
    buf_write(buffer);
    return;
#endif
    spin_acquire(&log.lock);
    if (log.under_way == 0)
        panic("log: block %u is written outside a transaction", buffer->blockno);
    proc_current()->logged = 1;
    int i = 0;
    while (i < log.count && log.buffer[i] != buffer)
        i++;
    if (i == log.count) {
        if (i == log.capacity)
            panic("log: a transaction of more than %d blocks", log.capacity);
        log.buffer[i] = buffer;
        log.block[i] = buffer->blockno;
        buf_pin(buffer);
        log.count++;
    }
    spin_release(&log.lock);
}

// No call is under way and none begins: the blocks do not change, and neither does the list of them.
static void commit(void)
{
    if (log.count == 0)
        return;
    disk_write_all(log.buffer, log.place, log.count);
    write_header(log.count);
    disk_write_all(log.buffer, log.block, log.count);
    write_header(0);
    for (int i = 0; i < log.count; i++)
        buf_unpin(log.buffer[i]);
}

void log_end(void)
{
    spin_acquire(&log.lock);
    if (log.under_way == 0)
        panic("log: more ends than beginnings");
    uint before = log.commits;
    int last = --log.under_way == 0;
    if (last) {
        log.committing = 1;
        spin_release(&log.lock);
        commit();
        spin_acquire(&log.lock);
        log.count = 0;
        log.committing = 0;
        log.commits++;
    }
    proc_wake(&log); // there is room: this call's, if nothing else

    // Nothing is locked here but the log, so those whom this waits for do not wait for this.
    struct proc *process = proc_current();
    while (!last && process->logged && log.commits == before)
        proc_sleep(&log, &log.lock);
    process->logged = 0;
    spin_release(&log.lock);
}

void log_stop(void)
{
    spin_acquire(&log.lock);
    log.stopped = 1;
    while (log.under_way > 0 || log.committing)
        proc_sleep(&log, &log.lock);
    spin_release(&log.lock);
}
