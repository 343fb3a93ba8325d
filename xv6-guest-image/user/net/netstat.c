// netstat: the network's addresses, and what has passed since boot.
#include "user/netlib.h"
#include "user/report.h"
#include "user/user.h"

static void print_address(const char *label, uint32 address)
{
    char text[16];

    print_field(label, address ? format_address(address, text) : "none");
}

int main(void)
{
    static const char *const sources[] = { [NET_DOWN] = "none yet", [NET_STATIC] = "static", [NET_DHCP] = "DHCP" };
    struct netinfo info;
    char mac[18];

    if (netinfo(&info) < 0)
        fail("there is no network card");
    printf("Interface\n");
    print_field("hardware address", format_mac(info.mac, mac));
    print_field("link", info.linkup ? "up" : "down");
    print_count("descriptors in each ring", info.ring);
    print_field("configuration", info.source < sizeof sources / sizeof *sources ? sources[info.source] : "unknown");
    print_address("address", info.address);
    print_address("netmask", info.netmask);
    print_address("gateway", info.gateway);
    print_address("name server", info.dns);
    if (info.source == NET_DHCP)
        print_count("seconds left of the lease", info.leaseleft);

    printf("Transmitted\n");
    print_count("frames", info.txframes);
    print_count("bytes", info.txbytes);
    print_count("waits for the ring", info.txfull);
    print_count("dropped for a full ring", info.txdropped);
    printf("Received\n");
    print_count("frames", info.rxframes);
    print_count("bytes", info.rxbytes);
    print_count("overruns of the card", info.rxoverruns);
    print_count("malformed", info.rxbad);
    print_count("for ports that nobody bound", info.rxnosocket);
    print_count("dropped for a full queue", info.rxqueuefull);
    print_count("dropped for want of memory", info.rxdropped);
    printf("Protocols\n");
    print_count("interrupts", info.interrupts);
    print_count("ARP questions asked", info.arprequests);
    print_count("ARP questions answered", info.arpreplies);
    print_count("ARP questions given up", info.arplost);
    print_count("echoes answered", info.echorequests);
    exit(0);
}
