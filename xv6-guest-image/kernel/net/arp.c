// ARP (RFC 826): which MAC address a neighbour has. Datagrams wait here until it is known, and, if there are many,
// their senders.
//
// Nobody can prove an answer, but much can be refused: a reply counts only while its question is open and only if the
// frame came from whom it names; a request teaches us its sender only if it asks for us.
// Deviation: RFC 826 "Packet Reception" would change a known neighbour at any packet that names it, gratuitous ones
// too. Here it is forgotten after a minute (RFC 1122 "ARP Cache Validation") and asked for again.
#include "kernel/lib/endian.h"
#include "kernel/lib/string.h"
#include "kernel/lock/spinlock.h"
#include "kernel/net/stack.h"
#include "kernel/proc/proc.h"
#include "kernel/trap/trap.h"

enum {
    NEIGHBOURS = 32,
    OPEN_QUESTIONS = 16, // so that datagrams to hosts that are not there leave room for those that are
    VALID_TICKS = 60 * TICKS_PER_SECOND,
    ASK_TICKS = TICKS_PER_SECOND, // between questions
    QUESTIONS = 4,                // then we give up
    LOST_TICKS = 2 * TICKS_PER_SECOND, // and for so long it is not asked for again
    // Datagrams for one neighbour: all go at once when it answers, and the card's ring has only so much room.
    WAITING = 8
};

struct neighbour {
    enum { FREE, ASKED, KNOWN, LOST } state;
    uint32 address;
    uint8 mac[MAC_LENGTH];
    uint64 order; // the higher, the later it came
    uint age;     // ticks, since it was learnt, last asked for, or lost
    uint questions;
    struct netqueue waiting;
};

static struct {
    struct spinlock lock;
    struct neighbour neighbours[NEIGHBOURS];
    uint64 last_order;
    uint sleepers; // processes with datagrams for which there is no room yet
} cache;

void arp_init(void)
{
    spin_init(&cache.lock, "arp");
}

static struct neighbour *find(uint32 address)
{
    for (struct neighbour *one = cache.neighbours; one < cache.neighbours + NEIGHBOURS; one++)
        if (one->state != FREE && one->address == address)
            return one;
    return 0;
}

static void wake_senders(void)
{
    if (cache.sleepers)
        proc_wake(&cache);
}

// What waits for this neighbour never gets there.
static void give_up(struct neighbour *neighbour)
{
    neighbour->state = FREE;
    wake_senders();
    net_add(arplost, neighbour->waiting.count);
    netqueue_free(&neighbour->waiting);
}

// A place for another neighbour: a free one, or that of the one that came first, among those known or, if too many
// questions are open for another, among those.
static struct neighbour *make_room(int question)
{
    struct neighbour *free = 0, *first_known = 0, *first_asked = 0;
    int asked = 0;
    for (struct neighbour *one = cache.neighbours; one < cache.neighbours + NEIGHBOURS; one++) {
        struct neighbour **first = one->state == KNOWN ? &first_known : &first_asked;
        asked += one->state == ASKED;
        if (one->state == FREE || one->state == LOST)
            free = one;
        else if (!*first || one->order < (*first)->order)
            *first = one;
    }
    struct neighbour *place = question && asked >= OPEN_QUESTIONS ? first_asked : free ? free : first_known;
    give_up(place);
    place->order = ++cache.last_order;
    return place;
}

static void send_packet(uint16 operation, const uint8 *to, const uint8 *target_mac, uint32 target)
{
    struct netbuf *buffer = netbuf_alloc();
    if (!buffer)
        return;
    struct arp_packet *packet = netbuf_push(buffer, sizeof(*packet));
    packet->hardware = htons(1);
    packet->protocol = htons(ETHERNET_IPV4);
    packet->hardware_length = MAC_LENGTH;
    packet->protocol_length = sizeof(uint32);
    packet->operation = htons(operation);
    memmove(packet->sender_mac, net_mac, MAC_LENGTH);
    packet->sender_address = htonl(net_addresses().address);
    if (target_mac)
        memmove(packet->target_mac, target_mac, MAC_LENGTH);
    else
        memset(packet->target_mac, 0, MAC_LENGTH);
    packet->target_address = htonl(target);
    ethernet_send(buffer, to, ETHERNET_ARP);
}

static void ask(uint32 address)
{
    net_count(arprequests);
    send_packet(ARP_REQUEST, ethernet_broadcast, 0, address);
}

// Where a datagram goes from here. The lock is held.
enum way { WAY_KNOWN, WAY_WAITS, WAY_CROWDED, WAY_LOST };

static enum way find_way(struct netbuf *datagram, uint32 next_hop, uint8 *mac, int *unasked)
{
    struct neighbour *neighbour = find(next_hop);
    if (!neighbour) {
        neighbour = make_room(1);
        neighbour->state = ASKED;
        neighbour->address = next_hop;
        neighbour->age = 0;
        neighbour->questions = 1;
        *unasked = 1;
    }
    if (neighbour->state == LOST)
        return WAY_LOST;
    if (neighbour->state == KNOWN) {
        memmove(mac, neighbour->mac, MAC_LENGTH);
        return WAY_KNOWN;
    }
    if (neighbour->waiting.count >= WAITING)
        return WAY_CROWDED;
    datagram->patient = 0; // it goes in an interrupt
    netqueue_add(&neighbour->waiting, datagram);
    return WAY_WAITS;
}

