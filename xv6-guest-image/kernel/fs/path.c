// Paths: names with slashes between, from the root or from the current directory.
#include "kernel/fs/inode.h"
#include "kernel/param.h"
#include "kernel/proc/proc.h"

static const char *skip_slashes(const char *path)
{
    while (*path == '/')
        path++;
    return path;
}

// Takes the first name off a path: what is left, without slashes before it, or 0 if there is no name. A longer name
// counts by its first DIRSIZ bytes.
static const char *take_name(const char *path, char name[DIRSIZ])
{
    path = skip_slashes(path);
    if (*path == 0)
        return 0;
    int length = 0;
    for (; *path && *path != '/'; path++) {
        if (length < DIRSIZ)
            name[length++] = *path;
    }
    if (length < DIRSIZ)
        name[length] = 0;
    return skip_slashes(path);
}

static struct inode *walk(const char *path, int to_parent, char name[DIRSIZ])
{
    struct inode *inode = *path == '/' ? inode_get(ROOTDEV, ROOTINO) : inode_dup(proc_current()->directory);
    while (inode && (path = take_name(path, name))) {
        inode_lock(inode);
        if (inode->type == T_DIR && to_parent && *path == 0) {
            inode_unlock(inode);
            return inode;
        }
        struct inode *next = dir_lookup(inode, name, 0); // none if this is no directory
        inode_unlock(inode);
        // Somebody may just have removed this directory. To free it here could make the caller's transaction too long.
        inode_put_later(inode);
        inode = next;
    }
    if (inode && to_parent) {
        inode_put_later(inode); // no name at all: "/" and "" have no parent
        return 0;
    }
    return inode;
}

struct inode *path_lookup(const char *path)
{
    char name[DIRSIZ];
    return walk(path, 0, name);
}

struct inode *path_parent(const char *path, char name[DIRSIZ])
{
    return walk(path, 1, name);
}
