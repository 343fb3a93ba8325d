// System calls on paths: opening and making files, their names, the current directory, exec.
#include "kernel/fcntl.h"
#include "kernel/fs/file.h"
#include "kernel/fs/inode.h"
#include "kernel/fs/log.h"
#include "kernel/mem/page.h"
#include "kernel/mem/vm.h"
#include "kernel/param.h"
#include "kernel/proc/proc.h"
#include "kernel/sys/syscall.h"

#define MOST_LINKS 0x7fff // what a dinode's nlink holds

// Ends a transaction in which references were given up.
static uint64 end(uint64 result)
{
    log_end();
    inode_reap();
    return result;
}

// One link more to a file, on disk, before there is a name for it. 0 or -1.
static int add_link(struct inode *inode)
{
    inode_lock(inode);
    int may = inode->type != 0 && inode->type != T_DIR && inode->nlink > 0 && inode->nlink < MOST_LINKS;
    if (may) {
        inode->nlink++;
        inode_update(inode);
    }
    inode_unlock(inode);
    return may ? 0 : -1;
}

static void take_link(struct inode *inode)
{
    inode_lock(inode);
    inode->nlink--;
    inode_update(inode);
    inode_unlock(inode);
}

static int link_at(const char *path, struct inode *inode)
{
    char name[DIRSIZ];
    struct inode *parent = path_parent(path, name);
    if (!parent)
        return -1;
    inode_lock(parent);
    int result = parent->dev == inode->dev ? dir_link(parent, name, inode->inum) : -1;
    inode_unlock(parent);
    inode_put_later(parent);
    return result;
}

uint64 sys_link(void)
{
    char old[MAXPATH], new[MAXPATH];
    if (arg_string(0, old, MAXPATH) < 0 || arg_string(1, new, MAXPATH) < 0)
        return -1;
    log_begin();
    struct inode *inode = path_lookup(old);
    if (!inode)
        return end(-1);
    int result = add_link(inode);
    if (result == 0) {
        result = link_at(new, inode);
        if (result < 0)
            take_link(inode);
    }
    inode_put_later(inode);
    return end(result);
}

// What a name in a locked directory stands for, referenced and locked, or 0. The directory may be unlocked in between.
//
// On a damaged disk the way down may lead back up: then this directory is what another process waits for, who holds what
// this one is after. So nobody waits here with both hands full: whoever finds the inode taken lets the directory go
// until it is free. Of several in a circle each has its own before it looks, so that one at least sees the next taken.
static struct inode *lock_entry(struct inode *parent, const char *name, uint *offset)
{
    for (;;) {
        struct inode *inode = dir_lookup(parent, name, offset);
        if (!inode)
            return 0;
        if (inode == parent) { // damaged, too: it is locked already
            inode_put(inode);
            return 0;
        }
        __sync_synchronize(); // the parent's lock is taken before this is looked at
        if (!__atomic_load_n(&inode->lock.locked, __ATOMIC_SEQ_CST)) {
            inode_lock(inode);
            return inode;
        }
        inode_unlock(parent);
        inode_lock(inode);
        inode_unlock(inode);
        inode_put_later(inode);
        inode_lock(parent);
    }
}

// Removes the name from a locked directory. The inode it named, referenced and locked, or 0.
static struct inode *remove_name(struct inode *parent, const char *name)
{
    uint offset;
    if (name_compare(name, ".") == 0 || name_compare(name, "..") == 0)
        return 0;
    struct inode *inode = lock_entry(parent, name, &offset);
    if (!inode)
        return 0;
    int may = inode->type != 0 && inode->nlink > 0 && (inode->type != T_DIR || dir_empty(inode));
    if (!may || dir_unlink(parent, offset) < 0) {
        inode_unlock_put(inode);
        return 0;
    }
    return inode;
}

uint64 sys_unlink(void)
{
    char path[MAXPATH], name[DIRSIZ];
    if (arg_string(0, path, MAXPATH) < 0)
        return -1;
    log_begin();
    struct inode *parent = path_parent(path, name);
    if (!parent)
        return end(-1);
    inode_lock(parent);
    struct inode *inode = remove_name(parent, name);
    if (inode && inode->type == T_DIR && parent->nlink > 1) {
        parent->nlink--; // its ..
        inode_update(parent);
    }
    inode_unlock(parent);
    inode_put_later(parent);
    if (!inode)
        return end(-1);
    inode->nlink--;
    inode_update(inode);
    inode_unlock_put(inode);
    return end(0);
}

// Makes a file of that type and names it in a locked directory. Referenced and locked, or 0 with nothing changed.
static struct inode *make(struct inode *parent, const char *name, short type, short major, short minor)
{
    if (parent->type != T_DIR || parent->nlink < 1 || (type == T_DIR && parent->nlink == MOST_LINKS))
        return 0;
    struct inode *inode = inode_alloc(parent->dev, type);
    if (!inode)
        return 0;
    inode_lock(inode);
    inode->major = major;
    inode->minor = minor;
    inode->nlink = 1;
    inode_update(inode);
    int linked = type != T_DIR || (dir_link(inode, ".", inode->inum) == 0 && dir_link(inode, "..", parent->inum) == 0);
    if (linked && dir_link(parent, name, inode->inum) == 0) {
        if (type == T_DIR) {
            parent->nlink++; // the new one's ..
            inode_update(parent);
        }
        return inode;
    }
    inode->nlink = 0;
    inode_update(inode);
    inode_unlock_put(inode);
    return 0;
}

