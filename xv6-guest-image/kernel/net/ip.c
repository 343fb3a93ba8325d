// IPv4 (RFC 791), as a host: one interface, one gateway, loop-back, no fragments.
#include "kernel/lib/endian.h"
#include "kernel/lock/spinlock.h"
#include "kernel/net/stack.h"
#include "kernel/proc/hart.h"

enum { TIME_TO_LIVE = 64 };

// Frees the datagram.
static void bad(struct netbuf *datagram)
{
    net_count(rxbad);
    netbuf_free(datagram);
}

// What no datagram that comes by wire can be from: a group, loop-back, nobody, or ourselves. RFC 1122 "Addressing: …"
// (3.2.1.3).
static int impossible_source(uint32 source)
{
    return source >> 24 == 0 || source >= 0xe0000000 || net_is_own(source) || net_is_broadcast(source);
}

void ip_receive(struct netbuf *datagram, int from_wire)
{
    struct ip_header *header = (struct ip_header *)datagram->data;
    if (datagram->length < sizeof(*header) || header->version_length >> 4 != 4)
        return bad(datagram);
    uint header_length = (header->version_length & 0xf) * 4;
    uint total_length = ntohs(header->total_length);
    if (header_length < sizeof(*header) || total_length < header_length || datagram->length < total_length)
        return bad(datagram);
    if (from_wire && checksum_finish(checksum_add(0, header, header_length)) != 0)
        return bad(datagram);

    uint32 source = ntohl(header->source), destination = ntohl(header->destination);
    int for_us = from_wire && destination >> 24 == 127 ? 0 : net_is_own(destination) || net_is_broadcast(destination);
    // A host forwards nothing (RFC 1122 "Internet Protocol -- IP"), and who has no address yet asks for one, but not
    // us.
    if (!for_us || source == 0) {
        netbuf_free(datagram);
        return;
    }
    if (from_wire && impossible_source(source))
        return bad(datagram);
    if (header->time_to_live == 0 || ntohs(header->fragment) & IP_IS_FRAGMENT)
        return bad(datagram);

    datagram->length = total_length; // the frame may have been padded
    netbuf_pull(datagram, header_length);
    if (header->protocol == IP_UDP)
        udp_receive(datagram, source, destination);
    else if (header->protocol == IP_ICMP)
        icmp_receive(datagram, source, destination, header->time_to_live);
    else
        netbuf_free(datagram);
}

// Hands back to ourselves. What that causes to be sent to ourselves in turn waits until it returns, so that the stack
// stays shallow. Interrupts are off meanwhile, and each hart has its own queue.
static void loop_back(struct netbuf *datagram)
{
    static struct {
        struct netqueue queue;
        int busy;
    } loops[NCPU];

    irq_off();
    __typeof__(loops[0]) *loop = &loops[hart_id()];
    datagram->patient = 0;
    netqueue_add(&loop->queue, datagram);
    if (!loop->busy) {
        loop->busy = 1;
        while ((datagram = netqueue_take(&loop->queue)))
            ip_receive(datagram, 0);
        loop->busy = 0;
    }
    irq_restore();
}

uint32 ip_source(uint32 destination)
{
    if (net_is_own(destination))
        return destination;
    if (!net_card || destination >> 24 == 0 || (destination >= 0xe0000000 && destination != 0xffffffff))
        return 0;
    return net_addresses().address;
}

int ip_send(struct netbuf *payload, uint8 protocol, uint32 source, uint32 destination)
{
    static uint32 last_id;

    struct ip_header *header = netbuf_push(payload, sizeof(*header));
    header->version_length = 4 << 4 | sizeof(*header) / 4;
    header->service = 0;
    header->total_length = htons(payload->length);
    header->id = htons(__atomic_add_fetch(&last_id, 1, __ATOMIC_RELAXED));
    header->fragment = htons(IP_DONT_FRAGMENT);
    header->time_to_live = TIME_TO_LIVE;
    header->protocol = protocol;
    header->checksum = 0;
    header->source = htonl(source);
    header->destination = htonl(destination);
    header->checksum = checksum_finish(checksum_add(0, header, sizeof(*header)));

    if (net_is_own(destination)) {
        loop_back(payload);
        return 0;
    }
    if (net_card && net_is_broadcast(destination))
        return ethernet_send(payload, ethernet_broadcast, ETHERNET_IPV4);
    struct addresses now = net_addresses();
    uint32 next_hop = ((destination ^ now.address) & now.netmask) == 0 ? destination : now.gateway;
    if (!net_card || !next_hop) {
        netbuf_free(payload);
        return -1;
    }
    return arp_send(payload, next_hop);
}
