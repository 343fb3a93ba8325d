// ifconfig [dhcp | ADDRESS/BITS [gateway ADDRESS] [dns ADDRESS] | ring COUNT]: shows or sets the network's addresses, or the
// length of its card's rings.
#include "user/netlib.h"
#include "user/report.h"
#include "user/user.h"

#define PATIENCE (15 * TICKS_PER_SECOND) // for a lease

static const char help[] = "\n"
                           "       ifconfig dhcp\n"
                           "       ifconfig ADDRESS/BITS [gateway ADDRESS] [dns ADDRESS]\n"
                           "       ifconfig ring COUNT    descriptors, 8 to 256 in steps of 8";

static int bits(uint32 mask)
{
    int count = 0;

    for (; mask; mask <<= 1)
        count++;
    return count;
}

static void show(const struct netinfo *info)
{
    char text[18];

    printf("%s, link %s\n", format_mac(info->mac, text), info->linkup ? "up" : "down");
    if (info->source == NET_DOWN) {
        printf("no address\n");
        return;
    }
    printf("%s/%d", format_address(info->address, text), bits(info->netmask));
    if (info->gateway)
        printf(" gateway %s", format_address(info->gateway, text));
    if (info->dns)
        printf(" dns %s", format_address(info->dns, text));
    if (info->source == NET_DHCP)
        printf(" (DHCP, %u s left)\n", info->leaseleft);
    else
        printf(" (static)\n");
}

// "10.0.2.15/24" into the address and the netmask.
static int parse_network(char *text, struct netconfig *config)
{
    char *slash = strchr(text, '/');
    uint64 length;

    if (!slash)
        return -1;
    *slash = 0;
    if (parse_address(text, &config->address) < 0 || parse_range(slash + 1, 1, 32, &length) < 0)
        return -1;
    config->netmask = 0xffffffffu << (32 - length);
    return 0;
}

static void set_static(int argc, char **argv)
{
    struct netconfig config;

    memset(&config, 0, sizeof config);
    config.source = NET_STATIC;
    if (parse_network(argv[1], &config) < 0)
        usage(help);
    for (int i = 2; i < argc; i += 2) {
        uint *field = strcmp(argv[i], "gateway") == 0 ? &config.gateway : strcmp(argv[i], "dns") == 0 ? &config.dns : 0;
        if (!field || i + 1 >= argc || parse_address(argv[i + 1], field) < 0)
            usage(help);
    }
    if (netconfig(&config) < 0)
        fail("the kernel refused it");
}

static void set_dhcp(void)
{
    struct netconfig config;
    struct netinfo info;
    int start = uptime();

    memset(&config, 0, sizeof config);
    config.source = NET_DHCP;
    if (netconfig(&config) < 0)
        fail("the kernel refused it");
    while (netinfo(&info) == 0 && !(info.source == NET_DHCP && info.address)) {
        if (uptime() - start > PATIENCE)
            fail("no DHCP server has answered yet");
        pause(1);
    }
}

static void set_ring(const char *text)
{
    struct netconfig config;
    uint64 count;

    memset(&config, 0, sizeof config);
    config.source = NET_DOWN; // the addresses stay
    if (parse_range(text, NET_RING_LEAST, NET_RING_MOST, &count) < 0 || count % NET_RING_LEAST)
        usage(help);
    config.ring = count;
    if (netconfig(&config) < 0)
        fail("no memory for such rings");
}

int main(int argc, char **argv)
{
    struct netinfo info;

    if (argc > 1 && argv[1][0] == '-')
        usage(help);
    if (netinfo(&info) < 0)
        fail("there is no network card");
    if (argc == 2 && strcmp(argv[1], "dhcp") == 0)
        set_dhcp();
    else if (argc == 3 && strcmp(argv[1], "ring") == 0)
        set_ring(argv[2]);
    else if (argc > 1)
        set_static(argc, argv);
    if (netinfo(&info) == 0)
        show(&info);
    exit(0);
}
