// Inodes: the table of those in memory, and how they come from the disk and go back.
//
// The order of locks, for all of the file system:
//
//   1. a transaction (log_begin) before any lock;
//   2. an inode's lock; two of them only where one is of a directory and the other of what is in it, the directory's
//      first. A path is walked with one lock at a time, so that `a/..` takes none in the wrong direction. Unlinking,
//      where the entry of a damaged disk may lead back up, does not insist on the second (lock_entry in syspath.c);
//   3. a buffer's lock; two only where buf.c says. Of the disk's areas, that of data comes before those of inodes and
//      free map;
//   4. spinlocks: the tables', the cache's, the log's, the disk's.
//
// Reading takes no transaction, so a process may hold an inode without one while another, inside one, waits for that
// inode. The first does not need the log to go on.
//
// What is on the disk is not trusted. An inode whose type, size, count of links or blocks can't be is as good as none:
// who locks it finds type 0, and nothing of it is written or freed.
#include "kernel/fs/block.h"
#include "kernel/fs/inode.h"
#include "kernel/fs/log.h"
#include "kernel/lib/print.h"
#include "kernel/lib/string.h"
#include "kernel/param.h"

static struct {
    struct spinlock lock; // guards each one's dev, inum, ref and next_reap
    struct inode inodes[NINODE];
    struct inode *reap; // unlinked and unused, still to be freed
} table;

void inode_init(void)
{
    spin_init(&table.lock, "inode table");
    for (int i = 0; i < NINODE; i++)
        sleeplock_init(&table.inodes[i].lock, "inode");
}

struct inode *inode_get(uint dev, uint inum)
{
    if (inum == 0 || inum >= fs_superblock()->ninodes)
        return 0;
    spin_acquire(&table.lock);
    struct inode *found = 0, *unused = 0;
    for (struct inode *inode = table.inodes; inode < table.inodes + NINODE && !found; inode++) {
        if (inode->ref == 0)
            unused = inode;
        else if (inode->dev == dev && inode->inum == inum)
            found = inode;
    }
    if (!found && unused) {
        found = unused;
        found->dev = dev;
        found->inum = inum;
        found->valid = 0;
    }
    if (found)
        found->ref++;
    spin_release(&table.lock);
    return found;
}

struct inode *inode_dup(struct inode *inode)
{
    spin_acquire(&table.lock);
    inode->ref++;
    spin_release(&table.lock);
    return inode;
}

// What is wrong with an inode that is in use, or 0.
static const char *damage(const struct dinode *disk)
{
    if (disk->type != T_DIR && disk->type != T_FILE && disk->type != T_DEVICE)
        return "type";
    if (disk->nlink < 0)
        return "link count";
    if (disk->size > MAXFILE * BSIZE)
        return "size";
    for (int i = 0; i <= NDIRECT; i++) {
        if (disk->addrs[i] != 0 && !block_is_data(disk->addrs[i]))
            return "block";
    }
    return 0;
}

// Once, not each time that a program tries it again.
static void report_damage(uint inum, const char *what)
{
    static uint last;
    if (__atomic_exchange_n(&last, inum, __ATOMIC_RELAXED) != inum)
        print("disk: inode %u is damaged: impossible %s\n", inum, what);
}

static void load(struct inode *inode)
{
    struct buf *buffer = buf_read(inode->dev, IBLOCK(inode->inum, *fs_superblock()));
    struct dinode disk = ((struct dinode *)buffer->data)[inode->inum % IPB];
    buf_release(buffer);
    const char *what = disk.type == 0 ? 0 : damage(&disk);
    if (what)
        report_damage(inode->inum, what);
    if (what || disk.type == 0)
        memset(&disk, 0, sizeof disk);
    inode->type = disk.type;
    inode->major = disk.major;
    inode->minor = disk.minor;
    inode->nlink = disk.nlink;
    inode->size = disk.size;
    memmove(inode->addrs, disk.addrs, sizeof inode->addrs);
    inode->valid = disk.type != 0; // else looked up again the next time: it may become a file
}

void inode_lock(struct inode *inode)
{
    sleeplock_acquire(&inode->lock);
    if (!inode->valid)
        load(inode);
}

