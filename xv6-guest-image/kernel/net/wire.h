// The headers as they are on the wire: every field in network order, at any alignment.
#ifndef KERNEL_NET_WIRE_H
#define KERNEL_NET_WIRE_H

#include "kernel/types.h"

#define ON_WIRE __attribute__((packed, may_alias))

#define MAC_LENGTH 6

struct ON_WIRE ethernet_header {
    uint8 destination[MAC_LENGTH];
    uint8 source[MAC_LENGTH];
    uint16 type;
};
#define ETHERNET_IPV4 0x0800
#define ETHERNET_ARP 0x0806

// RFC 826, for IPv4 on Ethernet.
struct ON_WIRE arp_packet {
    uint16 hardware; // 1: Ethernet
    uint16 protocol; // ETHERNET_IPV4
    uint8 hardware_length, protocol_length;
    uint16 operation;
    uint8 sender_mac[MAC_LENGTH];
    uint32 sender_address;
    uint8 target_mac[MAC_LENGTH];
    uint32 target_address;
};
#define ARP_REQUEST 1
#define ARP_REPLY 2

// RFC 791 "Internet Header Format".
struct ON_WIRE ip_header {
    uint8 version_length; // version in the upper half, words of this header in the lower
    uint8 service;
    uint16 total_length;
    uint16 id;
    uint16 fragment; // flags and offset
    uint8 time_to_live;
    uint8 protocol;
    uint16 checksum;
    uint32 source, destination;
};
#define IP_DONT_FRAGMENT 0x4000
#define IP_IS_FRAGMENT 0x3fff // more to come, or not the first
#define IP_ICMP 1
#define IP_UDP 17

// RFC 792 "Echo or Echo Reply Message".
struct ON_WIRE icmp_echo {
    uint8 type, code;
    uint16 checksum;
    uint16 id, sequence;
};
#define ICMP_ECHO_REPLY 0
#define ICMP_ECHO_REQUEST 8

// RFC 768.
struct ON_WIRE udp_header {
    uint16 source, destination;
    uint16 length;
    uint16 checksum; // 0: none
};

// RFC 2131 "Format of a DHCP message", up to the options.
struct ON_WIRE dhcp_message {
    uint8 operation, hardware, hardware_length, hops;
    uint32 transaction;
    uint16 seconds, flags;
    uint32 client, yours, next_server, relay; // addresses
    uint8 client_hardware[16];
    uint8 server_name[64];
    uint8 file[128];
    uint32 cookie;
};

#endif
