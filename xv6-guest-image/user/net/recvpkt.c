// recvpkt [-c count] [-x] [-t ticks]: watches the wire. A line for each frame that arrives, with -x its bytes too.
#include "user/netlib.h"
#include "user/report.h"
#include "user/packet.h"
#include "user/user.h"

static const char help[] = "[-c count] [-x] [-t ticks]\n"
                           "  -c  frames to show (0: until ^C)   -x  their bytes too\n"
                           "  -t  ticks of silence to end after";

static void print_endpoint(const uchar *address, int port)
{
    char text[16];

    printf("%s", format_address(get32(address), text));
    if (port >= 0)
        printf(":%d", port);
}

static void print_endpoints(const uchar *ip, int from_port, int to_port)
{
    print_endpoint(ip + IP_FROM, from_port);
    printf(" > ");
    print_endpoint(ip + IP_TO, to_port);
    printf(": ");
}

static void show_arp(const uchar *arp, int length)
{
    char who[16], other[16], mac[18];

    if (length < ARP_PACKET || get16(arp + ARP_HARDWARE) != 1 || get16(arp + ARP_PROTOCOL) != TYPE_IP ||
        arp[ARP_HARDWARE_SIZE] != 6 || arp[ARP_PROTOCOL_SIZE] != 4) {
        printf("ARP, not of Ethernet and IPv4");
        return;
    }
    uint16 operation = get16(arp + ARP_OPERATION);
    format_address(get32(arp + ARP_SENDER), who);
    format_address(get32(arp + ARP_TARGET), other);
    if (operation == ARP_REQUEST)
        printf("ARP who has %s? tell %s", other, who);
    else if (operation == ARP_REPLY)
        printf("ARP %s is at %s", who, format_mac(arp + ARP_SENDER_MAC, mac));
    else
        printf("ARP operation %d", operation);
}

static void show_icmp(const uchar *ip, const uchar *icmp, int length)
{
    print_endpoints(ip, -1, -1);
    if (length < ICMP_HEADER) {
        printf("ICMP, cut short");
        return;
    }
    int type = icmp[ICMP_TYPE];
    if (type == 8 || type == 0)
        printf("ICMP echo %s, id %d, sequence %d, %d bytes", type ? "request" : "reply", get16(icmp + ICMP_ID),
               get16(icmp + ICMP_SEQUENCE), length - ICMP_HEADER);
    else
        printf("ICMP type %d, code %d, %d bytes", type, icmp[ICMP_CODE], length - ICMP_HEADER);
    if (checksum_end(checksum_add(0, icmp, length)) != 0)
        printf(", bad checksum");
}

// Of UDP and TCP: over addresses, protocol and length as well.
static int checksum_right(const uchar *ip, const uchar *packet, int length)
{
    return checksum_end(checksum_add(checksum_add(ip[IP_PROTOCOL] + length, ip + IP_FROM, 8), packet, length)) == 0;
}

static void show_udp(const uchar *ip, const uchar *udp, int length)
{
    if (length < UDP_HEADER) {
        print_endpoints(ip, -1, -1);
        printf("UDP, cut short");
        return;
    }
    print_endpoints(ip, get16(udp + UDP_FROM), get16(udp + UDP_TO));
    int stated = get16(udp + UDP_LENGTH);
    if (stated < UDP_HEADER || stated > length) {
        printf("UDP, bad length %d", stated);
        return;
    }
    printf("UDP, %d bytes", stated - UDP_HEADER);
    if (get16(udp + UDP_CHECKSUM) != 0 && !checksum_right(ip, udp, stated))
        printf(", bad checksum");
}

static void show_tcp(const uchar *ip, const uchar *tcp, int length)
{
    static const char flags[] = "FSRPAUEC";
    int header = length < TCP_HEADER ? 0 : (tcp[TCP_OFFSET] >> 4) * 4;

    if (header < TCP_HEADER || header > length) {
        print_endpoints(ip, -1, -1);
        printf("TCP, cut short");
        return;
    }
    print_endpoints(ip, get16(tcp + TCP_FROM), get16(tcp + TCP_TO));
    printf("TCP ");
    for (int bit = 0; bit < 8; bit++)
        if (tcp[TCP_FLAGS] >> bit & 1)
            printf("%c", flags[bit]);
    printf(" sequence %u, acknowledges %u, window %d, %d bytes", get32(tcp + TCP_SEQUENCE),
           get32(tcp + TCP_ACKNOWLEDGEMENT), get16(tcp + TCP_WINDOW), length - header);
    if (!checksum_right(ip, tcp, length))
        printf(", bad checksum");
}

