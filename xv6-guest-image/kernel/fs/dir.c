// Directories: files of entries, each a name and an inode's number.
#include "kernel/fs/block.h"
#include "kernel/fs/buf.h"
#include "kernel/fs/inode.h"
#include "kernel/lib/string.h"

// What find looks for.
enum sought {
    NAMED,  // the entry of that name
    UNUSED, // an entry that names nothing
    OTHER,  // any entry but . and ..
};

int name_compare(const char *a, const char *b)
{
    return strncmp(a, b, DIRSIZ);
}

static int is_it(const struct dirent *entry, enum sought sought, const char *name)
{
    if (sought == UNUSED)
        return entry->inum == 0;
    if (entry->inum == 0)
        return 0;
    if (sought == NAMED)
        return name_compare(entry->name, name) == 0;
    return name_compare(entry->name, ".") != 0 && name_compare(entry->name, "..") != 0;
}

// The inode number of the first entry that fits, and where it is; -1 if there is none, and where the entries end.
static int find(struct inode *dir, enum sought sought, const char *name, uint *offset)
{
    uint end = dir->size / sizeof(struct dirent) * sizeof(struct dirent);
    for (uint first = 0; first < end; first += BSIZE) {
        uint block;
        if (inode_map(dir, first / BSIZE, 0, &block) < 0 || block == 0)
            continue; // a damaged directory: what can't be read has no entries
        struct buf *buffer = buf_read(dir->dev, block);
        for (uint at = 0; at < BSIZE && first + at < end; at += sizeof(struct dirent)) {
            const struct dirent *entry = (const struct dirent *)(buffer->data + at);
            if (!is_it(entry, sought, name))
                continue;
            int inum = entry->inum;
            buf_release(buffer);
            *offset = first + at;
            return inum;
        }
        buf_release(buffer);
    }
    *offset = end;
    return -1;
}

struct inode *dir_lookup(struct inode *dir, const char *name, uint *offset)
{
    uint at;
    if (dir->type != T_DIR)
        return 0;
    int inum = find(dir, NAMED, name, &at);
    if (offset)
        *offset = at;
    return inum < 0 ? 0 : inode_get(dir->dev, inum);
}

int dir_link(struct inode *dir, const char *name, uint inum)
{
    uint at;
    // In a directory without a name, what is put there would be lost when it goes.
    if (dir->type != T_DIR || dir->nlink == 0 || find(dir, NAMED, name, &at) >= 0)
        return -1;
    struct dirent entry = {.inum = inum};
    for (int i = 0; i < DIRSIZ && name[i]; i++)
        entry.name[i] = name[i];
    find(dir, UNUSED, 0, &at);
    return inode_write(dir, 0, (uint64)&entry, at, sizeof entry) == sizeof entry ? 0 : -1;
}

int dir_unlink(struct inode *dir, uint offset)
{
    struct dirent none = {.inum = 0};
    return inode_write(dir, 0, (uint64)&none, offset, sizeof none) == sizeof none ? 0 : -1;
}

int dir_empty(struct inode *dir)
{
    uint at;
    return find(dir, OTHER, 0, &at) < 0;
}
