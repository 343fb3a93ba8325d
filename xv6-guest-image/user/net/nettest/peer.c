// Tests against a host that echoes datagrams on a port. The names and the local ports are those of the courses' own
// test program.
#include "user/dns.h"
#include "user/net/nettest/nettest.h"

// Just after boot, a DHCP server may be about to give us another address.
static void need_host(void)
{
    struct netinfo info;

    while (netinfo(&info) == 0 && info.source != NET_DHCP && uptime() < 5 * TICKS_PER_SECOND)
        pause(1);
    CHECK(options.host != 0, "no host: the network has no gateway, and -h none");
}

static void echo(struct ticker *ticker, uint16 port, int length, uint64 seed)
{
    send_filled(port, options.host, options.port, length, seed);
    expect_filled(ticker, options.host, options.port, length, seed);
}

// A new seed for each run: an answer to another run's datagram is none of ours.
static uint64 seed;

static uint64 fresh(void)
{
    return seed = random64();
}

static void icmp(void)
{
    need_host();
    for (int i = 0; i < 5; i++) {
        struct ping request = {
            .address = options.host, .id = getpid(), .sequence = i, .size = i * 300, .timeout = PATIENCE,
        };
        CHECK(ping(&request) == 0, "no echo of %d bytes", i * 300);
    }
}

static void tx_one(void)
{
    need_host();
    own_exactly(2000);
    CHECK(send(2000, options.host, options.port, "txone", 5) >= 0, "send failed");
}

static void ping0(void)
{
    need_host();
    own_exactly(2004);
    struct ticker ticker = start_ticker(2004);
    echo(&ticker, 2004, 20, fresh());
    ticker_stop(&ticker);
}

static void ping1(void)
{
    need_host();
    own_exactly(2005);
    struct ticker ticker = start_ticker(2005);
    for (int i = 0; i < 20; i++)
        echo(&ticker, 2005, 40 + i, fresh());
    ticker_stop(&ticker);
}

// Two ports by turns; the answers are read from one, and then from the other.
static void ping2(void)
{
    need_host();
    own_exactly(2006);
    own_exactly(2007);
    struct ticker a = start_ticker(2006), b = start_ticker(2007);
    uint64 base = fresh();
    for (int i = 0; i < 5; i++) {
        send_filled(2006, options.host, options.port, 30 + i, base + i);
        send_filled(2007, options.host, options.port, 60 + i, base + 100 + i);
    }
    for (int i = 0; i < 5; i++)
        expect_filled(&a, options.host, options.port, 30 + i, base + i);
    for (int i = 0; i < 5; i++)
        expect_filled(&b, options.host, options.port, 60 + i, base + 100 + i);
    ticker_stop(&a);
    ticker_stop(&b);
}

// How many answers a port's queue holds; some may be missing, but those there are in order.
static int drain(uint16 port, int length, uint64 base, int sent)
{
    struct ticker ticker = start_ticker(port);
    uint32 from;
    uint16 from_port;
    int count = 0, last = -1, got;

    while ((got = ticker_recv(&ticker, &from, &from_port, incoming, sizeof incoming, 5)) != TIMED_OUT) {
        int at = last + 1;
        CHECK(from == options.host && from_port == options.port && got == length,
              "%d bytes from port %d", got, from_port);
        while (at < sent && !filled(incoming, length, base + at))
            at++;
        CHECK(at < sent, "an answer that is damaged, a duplicate or out of order");
        last = at;
        count++;
    }
    ticker_stop(&ticker);
    return count;
}

// A flood on ports that nobody reads must not hinder another. The pauses let the answers pass: a card that has no buffer left may
// drop them.
static void ping3(void)
{
    need_host();
    own_exactly(2008);
    own_exactly(2009);
    own_exactly(2010);
    struct ticker ticker = start_ticker(2009);
    uint64 base = fresh();
    send_filled(2009, options.host, options.port, 25, base + 1000);
    send_filled(2010, options.host, options.port, 25, base + 2000);
    pause(2);
    for (int i = 0; i < 257; i++)
        send_filled(2008, options.host, options.port, 25, base + i);
    pause(5);
    send_filled(2009, options.host, options.port, 25, base + 1001);
    expect_filled(&ticker, options.host, options.port, 25, base + 1000);
    expect_filled(&ticker, options.host, options.port, 25, base + 1001);
    ticker_stop(&ticker);
    int kept = drain(2008, 25, base, 257);
    CHECK(kept <= MOST_QUEUED, "a queue has kept %d datagrams", kept);
    NOTE("%d of 257 kept", kept);
}

