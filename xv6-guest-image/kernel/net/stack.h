// What the files of this folder call each other by.
//
// Locks. Each topic has one: sockets, ping, tap, arp, addresses, dhcp, and the card's transmit and receive ring. While
// one of them is held, none of the others is taken, with two exceptions: dhcp's is held while the addresses and the ARP
// cache change with its state, and whoever waits for datagrams or frames takes the receive ring's to resume it. Below
// any of them come the pool of buffers and then the list of pages; and, to sleep and to wake, the lock of a process. No
// layer calls the next one, up or down, with a lock held: a frame that arrives may be answered at once.
//
// Frames arrive in interrupts, which may not sleep. Senders in processes mark their buffer `patient`: they wait for the
// card, and for ARP.
#ifndef KERNEL_NET_STACK_H
#define KERNEL_NET_STACK_H

#include "kernel/net/netbuf.h"
#include "kernel/net/wire.h"
#include "kernel/netinfo.h"

// interface.c: what the machine is called, and what it counts.

struct addresses {
    uint32 address, netmask, gateway, dns; // gateway and dns may be 0
    enum netsource source;
};

extern uint8 net_mac[MAC_LENGTH];
extern int net_card;             // whether there is one
extern volatile int net_link_up; // as its driver last saw it

extern struct netinfo net_counts; // its counters only
#define net_add(counter, amount) ((void)__atomic_fetch_add(&net_counts.counter, (amount), __ATOMIC_RELAXED))
#define net_count(counter) net_add(counter, 1)

struct addresses net_addresses(void);
void net_set_addresses(const struct addresses *to); // forgets the neighbours if they changed
void net_default_addresses(struct addresses *to);
int net_valid_addresses(const struct addresses *of);
int net_is_own(uint32 address);       // ours, or loop-back's
int net_is_broadcast(uint32 address); // to all hosts of this network

// ethernet.c
extern const uint8 ethernet_broadcast[MAC_LENGTH];
void ethernet_receive(struct netbuf *frame);
int ethernet_send(struct netbuf *packet, const uint8 *to, uint16 type); // 0, or -1 if it was dropped

// arp.c
void arp_init(void);
void arp_receive(struct netbuf *packet, const uint8 *from); // from: the frame's source
int arp_send(struct netbuf *datagram, uint32 next_hop); // once the next hop's MAC is known; 0, or -1 if it was dropped
void arp_forget(void);
void arp_tick(void);

// ip.c. Addresses are in host order.
void ip_receive(struct netbuf *datagram, int from_wire);
uint32 ip_source(uint32 destination); // the address that we send from to there; 0 if there is no way
int ip_send(struct netbuf *payload, uint8 protocol, uint32 source, uint32 destination); // 0, or -1 if it was dropped

// checksum.c: RFC 1071. Words in network order are summed; `sum` is what other parts came to.
uint64 checksum_add(uint64 sum, const void *bytes, uint length);
uint16 checksum_finish(uint64 sum);
// What a UDP datagram of this length begins with. RFC 768 "Checksum".
uint64 checksum_pseudo_header(uint32 source, uint32 destination, uint8 protocol, uint length);

// icmp.c
void icmp_receive(struct netbuf *message, uint32 source, uint32 destination, uint8 time_to_live);
int icmp_send_echo(struct netbuf *payload, uint32 to, uint16 id, uint16 sequence);

// ping.c
void ping_init(void);
int ping_wait(struct ping *request);
void ping_answer(const struct icmp_echo *echo, const uint8 *payload, uint length, uint32 source, uint8 time_to_live);

// udp.c
void udp_receive(struct netbuf *datagram, uint32 source, uint32 destination);
int udp_send(struct netbuf *payload, uint32 source, uint16 source_port, uint32 destination, uint16 destination_port);

// dhcp.c
#define DHCP_SERVER_PORT 67
#define DHCP_CLIENT_PORT 68
void dhcp_init(void);
void dhcp_start(void);                           // asks anew, from the addresses that hold without a server
void dhcp_stop(const struct addresses *instead); // these, and no more asking
void dhcp_receive(struct netbuf *datagram);      // lent
void dhcp_tick(void);
uint dhcp_lease_left(void); // seconds

// tap.c: the raw frames
void tap_init(void);
void tap_receive(const struct netbuf *frame); // lent
int tap_read(uint64 to, int size, int timeout);
void tap_release(int pid);

// e1000.c
int e1000_transmit(struct netbuf *frame); // 0, or -1 if it was dropped
// After more frames at once than processes can have read, the card's arrivals wait until one of them has nothing left
// to read, or for the next tick. Then this is called.
void e1000_resume(void);
uint e1000_ring(void); // descriptors of each of its rings
// Restarts the card with rings of another size: see netinfo.h. -1 if it can't be had.
int e1000_set_ring(uint size);

#endif
