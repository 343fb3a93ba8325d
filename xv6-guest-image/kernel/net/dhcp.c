// The DHCP client (RFC 2131), as a state machine: messages and the clock move it, nobody waits for it.
#include "kernel/lib/endian.h"
#include "kernel/lib/string.h"
#include "kernel/lock/spinlock.h"
#include "kernel/net/dhcp_message.h"
#include "kernel/net/stack.h"
#include "kernel/riscv.h"
#include "kernel/trap/trap.h"

enum {
    FIRST_RETRY = 4 * TICKS_PER_SECOND, // RFC 2131 "Retransmission": doubled each time…
    LAST_RETRY = 64 * TICKS_PER_SECOND, // …up to this
    REQUESTS = 4                        // before asking for offers anew
};

static struct {
    struct spinlock lock;
    // RFC 2131 "DHCP client state diagram". OFF: the addresses are somebody else's business.
    enum { OFF, SELECTING, REQUESTING, BOUND, RENEWING, REBINDING } state;
    uint32 transaction;
    uint64 began;     // ticks since this transaction began
    uint64 timer;     // ticks until the next thing to do
    uint64 retry;     // ticks between messages
    uint requests;    // sent in REQUESTING
    uint32 offered;   // address
    uint32 server;    // that offered it or leased it
    uint64 lease;     // ticks it is for; FOREVER
    uint64 left;      // ticks of it left
} client;

#define FOREVER (~0ul)

void dhcp_init(void)
{
    spin_init(&client.lock, "dhcp");
}

// Ticks, give or take a second, so that many clients do not stay in step.
static uint64 jittered(uint64 wait)
{
    return wait - TICKS_PER_SECOND + (time_now() ^ client.transaction) % (2 * TICKS_PER_SECOND + 1);
}

static void select_server(void)
{
    uint32 mac = (uint32)net_mac[2] << 24 | net_mac[3] << 16 | net_mac[4] << 8 | net_mac[5];
    client.state = SELECTING;
    client.transaction = (client.transaction + (uint32)time_now()) * 2654435761u ^ mac;
    client.began = 0;
    client.timer = 1;
    client.retry = FIRST_RETRY;
    client.lease = client.left = 0;
}

void dhcp_start(void)
{
    struct addresses addresses;
    net_default_addresses(&addresses);
    spin_acquire(&client.lock);
    select_server();
    net_set_addresses(&addresses);
    spin_release(&client.lock);
}

void dhcp_stop(const struct addresses *instead)
{
    spin_acquire(&client.lock);
    client.state = OFF;
    client.lease = client.left = 0;
    net_set_addresses(instead);
    spin_release(&client.lock);
}

uint dhcp_lease_left(void)
{
    spin_acquire(&client.lock);
    uint64 left = client.left;
    spin_release(&client.lock);
    return left == FOREVER ? 0xffffffff : left / TICKS_PER_SECOND;
}

// What to send in this state. Called with the lock held; the caller sends it without.
static struct dhcp_sending message_now(void)
{
    struct dhcp_sending message = {
        .type = client.state == SELECTING ? DHCP_DISCOVER : DHCP_REQUEST,
        .transaction = client.transaction,
        .seconds = client.began / TICKS_PER_SECOND,
        .to = 0xffffffff,
    };
    if (client.state == REQUESTING) {
        message.requested = client.offered;
        message.server = client.server;
    } else if (client.state == RENEWING || client.state == REBINDING) {
        message.from = net_addresses().address;
        if (client.state == RENEWING)
            message.to = client.server;
    }
    return message;
}

void dhcp_receive(struct netbuf *datagram)
{
    struct dhcp_reply reply;
    if (datagram->port != DHCP_SERVER_PORT || dhcp_parse(datagram, &reply) < 0)
        return;
    struct dhcp_sending message = {0};
    spin_acquire(&client.lock);
    if (reply.transaction != client.transaction) {
        // Another's, or late.
    } else if (client.state == SELECTING && reply.type == DHCP_OFFER) {
        client.state = REQUESTING;
        client.offered = reply.addresses.address;
        client.server = reply.server;
        client.retry = FIRST_RETRY;
        client.requests = 1;
        client.timer = jittered(client.retry);
        message = message_now();
    } else if (client.state == REQUESTING || client.state == RENEWING || client.state == REBINDING) {
        // Rebinding, any server may answer.
        int ours = client.state == REBINDING || reply.server == client.server;
        if (reply.type == DHCP_ACK && ours && reply.lease_seconds > 0) {
            client.state = BOUND;
            client.server = reply.server;
            client.lease = client.left =
                reply.lease_seconds == 0xffffffff ? FOREVER : (uint64)reply.lease_seconds * TICKS_PER_SECOND;
            client.timer = client.lease / 2;
            net_set_addresses(&reply.addresses);
        } else if (reply.type == DHCP_NAK && ours) {
            struct addresses addresses;
            net_default_addresses(&addresses);
            select_server();
            client.timer = FIRST_RETRY; // a server that always refuses is not asked all the time
            net_set_addresses(&addresses);
        }
    }
    spin_release(&client.lock);
    if (message.type)
        dhcp_send(&message);
}

void dhcp_tick(void)
{
    struct dhcp_sending message = {0};
    spin_acquire(&client.lock);
    client.began++;
    if (client.left != 0 && client.left != FOREVER && --client.left == 0) { // the lease is over
        struct addresses addresses;
        net_default_addresses(&addresses);
        select_server();
        net_set_addresses(&addresses);
    }
    if (client.state == OFF || (client.state == BOUND && client.lease == FOREVER)) {
        // Nothing ever happens.
    } else if (client.timer > 1) {
        client.timer--;
    } else if (net_link_up) { // or at the first tick with a link
        switch (client.state) {
        case BOUND:
            client.state = RENEWING;
            client.began = 0;
            break;
        case RENEWING:
            if (client.left <= client.lease / 8) // RFC 2131 "Reacquisition and expiration"
                client.state = REBINDING;
            break;
        case REQUESTING:
            if (client.requests++ == REQUESTS)
                select_server();
            break;
        default:
            break;
        }
        if (client.state == RENEWING || client.state == REBINDING) {
            client.timer = client.left / 2 > FIRST_RETRY ? client.left / 2 : FIRST_RETRY;
        } else {
            client.timer = jittered(client.retry);
            client.retry = client.retry * 2 < LAST_RETRY ? client.retry * 2 : LAST_RETRY;
        }
        message = message_now();
    }
    spin_release(&client.lock);
    if (message.type)
        dhcp_send(&message);
}