static void ping_often(int number)
{
    uint16 port = 2100 + number;
    own_exactly(port);
    struct ticker ticker = start_ticker(port);
    for (int i = 0; i < 10; i++)
        echo(&ticker, port, 20 + number, random64());
    ticker_stop(&ticker);
}

static void multi(void)
{
    need_host();
    for (int i = 0; i < 8; i++)
        begin(ping_often, i);
    finish(8);
}

static void burst(void)
{
    uint16 port = own_port();

    need_host();
    struct ticker ticker = start_ticker(port);
    for (int round = 0; round < 16; round++) {
        uint64 base = fresh();
        for (int i = 0; i < MOST_QUEUED / 2; i++)
            send_filled(port, options.host, options.port, 100 + i, base + i);
        for (int i = 0; i < MOST_QUEUED / 2; i++)
            expect_filled(&ticker, options.host, options.port, 100 + i, base + i);
    }
    ticker_stop(&ticker);
}

static void large(void)
{
    static const int lengths[] = { 0, 1, 17, 18, 19, 255, 512, 1024, MAXDATAGRAM - 1, MAXDATAGRAM };
    uint16 port = own_port();

    need_host();
    struct ticker ticker = start_ticker(port);
    for (int i = 0; i < (int)(sizeof lengths / sizeof *lengths); i++)
        echo(&ticker, port, lengths[i], fresh());
    CHECK(send(port, options.host, options.port, outgoing, MAXDATAGRAM + 1) < 0, "send of %d bytes", MAXDATAGRAM + 1);
    echo(&ticker, port, MAXDATAGRAM, fresh());
    ticker_stop(&ticker);
}

// Datagrams may be lost, but not damaged, doubled or invented. Each begins with its number; a few are under way at
// once.
static void loss(void)
{
    enum { WINDOW = 8, LENGTH = 200, MOST = 4096 };
    static uchar answered[MOST];
    uint16 port = own_port(), from_port;
    uint32 from, number;
    int count = options.count ? options.count : 200, answers = 0, sent = 0, lost = 0;

    need_host();
    if (count > MOST)
        count = MOST;
    struct ticker ticker = start_ticker(port);
    uint64 base = fresh();
    while (answers + lost < count) {
        for (; sent < count && sent - answers - lost < WINDOW; sent++) {
            fill(outgoing + 4, LENGTH - 4, base + sent);
            memcpy(outgoing, &sent, 4);
            CHECK(send(port, options.host, options.port, outgoing, LENGTH) >= 0, "send failed");
        }
        int got = ticker_recv(&ticker, &from, &from_port, incoming, sizeof incoming, TICKS_PER_SECOND);
        if (got == TIMED_OUT) {
            lost = sent - answers; // all that are under way
            CHECK(answers > 0 || sent < 4 * WINDOW, "none of %d was answered", sent);
            continue;
        }
        CHECK(got == LENGTH && from == options.host && from_port == options.port,
              "%d bytes from port %d", got, from_port);
        memcpy(&number, incoming, 4);
        CHECK(number < (uint)sent && filled(incoming + 4, LENGTH - 4, base + number), "a damaged answer");
        CHECK(!answered[number], "a second answer to datagram %d", number);
        answered[number] = 1;
        answers++;
        if (lost > sent - answers)
            lost = sent - answers; // it was only late
    }
    ticker_stop(&ticker);
    NOTE("%d of %d answered", answers, count);
}

static void dns(void)
{
    static struct dns_result result;
    char text[16];

    CHECK(options.dns != 0, "no name server: the network has told of none, and -d none");
    enum dns_outcome outcome = dns_lookup(options.dns, options.name, &result);
    CHECK(outcome == DNS_FOUND, "%s: %s", options.name, dns_outcome_text(outcome));
    for (int i = 0; i < result.count; i++)
        if (result.addresses[i] == options.address)
            return;
    FAIL("%s has address %s", options.name, format_address(result.addresses[0], text));
}

// The older courses' host answers with a text of its own.
static int any_answer(const char *bytes, int length, const char *question, int question_length)
{
    static const char greeting[] = "this is the host!";

    if (length == question_length && memcmp(bytes, question, length) == 0)
        return 1;
    return length == (int)sizeof greeting - 1 && memcmp(bytes, greeting, length) == 0;
}

