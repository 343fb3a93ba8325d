// Pipes: a ring of bytes between those who write and those who read.
#include "kernel/fs/file.h"
#include "kernel/lock/spinlock.h"
#include "kernel/mem/page.h"
#include "kernel/mem/vm.h"
#include "kernel/proc/proc.h"

#define PIPE_SIZE 512

struct pipe {
    struct spinlock lock;
    uint taken; // bytes ever read; readers' channel
    uint given; // bytes ever written; writers' channel
    int readers, writers; // whether that end is open
    char ring[PIPE_SIZE];
};

int pipe_create(struct file **read_end, struct file **write_end)
{
    struct pipe *pipe = page_alloc();
    *read_end = file_alloc();
    *write_end = file_alloc();
    if (!pipe || !*read_end || !*write_end) {
        if (pipe)
            page_free(pipe);
        if (*read_end)
            file_close(*read_end);
        if (*write_end)
            file_close(*write_end);
        return -1;
    }
    spin_init(&pipe->lock, "pipe");
    pipe->taken = pipe->given = 0;
    pipe->readers = pipe->writers = 1;
    (*read_end)->kind = (*write_end)->kind = FILE_PIPE;
    (*read_end)->pipe = (*write_end)->pipe = pipe;
    (*read_end)->readable = 1;
    (*write_end)->writable = 1;
    return 0;
}

void pipe_close(struct pipe *pipe, int write_end)
{
    spin_acquire(&pipe->lock);
    *(write_end ? &pipe->writers : &pipe->readers) = 0;
    proc_wake(&pipe->taken);
    proc_wake(&pipe->given);
    int unused = !pipe->readers && !pipe->writers;
    spin_release(&pipe->lock);
    if (unused)
        page_free(pipe);
}

// The most that can be copied at once: the ring goes round at PIPE_SIZE.
static uint piece(uint position, uint available, int wanted)
{
    uint until_end = PIPE_SIZE - position % PIPE_SIZE;
    uint some = available < until_end ? available : until_end;
    return some < (uint)wanted ? some : (uint)wanted;
}

int pipe_write(struct pipe *pipe, uint64 from, int length)
{
    int done = 0, bad = 0;
    spin_acquire(&pipe->lock);
    while (done < length && !bad) {
        if (!pipe->readers || proc_killed(proc_current())) {
            spin_release(&pipe->lock);
            return -1;
        }
        uint room = PIPE_SIZE - (pipe->given - pipe->taken);
        if (room == 0) {
            proc_wake(&pipe->taken);
            proc_sleep(&pipe->given, &pipe->lock);
            continue;
        }
        uint some = piece(pipe->given, room, length - done);
        bad = copy_from(1, pipe->ring + pipe->given % PIPE_SIZE, from + done, some) < 0;
        if (!bad) {
            pipe->given += some;
            done += some;
        }
    }
    proc_wake(&pipe->taken);
    spin_release(&pipe->lock);
    return done || !bad ? done : -1;
}

int pipe_read(struct pipe *pipe, uint64 to, int length)
{
    int done = 0, bad = 0;
    spin_acquire(&pipe->lock);
    while (length > 0 && pipe->given == pipe->taken && pipe->writers) {
        if (proc_killed(proc_current())) {
            spin_release(&pipe->lock);
            return -1;
        }
        proc_sleep(&pipe->taken, &pipe->lock);
    }
    while (done < length && pipe->given != pipe->taken && !bad) {
        uint some = piece(pipe->taken, pipe->given - pipe->taken, length - done);
        bad = copy_to(1, to + done, pipe->ring + pipe->taken % PIPE_SIZE, some) < 0;
        if (!bad) {
            pipe->taken += some;
            done += some;
        }
    }
    proc_wake(&pipe->given);
    spin_release(&pipe->lock);
    return done || !bad ? done : -1;
}
