// Network buffers. Two share a page. Their number is bounded, and with it what the network can take of the machine's
// memory.
#include "kernel/net/netbuf.h"

#include "kernel/lib/print.h"
#include "kernel/lock/spinlock.h"
#include "kernel/mem/page.h"
#include "kernel/riscv.h"

enum {
    PAGES = 384,     // at most: 1.5 MB, more than all queues of the network may hold
    RESIDENT = 32,   // of these, taken at boot and kept, so that light use leaves the count of free pages alone;
                     // large rings keep more
    FOR_SENDERS = 128 // buffers that arrivals leave alone
};

static struct {
    struct spinlock lock;
    struct netbuf buffers[PAGES * 2]; // buffers 2n and 2n + 1 are the halves of page n
    void *pages[PAGES];
    uint8 used[PAGES]; // a bit for each half
    uint first_free;   // all pages before this one are used whole
    uint in_use;
    uint resident;     // pages before this one are kept when nobody uses them
} pool;

void netbuf_init(void)
{
    spin_init(&pool.lock, "netbuf");
    pool.resident = RESIDENT;
    for (int page = 0; page < RESIDENT; page++)
        pool.pages[page] = page_alloc();
}

static struct netbuf *alloc(uint limit)
{
    struct netbuf *buffer = 0;
    spin_acquire(&pool.lock);
    if (pool.in_use < limit) {
        uint page = pool.first_free;
        while (pool.used[page] == 3)
            page++;
        pool.first_free = page;
        if (!pool.pages[page])
            pool.pages[page] = page_alloc();
        if (pool.pages[page]) {
            uint half = pool.used[page] & 1;
            pool.used[page] |= 1 << half;
            pool.in_use++;
            buffer = &pool.buffers[page * 2 + half];
            buffer->base = (uint8 *)pool.pages[page] + half * NETBUF_SIZE;
        }
    }
    spin_release(&pool.lock);
    if (buffer) {
        buffer->next = 0;
        buffer->data = buffer->base + NETBUF_HEADROOM;
        buffer->length = 0;
        buffer->patient = 0;
    }
    return buffer;
}

struct netbuf *netbuf_alloc(void)
{
    return alloc(PAGES * 2);
}

struct netbuf *netbuf_alloc_receive(void)
{
    return alloc(PAGES * 2 - FOR_SENDERS);
}

void netbuf_free(struct netbuf *buffer)
{
    uint index = buffer - pool.buffers;
    uint page = index / 2, bit = 1 << index % 2;
    spin_acquire(&pool.lock);
    if (index >= PAGES * 2 || !(pool.used[page] & bit))
        panic("netbuf_free: buffer %u is free", index);
    pool.used[page] &= ~bit;
    pool.in_use--;
    if (page < pool.first_free)
        pool.first_free = page;
    if (!pool.used[page] && page >= pool.resident) {
        page_free(pool.pages[page]);
        pool.pages[page] = 0;
    }
    spin_release(&pool.lock);
}

int netbuf_is_resident(const struct netbuf *buffer)
{
    return buffer - pool.buffers < pool.resident * 2;
}

void netbuf_set_resident(uint count)
{
    uint pages = (count + 1) / 2;
    spin_acquire(&pool.lock);
    pool.resident = pages < RESIDENT ? RESIDENT : pages > PAGES ? PAGES : pages;
    for (uint page = pool.resident; page < PAGES; page++) {
        if (pool.pages[page] && !pool.used[page]) {
            page_free(pool.pages[page]);
            pool.pages[page] = 0;
        }
    }
    spin_release(&pool.lock);
}

void *netbuf_push(struct netbuf *buffer, uint bytes)
{
    if (buffer->data - buffer->base < bytes)
        panic("netbuf_push: no room for %u bytes", bytes);
    buffer->data -= bytes;
    buffer->length += bytes;
    return buffer->data;
}

void *netbuf_pull(struct netbuf *buffer, uint bytes)
{
    if (buffer->length < bytes)
        return 0;
    void *header = buffer->data;
    buffer->data += bytes;
    buffer->length -= bytes;
    return header;
}

void netqueue_add(struct netqueue *queue, struct netbuf *buffer)
{
    buffer->next = 0;
    if (queue->first)
        queue->last->next = buffer;
    else
        queue->first = buffer;
    queue->last = buffer;
    queue->count++;
}

struct netbuf *netqueue_take(struct netqueue *queue)
{
    struct netbuf *buffer = queue->first;
    if (buffer) {
        queue->first = buffer->next;
        buffer->next = 0;
        queue->count--;
    }
    return buffer;
}

void netqueue_free(struct netqueue *queue)
{
    struct netbuf *buffer;
    while ((buffer = netqueue_take(queue)))
        netbuf_free(buffer);
}
