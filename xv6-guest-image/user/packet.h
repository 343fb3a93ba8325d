// Fields of the packets that sendpkt builds and recvpkt reads: offsets within each header. All are big-endian.
#ifndef USER_PACKET_H
#define USER_PACKET_H

// Ethernet II
#define ETH_TO 0
#define ETH_FROM 6
#define ETH_TYPE 12
#define ETH_HEADER 14
#define ETH_SHORTEST 60 // without FCS
#define TYPE_IP 0x0800
#define TYPE_ARP 0x0806
#define TYPE_VLAN 0x8100
#define TYPE_IP6 0x86dd

// RFC 826 "Packet format", for Ethernet and IPv4
#define ARP_HARDWARE 0
#define ARP_PROTOCOL 2
#define ARP_HARDWARE_SIZE 4
#define ARP_PROTOCOL_SIZE 5
#define ARP_OPERATION 6
#define ARP_SENDER_MAC 8
#define ARP_SENDER 14
#define ARP_TARGET_MAC 18
#define ARP_TARGET 24
#define ARP_PACKET 28
#define ARP_REQUEST 1
#define ARP_REPLY 2

// RFC 791 "Internet Header Format"
#define IP_VERSION 0 // and the header's length in words
#define IP_LENGTH 2
#define IP_ID 4
#define IP_FRAGMENT 6
#define IP_TTL 8
#define IP_PROTOCOL 9
#define IP_CHECKSUM 10
#define IP_FROM 12
#define IP_TO 16
#define IP_HEADER 20 // without options
#define IP_MORE_FRAGMENTS 0x2000
#define IP_OFFSET 0x1fff
#define PROTOCOL_ICMP 1
#define PROTOCOL_TCP 6
#define PROTOCOL_UDP 17

// RFC 792 "Echo or Echo Reply Message"
#define ICMP_TYPE 0
#define ICMP_CODE 1
#define ICMP_CHECKSUM 2
#define ICMP_ID 4
#define ICMP_SEQUENCE 6
#define ICMP_HEADER 8

// RFC 768
#define UDP_FROM 0
#define UDP_TO 2
#define UDP_LENGTH 4
#define UDP_CHECKSUM 6
#define UDP_HEADER 8

// RFC 9293 "Header Format"
#define TCP_FROM 0
#define TCP_TO 2
#define TCP_SEQUENCE 4
#define TCP_ACKNOWLEDGEMENT 8
#define TCP_OFFSET 12
#define TCP_FLAGS 13
#define TCP_WINDOW 14
#define TCP_HEADER 20

#endif