static void show_ip(const uchar *ip, int length)
{
    int header = length < IP_HEADER ? 0 : (ip[IP_VERSION] & 15) * 4;
    int stated = length < IP_HEADER ? 0 : get16(ip + IP_LENGTH);

    // Behind the stated length there may be the padding of a short frame, but never less than it.
    if (header < IP_HEADER || ip[IP_VERSION] >> 4 != 4 || stated < header || stated > length) {
        printf("IP, malformed");
        return;
    }
    const uchar *payload = ip + header;
    int fragment = get16(ip + IP_FRAGMENT), size = stated - header;
    if (fragment & (IP_OFFSET | IP_MORE_FRAGMENTS)) {
        print_endpoints(ip, -1, -1);
        printf("fragment of protocol %d, %d bytes at %d%s", ip[IP_PROTOCOL], size, (fragment & IP_OFFSET) * 8,
               fragment & IP_MORE_FRAGMENTS ? ", more follow" : ", the last");
    } else if (ip[IP_PROTOCOL] == PROTOCOL_ICMP) {
        show_icmp(ip, payload, size);
    } else if (ip[IP_PROTOCOL] == PROTOCOL_UDP) {
        show_udp(ip, payload, size);
    } else if (ip[IP_PROTOCOL] == PROTOCOL_TCP) {
        show_tcp(ip, payload, size);
    } else {
        print_endpoints(ip, -1, -1);
        printf("protocol %d, %d bytes", ip[IP_PROTOCOL], size);
    }
    if (checksum_end(checksum_add(0, ip, header)) != 0)
        printf(", bad IP checksum");
}

static void show(const uchar *frame, int length)
{
    char from[18], to[18];

    if (length < ETH_HEADER) {
        printf("%d bytes, too few for Ethernet\n", length);
        return;
    }
    int type = get16(frame + ETH_TYPE);
    if (type == TYPE_ARP)
        show_arp(frame + ETH_HEADER, length - ETH_HEADER);
    else if (type == TYPE_IP)
        show_ip(frame + ETH_HEADER, length - ETH_HEADER);
    else
        printf("%s > %s: type %04x%s, %d bytes", format_mac(frame + ETH_FROM, from), format_mac(frame + ETH_TO, to),
               type, type == TYPE_IP6 ? " (IPv6)" : type == TYPE_VLAN ? " (VLAN)" : "", length - ETH_HEADER);
    printf("\n");
}

static void dump(const uchar *frame, int length)
{
    static const char digits[] = "0123456789abcdef";
    char text[16 * 3 + 2 + 16 + 1]; // pairs of digits with a gap in the middle, then the bytes that are text

    for (int line = 0; line < length; line += 16) {
        int count = length - line < 16 ? length - line : 16;
        memset(text, ' ', sizeof text);
        for (int i = 0; i < count; i++) {
            uchar byte = frame[line + i];
            char *pair = text + 3 * i + (i >= 8);
            pair[0] = digits[byte >> 4];
            pair[1] = digits[byte & 15];
            text[50 + i] = byte >= ' ' && byte < 127 ? byte : '.';
        }
        text[50 + count] = 0;
        printf("  %04x  %s\n", line, text);
    }
}

int main(int argc, char **argv)
{
    static uchar frame[MAXFRAME];
    uint64 count = 0, silence = 0;
    int hex = 0;

    for (int i = 1; i < argc; i++) {
        int bad = 0;
        if (strcmp(argv[i], "-c") == 0)
            bad = number_option(argc, argv, &i, 0, 1ul << 40, &count);
        else if (strcmp(argv[i], "-t") == 0)
            bad = number_option(argc, argv, &i, 1, 1 << 20, &silence);
        else if (strcmp(argv[i], "-x") == 0)
            hex = 1;
        else
            usage(help);
        if (bad)
            exit(1);
    }
    for (uint64 shown = 0; count == 0 || shown < count;) {
        int length = rawrecv(frame, sizeof frame, silence ? silence : TICKS_PER_SECOND);
        if (length < 0)
            fail("no network card, or another program is watching");
        if (length == 0 && silence)
            break;
        if (length == 0)
            continue;
        show(frame, length);
        if (hex)
            dump(frame, length);
        shown++;
    }
    exit(0);
}
