// Network buffers: one frame each, half a page, so that the card may fill any of them without crossing into another's
// memory.
#ifndef KERNEL_NET_NETBUF_H
#define KERNEL_NET_NETBUF_H

#include "kernel/types.h"

#define NETBUF_SIZE 2048
#define NETBUF_HEADROOM 64 // before the payload of what we send: room for Ethernet's, IP's and UDP's header

// A buffer has exactly one owner: a function that is passed one to send or to receive frees it or passes it on, unless
// its comment says that it is lent.
struct netbuf {
    struct netbuf *next; // in the queue that owns it
    uint8 *base;         // its NETBUF_SIZE bytes
    uint8 *data;         // where the layer that has it now finds its part
    uint length;         // bytes from data on
    int patient;         // the sender is a process that may wait
    uint32 address;      // received datagram: who sent it; sent datagram that waits for ARP: the next hop
    uint16 port;         // received datagram: from which port
};

void netbuf_init(void);
// An empty one, data behind the headroom; 0 if there are too many. May be called anywhere.
struct netbuf *netbuf_alloc(void);
// The same for what arrives: leaves the last of them to senders, so that a flood cannot stop those.
struct netbuf *netbuf_alloc_receive(void);
void netbuf_free(struct netbuf *buffer);
// Whether its memory is the network's for good. Who keeps a buffer for long wants such a one, or it holds a page back.
int netbuf_is_resident(const struct netbuf *buffer);
// How many buffers are resident from now on, rounded up to pages; at least those that were at boot.
void netbuf_set_resident(uint count);

void *netbuf_push(struct netbuf *buffer, uint bytes); // room for a header in front: its address
void *netbuf_pull(struct netbuf *buffer, uint bytes); // past a header: its address, or 0 if there are fewer bytes

// A queue of buffers; the lock is its user's.
struct netqueue {
    struct netbuf *first, *last;
    uint count;
};

void netqueue_add(struct netqueue *queue, struct netbuf *buffer);
struct netbuf *netqueue_take(struct netqueue *queue); // 0 if it is empty
void netqueue_free(struct netqueue *queue);           // all that are in it

#endif