int arp_send(struct netbuf *datagram, uint32 next_hop)
{
    uint8 mac[MAC_LENGTH];
    int unasked = 0;
    spin_acquire(&cache.lock);
    enum way way = find_way(datagram, next_hop, mac, &unasked);
    while (way == WAY_CROWDED && datagram->patient && !proc_killed(proc_current())) {
        cache.sleepers++;
        proc_sleep(&cache, &cache.lock);
        cache.sleepers--;
        way = find_way(datagram, next_hop, mac, &unasked);
    }
    if (way == WAY_CROWDED || way == WAY_LOST)
        net_count(arplost);
    spin_release(&cache.lock);

    if (unasked)
        ask(next_hop);
    if (way == WAY_WAITS)
        return 0;
    if (way == WAY_KNOWN)
        return ethernet_send(datagram, mac, ETHERNET_IPV4);
    netbuf_free(datagram);
    return -1;
}

// Whether a host of our network may have this address and this MAC.
static int plausible(const struct addresses *own, uint32 address, const uint8 *mac)
{
    static const uint8 zero[MAC_LENGTH];
    struct addresses theirs = *own;
    theirs.address = address;
    return address != own->address && ((address ^ own->address) & own->netmask) == 0 && net_valid_addresses(&theirs) &&
           !(mac[0] & 1) && memcmp(mac, zero, MAC_LENGTH) != 0;
}

// Notes where the sender is, and sends what waited for it.
static void learn(const struct arp_packet *packet, uint32 address, int is_reply)
{
    struct netqueue ready = {0};
    uint8 mac[MAC_LENGTH];
    memmove(mac, packet->sender_mac, MAC_LENGTH);
    spin_acquire(&cache.lock);
    struct neighbour *neighbour = find(address);
    if (is_reply && (!neighbour || neighbour->state != ASKED))
        neighbour = 0; // we did not ask, or have our answer
    else if (!neighbour)
        neighbour = make_room(0);
    if (neighbour) {
        neighbour->state = KNOWN;
        neighbour->address = address;
        memmove(neighbour->mac, mac, MAC_LENGTH);
        neighbour->age = 0;
        ready = neighbour->waiting;
        memset(&neighbour->waiting, 0, sizeof(neighbour->waiting));
        wake_senders();
    }
    spin_release(&cache.lock);

    struct netbuf *datagram;
    while ((datagram = netqueue_take(&ready)))
        ethernet_send(datagram, mac, ETHERNET_IPV4);
}

void arp_receive(struct netbuf *buffer, const uint8 *from)
{
    struct arp_packet *packet = netbuf_pull(buffer, sizeof(*packet));
    if (!packet || ntohs(packet->hardware) != 1 || ntohs(packet->protocol) != ETHERNET_IPV4 ||
        packet->hardware_length != MAC_LENGTH || packet->protocol_length != sizeof(uint32) ||
        memcmp(packet->sender_mac, from, MAC_LENGTH) != 0) {
        net_count(rxbad);
        netbuf_free(buffer);
        return;
    }
    struct addresses own = net_addresses();
    uint32 sender = ntohl(packet->sender_address);
    if (ntohl(packet->target_address) == own.address) {
        int is_reply = ntohs(packet->operation) == ARP_REPLY, is_request = ntohs(packet->operation) == ARP_REQUEST;
        if ((is_reply || is_request) && plausible(&own, sender, packet->sender_mac))
            learn(packet, sender, is_reply);
        if (is_request) { // also a probe that has no address yet (RFC 5227 "Probe Details")
            net_count(arpreplies);
            send_packet(ARP_REPLY, packet->sender_mac, packet->sender_mac, sender);
        }
    }
    netbuf_free(buffer);
}

void arp_forget(void)
{
    spin_acquire(&cache.lock);
    for (struct neighbour *one = cache.neighbours; one < cache.neighbours + NEIGHBOURS; one++)
        if (one->state != FREE)
            give_up(one);
    spin_release(&cache.lock);
}

void arp_tick(void)
{
    uint32 ask_again[NEIGHBOURS];
    int count = 0;
    spin_acquire(&cache.lock);
    for (struct neighbour *one = cache.neighbours; one < cache.neighbours + NEIGHBOURS; one++) {
        if (one->state == FREE)
            continue;
        one->age++;
        if ((one->state == KNOWN && one->age >= VALID_TICKS) || (one->state == LOST && one->age >= LOST_TICKS)) {
            one->state = FREE;
        } else if (one->state == ASKED && one->age >= ASK_TICKS) {
            one->age = 0;
            if (one->questions++ < QUESTIONS) {
                ask_again[count++] = one->address;
            } else {
                give_up(one);
                one->state = LOST;
            }
        }
    }
    spin_release(&cache.lock);
    while (count)
        ask(ask_again[--count]);
}