// The file of that path, made if there is none. Referenced and locked, or 0. Of what exists only files and devices will
// do, and only where a file is wanted.
static struct inode *create(const char *path, short type, short major, short minor)
{
    char name[DIRSIZ];
    struct inode *parent = path_parent(path, name);
    if (!parent)
        return 0;
    inode_lock(parent);
    struct inode *inode = dir_lookup(parent, name, 0);
    int exists = inode != 0;
    if (!exists)
        inode = make(parent, name, type, major, minor);
    inode_unlock(parent);
    inode_put_later(parent);
    if (!exists)
        return inode;
    inode_lock(inode);
    if (type == T_FILE && (inode->type == T_FILE || inode->type == T_DEVICE))
        return inode;
    inode_unlock(inode);
    inode_put_later(inode);
    return 0;
}

static struct inode *open_existing(const char *path, int mode)
{
    struct inode *inode = path_lookup(path);
    if (!inode)
        return 0;
    inode_lock(inode);
    if (inode->type != 0 && (inode->type != T_DIR || mode == O_RDONLY))
        return inode;
    inode_unlock(inode);
    inode_put_later(inode);
    return 0;
}

// An open file with a descriptor for a locked inode. The descriptor, or -1.
static int open_inode(struct inode *inode, int mode)
{
    if (inode->type == T_DEVICE && (inode->major < 0 || inode->major >= NDEV))
        return -1;
    struct file *file = file_alloc();
    if (!file)
        return -1;
    int descriptor = descriptor_alloc(file);
    if (descriptor < 0) {
        file_close(file);
        return -1;
    }
    file->kind = inode->type == T_DEVICE ? FILE_DEVICE : FILE_INODE;
    file->major = inode->major;
    file->inode = inode;
    file->readable = !(mode & O_WRONLY);
    file->writable = (mode & (O_WRONLY | O_RDWR)) != 0;
    return descriptor;
}

uint64 sys_open(void)
{
    char path[MAXPATH];
    int mode = arg_int(1);
    if (arg_string(0, path, MAXPATH) < 0)
        return -1;
    log_begin();
    struct inode *inode = mode & O_CREATE ? create(path, T_FILE, 0, 0) : open_existing(path, mode);
    if (!inode)
        return end(-1);
    int descriptor = open_inode(inode, mode);
    if (descriptor < 0) {
        inode_unlock(inode);
        inode_put_later(inode);
        return end(-1);
    }
    int more = mode & O_TRUNC && inode->type == T_FILE && inode_truncate(inode);
    inode_unlock(inode);
    end(0);
    while (more) {
        log_begin();
        inode_lock(inode);
        more = inode_truncate(inode);
        inode_unlock(inode);
        log_end();
    }
    return descriptor;
}

// The result of making something that is not opened.
static uint64 made(struct inode *inode)
{
    if (inode) {
        inode_unlock(inode);
        inode_put_later(inode);
    }
    return end(inode ? 0 : -1);
}

uint64 sys_mkdir(void)
{
    char path[MAXPATH];
    if (arg_string(0, path, MAXPATH) < 0)
        return -1;
    log_begin();
    return made(create(path, T_DIR, 0, 0));
}

uint64 sys_mknod(void)
{
    char path[MAXPATH];
    if (arg_string(0, path, MAXPATH) < 0)
        return -1;
    log_begin();
    return made(create(path, T_DEVICE, arg_int(1), arg_int(2)));
}

uint64 sys_chdir(void)
{
    char path[MAXPATH];
    if (arg_string(0, path, MAXPATH) < 0)
        return -1;
    log_begin();
    struct inode *inode = path_lookup(path);
    if (!inode)
        return end(-1);
    inode_lock(inode);
    int is_directory = inode->type == T_DIR;
    inode_unlock(inode);
    struct inode *unused = inode;
    if (is_directory) {
        unused = proc_current()->directory;
        proc_current()->directory = inode;
    }
    inode_put(unused);
    return end(is_directory ? 0 : -1);
}

// Fetches exec's arguments into a page of text: they must fit into the new stack, which is no longer. 0 or -1.
static int fetch_arguments(uint64 from, char *text, char *argv[MAXARG + 1])
{
    uint used = 0;
    for (int i = 0; i <= MAXARG; i++) {
        uint64 argument;
        if (copy_from(1, &argument, from + i * sizeof argument, sizeof argument) < 0)
            return -1;
        argv[i] = 0;
        if (argument == 0)
            return 0;
        if (i == MAXARG)
            return -1;
        int length = copy_in_string(proc_current()->pagetable, text + used, argument, PGSIZE - used);
        if (length < 0)
            return -1;
        argv[i] = text + used;
        used += length + 1;
    }
    return -1;
}

uint64 sys_exec(void)
{
    _Static_assert(USERSTACK == 1, "the arguments are fetched into one page");
    char path[MAXPATH];
    char *argv[MAXARG + 1];
    if (arg_string(0, path, MAXPATH) < 0)
        return -1;
    char *text = page_alloc();
    if (!text)
        return -1;
    int result = fetch_arguments(arg_address(1), text, argv) < 0 ? -1 : exec(path, argv);
    page_free(text);
    return result;
}