static void talk_by_descriptor(int number)
{
    static const char question[] = "a message from a descriptor";
    int fd = connect(options.host, 2200 + number, options.port);

    CHECK(fd >= 0, "connect failed");
    for (int i = 0; i < 5; i++) {
        CHECK(write(fd, question, sizeof question - 1) == sizeof question - 1, "write failed");
        int got = read(fd, incoming, sizeof incoming);
        CHECK(got >= 0 && any_answer(incoming, got, question, sizeof question - 1),
              "read got another answer, of %d bytes", got);
    }
    CHECK(close(fd) == 0, "close failed");
}

static void descriptor(void)
{
    need_host();
    talk_by_descriptor(0);
}

static void descriptors(void)
{
    need_host();
    for (int i = 0; i < 10; i++)
        begin(talk_by_descriptor, i);
    finish(10);
}

// No memory is lost on the way: the first round fills what is kept on purpose.
// What a process had comes back a moment after its parent has waited for it.
static void wait_for_memory(uint64 wanted)
{
    uint64 memory = free_memory();

    for (int i = 0; i < TICKS_PER_SECOND && memory < wanted; i++) {
        pause(1);
        memory = free_memory();
    }
    CHECK(memory >= wanted, "%lu bytes of memory did not come back", wanted - memory);
}

static void set_ring(uint size)
{
    struct netconfig config = { .source = NET_DOWN, .ring = size };
    struct netinfo info;

    CHECK(netconfig(&config) == 0, "no rings of %d descriptors", size);
    CHECK(netinfo(&info) == 0 && info.ring == size, "rings of %d descriptors and not of %d", info.ring, size);
    for (int tries = 0; !info.linkup; tries++) { // the card has started anew
        CHECK(tries < PATIENCE, "no link with rings of %d descriptors", size);
        pause(1);
        netinfo(&info);
    }
}

// Every length of the rings works, around and around, and afterwards memory is as before.
static void rings(void)
{
    static const uint sizes[] = { NET_RING_LEAST, 64, NET_RING_MOST, 24 };
    struct netinfo info;

    need_host();
    CHECK(netinfo(&info) == 0, "netinfo failed");
    uint before = info.ring;
    uint16 port = own_port();
    struct ticker ticker = start_ticker(port);
    echo(&ticker, port, 1000, fresh());
    ticker_stop(&ticker);
    uint64 memory = free_memory(); // by now whoever watches over this test has begun, too
    ticker = start_ticker(port);
    for (int i = 0; i < (int)(sizeof sizes / sizeof *sizes); i++) {
        set_ring(sizes[i]);
        for (uint round = 0; round < sizes[i] + 2; round++)
            echo(&ticker, port, 8 + (round * 97) % 1400, fresh());
    }
    ticker_stop(&ticker);
    set_ring(before);
    wait_for_memory(memory - 8 * 4096);
}

static void free_after(void)
{
    need_host();
    own_exactly(2011);
    struct ticker ticker = start_ticker(2011);
    for (int i = 0; i < 5; i++)
        echo(&ticker, 2011, 1000, fresh());
    ticker_stop(&ticker);
    uint64 before = free_memory();
    for (int round = 0; round < 2; round++) {
        ticker = start_ticker(2011);
        for (int i = 0; i < 50; i++)
            echo(&ticker, 2011, 1000, fresh());
        ticker_stop(&ticker);
    }
    wait_for_memory(before);
}

const struct test peer_tests[] = {
    { "icmp", icmp, GROUP_PEER, 40 },
    { "txone", tx_one, GROUP_PEER | GROUP_GRADE, 20 },
    { "ping0", ping0, GROUP_PEER | GROUP_GRADE, 20 },
    { "ping1", ping1, GROUP_PEER | GROUP_GRADE, 30 },
    { "ping2", ping2, GROUP_PEER | GROUP_GRADE, 30 },
    { "ping3", ping3, GROUP_PEER | GROUP_GRADE, 60 },
    { "multi", multi, GROUP_PEER, 60 },
    { "burst", burst, GROUP_PEER, 60 },
    { "large", large, GROUP_PEER, 60 },
    { "loss", loss, GROUP_PEER, 120 },
    { "descriptor", descriptor, GROUP_PEER, 20 },
    { "descriptor10", descriptors, GROUP_PEER, 30 },
    { "rings", rings, GROUP_PEER, 60 },
    { "dns", dns, GROUP_PEER | GROUP_GRADE, 30 },
    { "free", free_after, GROUP_PEER | GROUP_GRADE, 60 },
    { 0 },
};
