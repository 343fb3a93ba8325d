// Ethernet frames: which are ours, and whose they are.
#include "kernel/lib/endian.h"
#include "kernel/lib/string.h"
#include "kernel/net/stack.h"

const uint8 ethernet_broadcast[MAC_LENGTH] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};

void ethernet_receive(struct netbuf *frame)
{
    tap_receive(frame);
    struct ethernet_header *header = netbuf_pull(frame, sizeof(*header));
    // A group has no source. Whoever sends from our own address has taken it.
    if (!header || header->source[0] & 1 || memcmp(header->source, net_mac, MAC_LENGTH) == 0) {
        net_count(rxbad);
        netbuf_free(frame);
        return;
    }
    int for_us = memcmp(header->destination, net_mac, MAC_LENGTH) == 0 ||
                 memcmp(header->destination, ethernet_broadcast, MAC_LENGTH) == 0;
    if (for_us && ntohs(header->type) == ETHERNET_IPV4)
        ip_receive(frame, 1);
    else if (for_us && ntohs(header->type) == ETHERNET_ARP)
        arp_receive(frame, header->source);
    else
        netbuf_free(frame);
}

int ethernet_send(struct netbuf *packet, const uint8 *to, uint16 type)
{
    struct ethernet_header *header = netbuf_push(packet, sizeof(*header));
    memmove(header->destination, to, MAC_LENGTH);
    memmove(header->source, net_mac, MAC_LENGTH);
    header->type = htons(type);
    return e1000_transmit(packet);
}
