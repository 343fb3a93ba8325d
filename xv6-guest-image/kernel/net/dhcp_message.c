// Writes and reads DHCP messages (RFC 2131, options RFC 2132). What is read is not to be trusted.
#include "kernel/net/dhcp_message.h"

#include "kernel/lib/endian.h"
#include "kernel/lib/string.h"

enum {
    BOOT_REQUEST = 1,
    BOOT_REPLY = 2,
    FLAG_BROADCAST = 0x8000, // we cannot yet receive what is addressed to the address offered
    COOKIE = 0x63825363,
    SMALLEST = 300, // RFC 1542 "Definition of the 'flags' Field" and before: relays drop what is shorter
    OPTION_PAD = 0,
    OPTION_NETMASK = 1,
    OPTION_ROUTER = 3,
    OPTION_DNS = 6,
    OPTION_REQUESTED = 50,
    OPTION_LEASE = 51,
    OPTION_TYPE = 53,
    OPTION_SERVER = 54,
    OPTION_WANTED = 55,
    OPTION_END = 255
};

static uint8 *put_address(uint8 *at, uint8 option, uint32 address)
{
    *at++ = option;
    *at++ = sizeof(address);
    for (int shift = 24; shift >= 0; shift -= 8)
        *at++ = address >> shift;
    return at;
}

void dhcp_send(const struct dhcp_sending *message)
{
    static const uint8 wanted[] = {OPTION_WANTED, 3, OPTION_NETMASK, OPTION_ROUTER, OPTION_DNS};
    struct netbuf *buffer = netbuf_alloc();
    if (!buffer)
        return;
    struct dhcp_message *packet = (struct dhcp_message *)buffer->data;
    memset(packet, 0, SMALLEST);
    packet->operation = BOOT_REQUEST;
    packet->hardware = 1;
    packet->hardware_length = MAC_LENGTH;
    packet->transaction = htonl(message->transaction);
    packet->seconds = htons(message->seconds);
    packet->flags = message->from ? 0 : htons(FLAG_BROADCAST);
    packet->client = htonl(message->from);
    memmove(packet->client_hardware, net_mac, MAC_LENGTH);
    packet->cookie = htonl(COOKIE);

    uint8 *at = (uint8 *)(packet + 1);
    *at++ = OPTION_TYPE;
    *at++ = 1;
    *at++ = message->type;
    if (message->requested)
        at = put_address(at, OPTION_REQUESTED, message->requested);
    if (message->server)
        at = put_address(at, OPTION_SERVER, message->server);
    memmove(at, wanted, sizeof(wanted));
    at[sizeof(wanted)] = OPTION_END;
    buffer->length = SMALLEST;
    udp_send(buffer, message->from, DHCP_CLIENT_PORT, message->to, DHCP_SERVER_PORT);
}

// The first four bytes of an option that has them, or what there was before.
static uint32 get_word(const uint8 *value, uint length, uint32 before)
{
    return length < 4 ? before : (uint32)value[0] << 24 | value[1] << 16 | value[2] << 8 | value[3];
}

int dhcp_parse(const struct netbuf *datagram, struct dhcp_reply *reply)
{
    const struct dhcp_message *packet = (const struct dhcp_message *)datagram->data;
    if (datagram->length < sizeof(*packet) || packet->operation != BOOT_REPLY || packet->hardware != 1 ||
        packet->hardware_length != MAC_LENGTH || memcmp(packet->client_hardware, net_mac, MAC_LENGTH) != 0 ||
        ntohl(packet->cookie) != COOKIE)
        return -1;
    *reply = (struct dhcp_reply){
        .transaction = ntohl(packet->transaction),
        .addresses = {.address = ntohl(packet->yours), .netmask = 0xffffff00, .source = NET_DHCP},
    };
    const uint8 *at = (const uint8 *)(packet + 1), *end = datagram->data + datagram->length;
    while (at < end && *at != OPTION_END) {
        uint8 option = *at++;
        if (option == OPTION_PAD)
            continue;
        if (at == end || end - at - 1 < *at)
            return -1;
        uint length = *at++;
        if (option == OPTION_TYPE && length == 1)
            reply->type = *at;
        else if (option == OPTION_NETMASK)
            reply->addresses.netmask = get_word(at, length, reply->addresses.netmask);
        else if (option == OPTION_ROUTER)
            reply->addresses.gateway = get_word(at, length, 0);
        else if (option == OPTION_DNS)
            reply->addresses.dns = get_word(at, length, 0);
        else if (option == OPTION_LEASE)
            reply->lease_seconds = get_word(at, length, 0);
        else if (option == OPTION_SERVER)
            reply->server = get_word(at, length, 0);
        at += length;
    }
    if (reply->server == 0 || (reply->type != DHCP_NAK && !net_valid_addresses(&reply->addresses)))
        return -1;
    return 0;
}
