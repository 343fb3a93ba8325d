// The raw tap: copies of all frames that arrive, for one process.
#include "kernel/lib/string.h"
#include "kernel/lock/spinlock.h"
#include "kernel/mem/vm.h"
#include "kernel/net/stack.h"
#include "kernel/proc/proc.h"
#include "kernel/trap/trap.h"

enum { QUEUE_LIMIT = 64 };

static struct {
    struct spinlock lock;
    volatile int owner; // a process, or 0
    struct netqueue queue;
} tap;

void tap_init(void)
{
    spin_init(&tap.lock, "tap");
}

void tap_receive(const struct netbuf *frame)
{
    if (!tap.owner) // as nearly always; a process that becomes the owner now gets the next one
        return;
    struct netbuf *copy = netbuf_alloc_receive();
    if (!copy)
        return;
    copy->data = copy->base;
    copy->length = frame->length;
    memmove(copy->data, frame->data, frame->length);
    spin_acquire(&tap.lock);
    if (tap.owner && tap.queue.count < QUEUE_LIMIT) {
        netqueue_add(&tap.queue, copy);
        copy = 0;
        proc_wake(&tap);
    }
    spin_release(&tap.lock);
    if (copy) {
        net_count(rxqueuefull);
        netbuf_free(copy);
    }
}

int tap_read(uint64 to, int size, int timeout)
{
    struct proc *self = proc_current();
    struct netbuf *frame = 0;
    int result = -1;
    if (!net_card || size < 0 || timeout < 0)
        return -1;
    uint64 deadline = (uint64)__atomic_load_n(&ticks, __ATOMIC_RELAXED) + timeout;
    spin_acquire(&tap.lock);
    if (!tap.owner)
        tap.owner = self->pid;
    if (tap.owner == self->pid) {
        while (!tap.queue.first && timeout && !proc_killed(self)) {
            e1000_resume();
            if (proc_sleep_until(&tap, &tap.lock, deadline) < 0)
                break;
        }
        frame = tap.queue.first;
        if (proc_killed(self)) {
            frame = 0;
        } else if (frame) {
            uint length = frame->length < (uint)size ? frame->length : (uint)size;
            if (copy_out(self->pagetable, to, frame->data, length) < 0) {
                frame = 0;
            } else {
                netqueue_take(&tap.queue);
                result = length;
            }
        } else {
            result = 0;
        }
    }
    spin_release(&tap.lock);
    if (frame)
        netbuf_free(frame);
    return result;
}

void tap_release(int pid)
{
    spin_acquire(&tap.lock);
    if (tap.owner == pid) {
        tap.owner = 0;
        netqueue_free(&tap.queue);
    }
    spin_release(&tap.lock);
}
