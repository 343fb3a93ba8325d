// sendpkt: transmits one frame that is built by hand, from bytes or from a few words.
#include "user/netlib.h"
#include "user/packet.h"
#include "user/report.h"
#include "user/user.h"

#define PATIENCE (2 * TICKS_PER_SECOND) // for an ARP answer

static uchar frame[MAXFRAME];
static struct netinfo own;
static const uchar everyone[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

static const char help[] = "HEX...                 the frame's bytes, from the destination on\n"
                           "       sendpkt eth DST TYPE HEX...    from this card to the hardware address DST\n"
                           "       sendpkt arp HOST               asks who has the address\n"
                           "       sendpkt udp HOST PORT TEXT...  a datagram";

// The bytes that the words spell, which may be set apart by blanks, colons and dashes. How many.
static int parse_hex(char **words, uchar *to, int room)
{
    int length = 0;

    for (; *words; words++) {
        for (const char *at = *words; *at;) {
            if (*at == ':' || *at == '-') {
                at++;
                continue;
            }
            int high = hex_digit(at[0]), low = high < 0 ? -1 : hex_digit(at[1]);
            if (low < 0)
                fail("not pairs of hexadecimal digits: %s", *words);
            if (length == room)
                fail("longer than a frame may be");
            to[length++] = high << 4 | low;
            at += 2;
        }
    }
    return length;
}

static void transmit(int length)
{
    if (rawsend(frame, length) < 0)
        fail("the kernel did not send it");
    printf("sent %d bytes\n", length);
}

// Begins the frame: from this card to an address.
static void ethernet(const uchar to[6], uint16 type)
{
    memcpy(frame + ETH_TO, to, 6);
    memcpy(frame + ETH_FROM, own.mac, 6);
    put16(frame + ETH_TYPE, type);
}

// An ARP request, made after RFC 826 "Packet Generation"; its length.
static int ask_for(uint32 address)
{
    uchar *arp = frame + ETH_HEADER;

    ethernet(everyone, TYPE_ARP);
    put16(arp + ARP_HARDWARE, 1);
    put16(arp + ARP_PROTOCOL, TYPE_IP);
    arp[ARP_HARDWARE_SIZE] = 6;
    arp[ARP_PROTOCOL_SIZE] = 4;
    put16(arp + ARP_OPERATION, ARP_REQUEST);
    memcpy(arp + ARP_SENDER_MAC, own.mac, 6);
    put32(arp + ARP_SENDER, own.address);
    memset(arp + ARP_TARGET_MAC, 0, 6);
    put32(arp + ARP_TARGET, address);
    return ETH_HEADER + ARP_PACKET;
}

// The hardware address of the next hop to a host: the wire is watched for the answer to a question of our own.
static void find(uint32 address, uchar mac[6])
{
    static uchar arrived[MAXFRAME];
    uchar *arp = arrived + ETH_HEADER;
    int start = uptime();

    if (address == 0xffffffff || address == (own.address | ~own.netmask)) {
        memcpy(mac, everyone, 6);
        return;
    }
    if ((address ^ own.address) & own.netmask) {
        if (own.gateway == 0)
            fail("there is no gateway");
        address = own.gateway;
    }
    // The first call begins the watch: before the question, so as not to miss the answer.
    if (rawrecv(arrived, sizeof arrived, 0) < 0)
        fail("another program is watching the wire");
    if (rawsend(frame, ask_for(address)) < 0)
        fail("the kernel did not send the ARP request");
    for (int left = PATIENCE; left > 0; left = PATIENCE - (uptime() - start)) {
        int length = rawrecv(arrived, sizeof arrived, left);
        if (length < 0)
            break;
        if (length >= ETH_HEADER + ARP_PACKET && get16(arrived + ETH_TYPE) == TYPE_ARP &&
            get16(arp + ARP_OPERATION) == ARP_REPLY && get32(arp + ARP_SENDER) == address) {
            memcpy(mac, arp + ARP_SENDER_MAC, 6);
            return;
        }
    }
    fail("nobody answers for the address");
}

// Words with blanks between them; their length.
static int join(char **words, uchar *to, int room)
{
    int length = 0;

    for (; *words; words++) {
        int size = strlen(*words);
        if (length + size + 1 > room)
            fail("longer than a frame may be");
        memcpy(to + length, *words, size);
        length += size;
        if (words[1])
            to[length++] = ' ';
    }
    return length;
}

static void send_datagram(uint32 to, uint16 port, char **words)
{
    uchar *ip = frame + ETH_HEADER, *udp = ip + IP_HEADER, *text = udp + UDP_HEADER, mac[6];

    find(to, mac);
    int length = UDP_HEADER + join(words, text, MAXDATAGRAM);
    ethernet(mac, TYPE_IP);
    memset(ip, 0, IP_HEADER + UDP_HEADER);
    ip[IP_VERSION] = 0x45;
    put16(ip + IP_LENGTH, IP_HEADER + length);
    put16(ip + IP_ID, random64());
    ip[IP_TTL] = 64;
    ip[IP_PROTOCOL] = PROTOCOL_UDP;
    put32(ip + IP_FROM, own.address);
    put32(ip + IP_TO, to);
    put16(ip + IP_CHECKSUM, checksum_end(checksum_add(0, ip, IP_HEADER)));

    put16(udp + UDP_FROM, 49152 | (uint16)random64());
    put16(udp + UDP_TO, port);
    put16(udp + UDP_LENGTH, length);
    // RFC 768 "Checksum": over addresses, protocol and length as well; 0 would mean that there is none.
    uint32 sum = checksum_add(PROTOCOL_UDP + length, ip + IP_FROM, 8);
    uint16 checksum = checksum_end(checksum_add(sum, udp, length));
    put16(udp + UDP_CHECKSUM, checksum ? checksum : 0xffff);
    transmit(ETH_HEADER + IP_HEADER + length);
}

int main(int argc, char **argv)
{
    uint32 host;
    uint16 port;
    uchar mac[6], type[2];

    if (argc < 2 || argv[1][0] == '-')
        usage(help);
    if (netinfo(&own) < 0)
        fail("there is no network card");
    if (strcmp(argv[1], "arp") == 0) {
        if (argc != 3)
            usage(help);
        if (resolve(argv[2], &host) < 0)
            fail("no such host: %s", argv[2]);
        transmit(ask_for(host));
    } else if (strcmp(argv[1], "udp") == 0) {
        if (argc < 4 || parse_port(argv[3], &port) < 0)
            usage(help);
        if (resolve(argv[2], &host) < 0)
            fail("no such host: %s", argv[2]);
        send_datagram(host, port, argv + 4);
    } else if (strcmp(argv[1], "eth") == 0) {
        char *type_word[] = { argc > 3 ? argv[3] : 0, 0 };
        if (argc < 4 || parse_mac(argv[2], mac) < 0 || parse_hex(type_word, type, 2) != 2)
            usage(help);
        ethernet(mac, get16(type));
        transmit(ETH_HEADER + parse_hex(argv + 4, frame + ETH_HEADER, MAXFRAME - ETH_HEADER));
    } else {
        int length = parse_hex(argv + 1, frame, MAXFRAME);
        if (length < ETH_HEADER)
            fail("a frame has 14 bytes at least");
        transmit(length);
    }
    exit(0);
}