void inode_unlock(struct inode *inode)
{
    sleeplock_release(&inode->lock);
}

void inode_update(struct inode *inode)
{
    struct buf *buffer = buf_read(inode->dev, IBLOCK(inode->inum, *fs_superblock()));
    struct dinode *disk = &((struct dinode *)buffer->data)[inode->inum % IPB];
    disk->type = inode->type;
    disk->major = inode->major;
    disk->minor = inode->minor;
    disk->nlink = inode->nlink;
    disk->size = inode->size;
    memmove(disk->addrs, inode->addrs, sizeof disk->addrs);
    log_write(buffer);
    buf_release(buffer);
}

// A free inode of this block of inodes, with its type set, or 0. Gets its place in memory before it changes the disk.
static struct inode *claim_in(uint dev, uint block, short type)
{
    struct buf *buffer = buf_read(dev, block);
    uint first = (block - fs_superblock()->inodestart) * IPB;
    struct inode *inode = 0;
    for (uint i = 0; i < IPB && first + i < fs_superblock()->ninodes; i++) {
        struct dinode *disk = &((struct dinode *)buffer->data)[i];
        if (first + i == 0 || disk->type != 0)
            continue;
        inode = inode_get(dev, first + i);
        if (inode) {
            memset(disk, 0, sizeof *disk);
            disk->type = type;
            log_write(buffer);
        }
        break;
    }
    buf_release(buffer);
    return inode;
}

struct inode *inode_alloc(uint dev, short type)
{
    const struct superblock *superblock = fs_superblock();
    // A directory entry has 16 bits for a number.
    uint numbers = superblock->ninodes < 1 << 16 ? superblock->ninodes : 1 << 16;
    for (uint first = 0; first < numbers; first += IPB) {
        struct inode *inode = claim_in(dev, IBLOCK(first, *superblock), type);
        if (inode)
            return inode;
    }
    return 0;
}

// Frees an inode that nothing names and nobody else uses, as far as one transaction suffices.
static void free_inode(struct inode *inode)
{
    sleeplock_acquire(&inode->lock);
    spin_acquire(&table.lock);
    int alone = inode->ref == 1; // an entry of a damaged disk may have led another here
    spin_release(&table.lock);
    if (alone && !inode_truncate(inode)) {
        inode->type = 0;
        inode_update(inode);
        inode->valid = 0;
    }
    sleeplock_release(&inode->lock);
}

// With one reference, the caller's, nobody has it locked.
static int is_to_be_freed(const struct inode *inode)
{
    return inode->ref == 1 && inode->valid && inode->nlink == 0;
}

// Takes a reference away. The last one of an unlinked file frees the file, now or in inode_reap.
//
// Once freed, the inode may be another file at once, and that one unlinked too and given up by all others while this
// process still counts: so it is looked at again, and then it is inode_reap's.
static void release(struct inode *inode, int now)
{
    spin_acquire(&table.lock);
    if (now && is_to_be_freed(inode)) {
        spin_release(&table.lock);
        free_inode(inode);
        spin_acquire(&table.lock);
    }
    if (is_to_be_freed(inode)) {
        inode->next_reap = table.reap; // the reference goes with it
        table.reap = inode;
    } else {
        inode->ref--;
    }
    spin_release(&table.lock);
}

void inode_put(struct inode *inode)
{
    release(inode, 1);
}

void inode_put_later(struct inode *inode)
{
    release(inode, 0);
}

void inode_unlock_put(struct inode *inode)
{
    inode_unlock(inode);
    inode_put(inode);
}

void inode_reap(void)
{
    for (;;) {
        spin_acquire(&table.lock);
        struct inode *inode = table.reap;
        if (inode)
            table.reap = inode->next_reap;
        spin_release(&table.lock);
        if (!inode)
            return;
        log_begin();
        inode_put(inode);
        log_end();
    }
}

void inode_stat(struct inode *inode, struct stat *stat)
{
    memset(stat, 0, sizeof *stat); // its padding too: a user gets to see it
    stat->dev = inode->dev;
    stat->ino = inode->inum;
    stat->type = inode->type;
    stat->nlink = inode->nlink;
    stat->size = inode->size;
}
