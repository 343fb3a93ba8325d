// Files by number, directories, paths.
#ifndef KERNEL_FS_INODE_H
#define KERNEL_FS_INODE_H

#include "kernel/fs.h"
#include "kernel/lock/sleeplock.h"
#include "kernel/stat.h"

struct inode {
    uint dev, inum;
    struct inode *next_reap; // in the list of those to free; guarded by the table's lock
    int ref;                 // the same
    struct sleeplock lock;   // guards what follows
    short type, major, minor, nlink;
    uint addrs[NDIRECT + 1];
    uint size;
    int valid;               // the above is read from the disk
};

void inode_init(void);
void fs_init(uint dev); // the superblock, the log's recovery, orphans; in the first process, since it sleeps
const struct superblock *fs_superblock(void);
uint fs_free_blocks(uint dev); // counted in the free map

// References. get and dup add one, put takes it away (in a transaction: the last may free the file).
struct inode *inode_alloc(uint dev, short type); // 0 if there is none free
struct inode *inode_get(uint dev, uint inum);    // 0 if there is no such number, or too many are in memory
struct inode *inode_dup(struct inode *inode);
void inode_put(struct inode *inode);
void inode_put_later(struct inode *inode); // put, but leaves the freeing to inode_reap
void inode_reap(void);                     // frees what is left to free; not in a transaction
// Once locked, type is 0 if the disk has no such inode or a damaged one: then it has no contents.
void inode_lock(struct inode *inode);
void inode_unlock(struct inode *inode);
void inode_unlock_put(struct inode *inode);
void inode_update(struct inode *inode);  // to the disk; locked
// Frees contents; locked. Not 0 if that is too much for one transaction: then the file is shorter, and it takes
// another.
int inode_truncate(struct inode *inode);
void inode_stat(struct inode *inode, struct stat *stat);
// Bytes done, less than asked at the end of file or when the disk is full or memory is bad; -1 if nothing can be.
// Locked.
int inode_read(struct inode *inode, int user, uint64 to, uint offset, uint length);
int inode_write(struct inode *inode, int user, uint64 from, uint offset, uint length);
uint inode_write_most(uint offset); // bytes that one transaction may write there

// Directories; locked.
struct inode *dir_lookup(struct inode *dir, const char *name, uint *offset); // offset may be 0; a reference, or 0
int dir_link(struct inode *dir, const char *name, uint inum); // 0; -1 if the name is there or the disk is full
int dir_unlink(struct inode *dir, uint offset);                              // takes the entry there away: 0 or -1
int dir_empty(struct inode *dir);                                            // but for . and ..
int name_compare(const char *a, const char *b);

// Paths, in a transaction. A reference, or 0.
struct inode *path_lookup(const char *path);
struct inode *path_parent(const char *path, char name[DIRSIZ]); // and the last name

#endif
