// Datagram sockets: queues by port. Two interfaces reach them, that of connect (connection.c) and that of bind
// (port.c).
#ifndef KERNEL_NET_SOCKET_H
#define KERNEL_NET_SOCKET_H

#include "kernel/lock/spinlock.h"
#include "kernel/net/netbuf.h"

struct socket {
    struct socket *next; // in the chain of its port
    enum { SOCKET_FREE, SOCKET_BOUND, SOCKET_CONNECTED } kind;
    uint16 port;
    uint16 remote_port; // SOCKET_CONNECTED
    uint32 remote;      // SOCKET_CONNECTED
    int owner;          // SOCKET_BOUND: the process that bound it
    struct netqueue queue; // whoever waits for it sleeps on the socket
};

extern struct spinlock socket_lock; // guards all of this

void socket_init(void);
void socket_deliver(struct netbuf *datagram, uint16 port);
void socket_release(int pid); // all that this process bound

// These want the lock held.
// 0 if there is such a one, or no room.
struct socket *socket_add(int kind, uint16 port, uint32 remote, uint16 remote_port);
struct socket *socket_find(int kind, uint16 port, uint32 remote, uint16 remote_port);
void socket_remove(struct socket *socket); // with what it queued; wakes those who wait
void socket_wait(struct socket *socket);           // sleeps; the lock is let go meanwhile
struct netbuf *socket_take(struct socket *socket); // the first that is queued: there is one
uint16 socket_free_port(void);             // that no socket has, for who does not mind which

// port.c
int port_bind(uint16 port);
int port_unbind(uint16 port);
// One datagram, and who sent it; the addresses are the user's. Bytes, or -1.
int port_receive(uint16 port, uint64 from, uint64 from_port, uint64 to, int size);
// One datagram from user memory. 0 or -1.
int port_send(uint16 port, uint32 destination, uint16 destination_port, uint64 from, int length);

// connection.c
struct file;
struct file *connection_open(uint32 remote, uint16 port, uint16 remote_port); // 0 if refused

#endif
