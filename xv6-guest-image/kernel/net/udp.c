// UDP (RFC 768).
#include "kernel/lib/endian.h"
#include "kernel/net/socket.h"
#include "kernel/net/stack.h"

void udp_receive(struct netbuf *datagram, uint32 source, uint32 destination)
{
    struct udp_header *header = (struct udp_header *)datagram->data;
    uint length = datagram->length < sizeof(*header) ? 0 : ntohs(header->length);
    if (length < sizeof(*header) || length > datagram->length)
        goto bad;
    if (header->checksum != 0) {
        uint64 sum = checksum_pseudo_header(source, destination, IP_UDP, length);
        if (checksum_finish(checksum_add(sum, header, length)) != 0)
            goto bad;
    }
    datagram->length = length;
    netbuf_pull(datagram, sizeof(*header));
    datagram->address = source;
    datagram->port = ntohs(header->source);
    uint16 port = ntohs(header->destination);
    if (port == DHCP_CLIENT_PORT) {
        dhcp_receive(datagram);
        netbuf_free(datagram);
    } else {
        socket_deliver(datagram, port);
    }
    return;

bad:
    net_count(rxbad);
    netbuf_free(datagram);
}

int udp_send(struct netbuf *payload, uint32 source, uint16 source_port, uint32 destination, uint16 destination_port)
{
    struct udp_header *header = netbuf_push(payload, sizeof(*header));
    header->source = htons(source_port);
    header->destination = htons(destination_port);
    header->length = htons(payload->length);
    header->checksum = 0;
    uint64 sum = checksum_pseudo_header(source, destination, IP_UDP, payload->length);
    uint16 checksum = checksum_finish(checksum_add(sum, header, payload->length));
    header->checksum = checksum ? checksum : 0xffff; // 0 would say that there is none
    return ip_send(payload, IP_UDP, source, destination);
}
