// The table of sockets, and which of them a datagram is for.
#include "kernel/net/socket.h"

#include "kernel/net/stack.h"
#include "kernel/proc/proc.h"

enum {
    SOCKETS = 128,
    CHAINS = 32,
    QUEUE_LIMIT = 16,       // datagrams of a socket
    QUEUED_LIMIT = 256,     // of all: beyond them a socket may have just one, which others that do not read leave it
    FIRST_FREE_PORT = 49152 // RFC 6335 "Port Number Ranges"
};

struct spinlock socket_lock;

static struct socket sockets[SOCKETS];
static struct socket *chains[CHAINS];
static uint queued; // datagrams in all queues

void socket_init(void)
{
    spin_init(&socket_lock, "sockets");
}

static struct socket **chain(uint16 port)
{
    return &chains[port % CHAINS];
}

struct socket *socket_find(int kind, uint16 port, uint32 remote, uint16 remote_port)
{
    for (struct socket *one = *chain(port); one; one = one->next)
        if ((int)one->kind == kind && one->port == port &&
            (kind == SOCKET_BOUND || (one->remote == remote && one->remote_port == remote_port)))
            return one;
    return 0;
}

struct socket *socket_add(int kind, uint16 port, uint32 remote, uint16 remote_port)
{
    if (socket_find(kind, port, remote, remote_port))
        return 0;
    for (struct socket *one = sockets; one < sockets + SOCKETS; one++) {
        if (one->kind != SOCKET_FREE)
            continue;
        *one = (struct socket){.kind = kind, .port = port, .remote = remote, .remote_port = remote_port};
        one->next = *chain(port);
        *chain(port) = one;
        return one;
    }
    return 0;
}

void socket_remove(struct socket *socket)
{
    struct socket **link = chain(socket->port);
    while (*link != socket)
        link = &(*link)->next;
    *link = socket->next;
    socket->kind = SOCKET_FREE;
    queued -= socket->queue.count;
    netqueue_free(&socket->queue);
    proc_wake(socket);
}

void socket_release(int pid)
{
    spin_acquire(&socket_lock);
    for (struct socket *one = sockets; one < sockets + SOCKETS; one++)
        if (one->kind == SOCKET_BOUND && one->owner == pid)
            socket_remove(one);
    spin_release(&socket_lock);
}

uint16 socket_free_port(void)
{
    static uint16 last;
    for (;;) { // there are more ports than sockets
        uint16 port = FIRST_FREE_PORT + last++ % (65536 - FIRST_FREE_PORT);
        int used = 0;
        for (struct socket *one = *chain(port); one; one = one->next)
            used |= one->port == port;
        if (!used)
            return port;
    }
}

void socket_deliver(struct netbuf *datagram, uint16 port)
{
    spin_acquire(&socket_lock);
    // The one for this peer goes before the one for all.
    struct socket *socket = socket_find(SOCKET_CONNECTED, port, datagram->address, datagram->port);
    if (!socket)
        socket = socket_find(SOCKET_BOUND, port, 0, 0);
    if (!socket) {
        net_count(rxnosocket);
    } else if (socket->queue.count >= (queued < QUEUED_LIMIT ? QUEUE_LIMIT : 1)) {
        net_count(rxqueuefull);
    } else {
        netqueue_add(&socket->queue, datagram);
        queued++;
        datagram = 0;
        proc_wake(socket);
    }
    spin_release(&socket_lock);
    if (datagram)
        netbuf_free(datagram);
}

struct netbuf *socket_take(struct socket *socket)
{
    queued--;
    return netqueue_take(&socket->queue);
}

void socket_wait(struct socket *socket)
{
    if (net_card)
        e1000_resume();
    proc_sleep(socket, &socket_lock);
}
