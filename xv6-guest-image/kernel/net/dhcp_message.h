// DHCP messages: what the client says and what it understands.
#ifndef KERNEL_NET_DHCP_MESSAGE_H
#define KERNEL_NET_DHCP_MESSAGE_H

#include "kernel/net/stack.h"

// RFC 2132 "DHCP Message Type".
#define DHCP_DISCOVER 1
#define DHCP_OFFER 2
#define DHCP_REQUEST 3
#define DHCP_ACK 5
#define DHCP_NAK 6

struct dhcp_sending {
    uint8 type; // 0: none
    uint32 transaction;
    uint16 seconds;
    uint32 from;      // our address if we have it by lease, else 0
    uint32 to;
    uint32 requested; // address, or 0
    uint32 server;    // identifier, or 0
};

struct dhcp_reply {
    uint8 type;
    uint32 transaction;
    uint32 server;
    uint32 lease_seconds;
    struct addresses addresses; // all but in a DHCP_NAK
};

void dhcp_send(const struct dhcp_sending *message);
int dhcp_parse(const struct netbuf *datagram, struct dhcp_reply *reply); // 0, or -1 if it is none for us

#endif
