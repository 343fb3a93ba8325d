// The network interface: the machine's addresses and counts, and what happens to them at boot and with time.
#include "kernel/lib/print.h"
#include "kernel/lib/string.h"
#include "kernel/net/net.h"
#include "kernel/net/socket.h"
#include "kernel/net/stack.h"

uint8 net_mac[MAC_LENGTH];
int net_card;
volatile int net_link_up;
struct netinfo net_counts;

static struct {
    struct spinlock lock;
    struct addresses now;
} interface;

void net_init(void)
{
    spin_init(&interface.lock, "addresses");
    netbuf_init();
    arp_init();
    socket_init();
    ping_init();
    tap_init();
    dhcp_init();
}

void net_start(const uint8 *mac)
{
    memmove(net_mac, mac, MAC_LENGTH);
    net_card = 1;
    dhcp_start();
}

void net_tick(void)
{
    if (!net_card)
        return;
    e1000_resume();
    arp_tick();
    dhcp_tick();
}

void net_process_exit(int pid)
{
    socket_release(pid);
    tap_release(pid);
}

struct addresses net_addresses(void)
{
    spin_acquire(&interface.lock);
    struct addresses now = interface.now;
    spin_release(&interface.lock);
    return now;
}

void net_set_addresses(const struct addresses *to)
{
    spin_acquire(&interface.lock);
    int changed = memcmp(&interface.now, to, sizeof(*to)) != 0;
    interface.now = *to;
    spin_release(&interface.lock);
    if (changed)
        arp_forget();
}

// What QEMU's user network, and ours, gives to its first guest: so that programs work before a server has answered, and
// without one.
void net_default_addresses(struct addresses *to)
{
    to->address = 0x0a00020f;
    to->netmask = 0xffffff00;
    to->gateway = 0x0a000202;
    to->dns = 0x0a000203;
    to->source = NET_STATIC;
}

// Whether a host may have these. RFC 1122 "IP Addressing" says which it may not.
int net_valid_addresses(const struct addresses *of)
{
    uint32 host = of->address & ~of->netmask;
    uint32 inverse = ~of->netmask;
    int unicast = of->address >> 24 != 0 && of->address >> 24 != 127 && of->address < 0xe0000000;
    int is_mask = of->netmask != 0 && (inverse & (inverse + 1)) == 0; // ones, then zeros
    // Neither the network itself nor all of it; of two addresses (RFC 3021), both are hosts.
    int is_host = inverse <= 1 || (host != 0 && host != inverse);
    return unicast && is_mask && is_host;
}

int net_is_own(uint32 address)
{
    if (address >> 24 == 127)
        return 1;
    return net_card && address != 0 && address == net_addresses().address;
}

int net_is_broadcast(uint32 address)
{
    if (address == 0xffffffff)
        return 1;
    struct addresses now = net_addresses();
    return ~now.netmask > 1 && address == (now.address | ~now.netmask);
}
