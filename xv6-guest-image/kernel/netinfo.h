// What netinfo, netconfig, ping and the raw calls speak in. Part of the user interface. Addresses and ports are in host
// order: 10.0.2.15 is 0x0a00020f.
#ifndef KERNEL_NETINFO_H
#define KERNEL_NETINFO_H

#include "kernel/types.h"

#define MAXFRAME 1514                   // Ethernet header and payload, without FCS
#define MAXDATAGRAM (1500 - 20 - 8)     // bytes of a UDP datagram that needs no fragments

enum netsource { NET_DOWN, NET_STATIC, NET_DHCP };

// netinfo(struct netinfo *): -1 without a network card.
struct netinfo {
    uchar mac[6];
    ushort source;  // enum netsource: where the addresses are from
    uint address;
    uint netmask;
    uint gateway;
    uint dns;
    uint leaseleft; // seconds of the DHCP lease, 0 if there is none
    uint linkup;
    // Counts since boot.
    uint64 txframes, txbytes, txfull;      // txfull: times that a sender had to wait for the ring
    uint64 rxframes, rxbytes;
    uint64 rxoverruns;                     // the card told of lost frames
    uint64 rxbad;                          // not well formed, or a wrong checksum
    uint64 rxnosocket;                     // for a port that nobody bound
    uint64 rxqueuefull;                    // the socket's queue was full
    uint64 interrupts;
    uint64 arprequests, arpreplies, arplost; // asked, answered by us, given up
    uint64 echorequests;                   // ICMP echoes that we answered
    uint64 txdropped;                      // the ring was full, and the sender could not wait
    uint64 rxdropped;                      // no memory was left for it
    uint ring;                             // descriptors of each of the card's rings
};

// The card's rings, in descriptors: a multiple of 8, for the card counts their bytes in 128s.
#define NET_RING_LEAST 8
#define NET_RING_MOST 256

// netconfig(const struct netconfig *). source NET_STATIC sets the addresses, NET_DHCP asks for a lease and forgets the
// last, NET_DOWN leaves them as they are.
struct netconfig {
    uint source;
    uint address;
    uint netmask;
    uint gateway;
    uint dns;
    uint ring; // descriptors of each of the card's rings, or 0 to leave them; frames on their way then are lost
};

// ping(struct ping *): sends one ICMP echo request and waits. 0 with the answer filled in; -1 if none came in time, if there is
// no way to the address, or if the process is killed.
struct ping {
    uint address;
    ushort id, sequence;
    uint size;      // bytes of payload, at most MAXDATAGRAM
    uint timeout;   // ticks
    uint64 elapsed; // answer: counts of the timebase
    uint ttl;       // answer
};

// int rawsend(const void *frame, int length): length is at least 14; short frames are padded by the card.
// int rawrecv(void *frame, int size, int timeout): the next frame that arrives, of any kind, as a copy; its length, 0 after so many
// ticks (0: do not wait), -1 on error. Frames are kept for the first process that calls it until that process ends.

#endif
