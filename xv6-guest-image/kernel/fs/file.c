// Open files: the system's table, and what each kind does when it is read, written and closed.
#include "kernel/fs/file.h"
#include "kernel/fs/inode.h"
#include "kernel/fs/log.h"
#include "kernel/lib/print.h"
#include "kernel/lock/spinlock.h"
#include "kernel/mem/vm.h"
#include "kernel/proc/proc.h"

struct device devices[NDEV];

static struct {
    struct spinlock lock; // guards each one's ref
    struct file files[NFILE];
} table;

void file_init(void)
{
    spin_init(&table.lock, "file table");
}

struct file *file_alloc(void)
{
    spin_acquire(&table.lock);
    struct file *found = 0;
    for (struct file *file = table.files; file < table.files + NFILE && !found; file++) {
        if (file->ref == 0) {
            *file = (struct file){.kind = FILE_NONE, .ref = 1};
            found = file;
        }
    }
    spin_release(&table.lock);
    return found;
}

struct file *file_dup(struct file *file)
{
    spin_acquire(&table.lock);
    if (file->ref < 1)
        panic("file_dup: the file is not open");
    file->ref++;
    spin_release(&table.lock);
    return file;
}

void file_close(struct file *file)
{
    spin_acquire(&table.lock);
    if (file->ref < 1)
        panic("file_close: the file is not open");
    struct file last = *file;
    last.ref = --file->ref;
    spin_release(&table.lock);
    if (last.ref > 0)
        return;
    switch (last.kind) {
    case FILE_NONE:
        break;
    case FILE_PIPE:
        pipe_close(last.pipe, last.writable);
        break;
    case FILE_SOCKET:
        socket_close(last.socket);
        break;
    case FILE_INODE:
    case FILE_DEVICE:
        log_begin();
        inode_put(last.inode);
        log_end();
        inode_reap();
        break;
    }
}

int file_stat(struct file *file, uint64 to)
{
    if (file->kind != FILE_INODE && file->kind != FILE_DEVICE)
        return -1;
    struct stat stat;
    inode_lock(file->inode);
    inode_stat(file->inode, &stat);
    inode_unlock(file->inode);
    return copy_to(1, to, &stat, sizeof stat);
}

static struct device *device_of(struct file *file)
{
    return file->major >= 0 && file->major < NDEV ? &devices[file->major] : 0;
}

int file_read(struct file *file, uint64 to, int length)
{
    if (!file->readable || length < 0)
        return -1;
    switch (file->kind) {
    case FILE_NONE:
        return -1;
    case FILE_PIPE:
        return pipe_read(file->pipe, to, length);
    case FILE_SOCKET:
        return socket_read(file->socket, to, length);
    case FILE_DEVICE: {
        struct device *device = device_of(file);
        return device && device->read ? device->read(1, to, length) : -1;
    }
    case FILE_INODE: {
        // The offset is shared by all who got this file by dup or fork; the inode's lock guards it.
        inode_lock(file->inode);
        int done = inode_read(file->inode, 1, to, file->offset, length);
        if (done > 0)
            file->offset += done;
        inode_unlock(file->inode);
        return done;
    }
    }
    return -1;
}

// In pieces, each of which fits into a transaction. Another's writes may come between them.
static int write_inode(struct file *file, uint64 from, int length)
{
    int done = 0;
    while (done < length) {
        log_begin();
        inode_lock(file->inode);
        uint most = inode_write_most(file->offset);
        int some = (uint)(length - done) < most ? length - done : (int)most;
        int written = inode_write(file->inode, 1, from + done, file->offset, some);
        if (written > 0)
            file->offset += written;
        inode_unlock(file->inode);
        log_end();
        if (written > 0)
            done += written;
        if (written < some)
            break;
    }
    return done || length == 0 ? done : -1;
}

int file_write(struct file *file, uint64 from, int length)
{
    if (!file->writable || length < 0)
        return -1;
    switch (file->kind) {
    case FILE_NONE:
        return -1;
    case FILE_PIPE:
        return pipe_write(file->pipe, from, length);
    case FILE_SOCKET:
        return socket_write(file->socket, from, length);
    case FILE_DEVICE: {
        struct device *device = device_of(file);
        return device && device->write ? device->write(1, from, length) : -1;
    }
    case FILE_INODE:
        return write_inode(file, from, length);
    }
    return -1;
}
