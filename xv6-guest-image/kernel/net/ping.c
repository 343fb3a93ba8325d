// Processes that wait for the answer to an ICMP echo request.
#include "kernel/lib/endian.h"
#include "kernel/lock/spinlock.h"
#include "kernel/net/stack.h"
#include "kernel/proc/proc.h"
#include "kernel/trap/trap.h"

// On the stack of the process that waits, and in the list as long as it does.
struct waiter {
    struct waiter *next;
    const struct ping *request;
    int answered;
    uint64 arrived;
    uint time_to_live;
};

static struct {
    struct spinlock lock;
    struct waiter *first;
} waiters;

void ping_init(void)
{
    spin_init(&waiters.lock, "ping");
}

static uint8 pattern(uint at)
{
    return at * 7 + 1;
}

static void ping_fill(uint8 *payload, uint length)
{
    for (uint i = 0; i < length; i++)
        payload[i] = pattern(i);
}

void ping_answer(const struct icmp_echo *echo, const uint8 *payload, uint length, uint32 source, uint8 time_to_live)
{
    uint same = 0;
    while (same < length && payload[same] == pattern(same))
        same++;
    uint64 now = time_now();
    spin_acquire(&waiters.lock);
    for (struct waiter *one = waiters.first; one; one = one->next) {
        const struct ping *request = one->request;
        if (one->answered || request->address != source || request->id != ntohs(echo->id) ||
            request->sequence != ntohs(echo->sequence) || request->size != length || same != length)
            continue;
        one->answered = 1;
        one->arrived = now;
        one->time_to_live = time_to_live;
        proc_wake(one);
        break;
    }
    spin_release(&waiters.lock);
}

int ping_wait(struct ping *request)
{
    struct netbuf *payload = netbuf_alloc();
    if (!payload)
        return -1;
    payload->length = request->size;
    payload->patient = 1;
    ping_fill(payload->data, request->size);

    struct waiter self = {.request = request};
    spin_acquire(&waiters.lock);
    self.next = waiters.first;
    waiters.first = &self;
    spin_release(&waiters.lock);

    uint64 deadline = (uint64)__atomic_load_n(&ticks, __ATOMIC_RELAXED) + request->timeout;
    uint64 start = time_now();
    int sent = icmp_send_echo(payload, request->address, request->id, request->sequence);

    spin_acquire(&waiters.lock);
    while (sent == 0 && !self.answered && !proc_killed(proc_current()))
        if (proc_sleep_until(&self, &waiters.lock, deadline) < 0)
            break;
    struct waiter **link = &waiters.first;
    while (*link != &self)
        link = &(*link)->next;
    *link = self.next;
    spin_release(&waiters.lock);

    if (!self.answered)
        return -1;
    request->elapsed = self.arrived - start;
    request->ttl = self.time_to_live;
    return 0;
}
