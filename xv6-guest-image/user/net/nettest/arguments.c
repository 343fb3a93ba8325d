// Arguments that the kernel must refuse, whatever is behind them.
#include "kernel/syscall.h"
#include "user/net/nettest/nettest.h"

#define KERNEL 0x80000000ul
#define TOP (1ul << 38)        // the end of what Sv39 addresses of xv6 reach
#define NOWHERE 0x3000000000ul // nothing is mapped there

static const uint64 wild[] = { NOWHERE, KERNEL, 0x10001000, 0x40000000, TOP - 4096,
                               TOP - 8192, TOP, ~0ul, ~0ul - 7, 1ul << 63 };
#define WILD (int)(sizeof wild / sizeof *wild)

// The calls as the kernel sees them: the compiler would cut arguments to size.
static int raw(int number, uint64 a, uint64 b, uint64 c, uint64 d, uint64 e)
{
    register uint64 a0 asm("a0") = a, a1 asm("a1") = b, a2 asm("a2") = c, a3 asm("a3") = d, a4 asm("a4") = e;
    register uint64 a7 asm("a7") = number;

    asm volatile("ecall" : "+r"(a0) : "r"(a1), "r"(a2), "r"(a3), "r"(a4), "r"(a7) : "memory");
    return a0;
}

#define BIND(port) raw(SYS_bind, port, 0, 0, 0, 0)
#define UNBIND(port) raw(SYS_unbind, port, 0, 0, 0, 0)
#define SEND(from, to, port, bytes, length) raw(SYS_send, from, to, port, (uint64)(bytes), length)
#define RECV(port, from, from_port, bytes, size) \
    raw(SYS_recv, port, (uint64)(from), (uint64)(from_port), (uint64)(bytes), size)
#define CONNECT(to, from_port, to_port) raw(SYS_connect, to, from_port, to_port, 0, 0)
#define RAWSEND(bytes, length) raw(SYS_rawsend, (uint64)(bytes), length, 0, 0, 0)
#define RAWRECV(bytes, size, ticks) raw(SYS_rawrecv, (uint64)(bytes), size, ticks, 0, 0)
#define ONE(call, address) raw(SYS_##call, (uint64)(address), 0, 0, 0, 0)

static const uint64 no_ports[] = { 65536, 65537, 1ul << 31, 0xffffffff, 1ul << 17 };
#define NO_PORTS (int)(sizeof no_ports / sizeof *no_ports)

static void bad_ports(void)
{
    uint32 from;
    uint16 port = own_port(), from_port;

    CHECK(bind(0) < 0, "bind to port 0");
    for (int i = 0; i < NO_PORTS; i++) {
        CHECK(BIND(no_ports[i]) < 0, "bind to port %lu", no_ports[i]);
        CHECK(UNBIND(no_ports[i]) < 0, "unbind of port %lu", no_ports[i]);
        CHECK(SEND(no_ports[i], LOOPBACK, port, outgoing, 1) < 0, "send from port %lu", no_ports[i]);
        CHECK(SEND(port, LOOPBACK, no_ports[i], outgoing, 1) < 0, "send to port %lu", no_ports[i]);
        CHECK(RECV(no_ports[i], &from, &from_port, incoming, 1) < 0, "recv from port %lu", no_ports[i]);
        CHECK(CONNECT(LOOPBACK, no_ports[i], port) < 0, "connect from port %lu", no_ports[i]);
        CHECK(CONNECT(LOOPBACK, port, no_ports[i]) < 0, "connect to port %lu", no_ports[i]);
    }
    CHECK(unbind(port) >= 0, "unbind failed");
    CHECK(unbind(port) < 0, "unbind of a port that is not bound");
    CHECK(recv(port, &from, &from_port, incoming, 1) < 0, "recv from a port that is not bound");
}

static void bad_send(void)
{
    uint16 port = own_port();

    for (int i = 0; i < WILD; i++) {
        CHECK(SEND(port, LOOPBACK, port, wild[i], 16) < 0, "send from address %lx", wild[i]);
        CHECK(SEND(port, LOOPBACK, port, wild[i], MAXDATAGRAM) < 0, "send from address %lx", wild[i]);
    }
    // Begins in memory, and ends behind it.
    char *end = sbrk(0);
    CHECK(SEND(port, LOOPBACK, port, end - 8, 16) < 0, "send of what goes beyond memory");
    static const uint64 lengths[] = { MAXDATAGRAM + 1, 4096, 65536, 1ul << 31, 0xffffffff, 0xfffffff0, 0x7fffffff };
    for (int i = 0; i < (int)(sizeof lengths / sizeof *lengths); i++)
        CHECK(SEND(port, LOOPBACK, port, outgoing, lengths[i]) < 0, "send of %lu bytes", lengths[i]);
    // And nothing of this was sent.
    struct ticker ticker = start_ticker(port);
    send_filled(port, LOOPBACK, port, 9, 1);
    expect_filled(&ticker, LOOPBACK, port, 9, 1);
    ticker_stop(&ticker);
}

static void bad_recv(void)
{
    uint16 port = own_port(), from_port;
    uint32 from;

    // There is something to receive all the time: if a refused call takes it or not is open, so there is one for each.
    for (int i = 0; i < WILD; i++) {
        send_filled(port, LOOPBACK, port, 100, i);
        CHECK(RECV(port, wild[i], &from_port, incoming, 100) < 0, "recv of the address to %lx", wild[i]);
        send_filled(port, LOOPBACK, port, 100, i);
        CHECK(RECV(port, &from, wild[i], incoming, 100) < 0, "recv of the port to %lx", wild[i]);
        send_filled(port, LOOPBACK, port, 100, i);
        CHECK(RECV(port, &from, &from_port, wild[i], 100) < 0, "recv to address %lx", wild[i]);
    }
    // Where the program's code is may be read only.
    send_filled(port, LOOPBACK, port, 100, 0);
    CHECK(RECV(port, &from, &from_port, bad_recv, 100) < 0, "recv over the program's code");
    CHECK(RECV(port, bad_recv, &from_port, incoming, 100) < 0, "recv over the program's code");
    send_filled(port, LOOPBACK, port, 100, 0);
    char *end = sbrk(0);
    CHECK(RECV(port, &from, &from_port, end - 8, 100) < 0, "recv beyond memory");
    // It still works.
    CHECK(unbind(port) >= 0 && bind(port) >= 0, "the port cannot be bound anew");
    struct ticker ticker = start_ticker(port);
    send_filled(port, LOOPBACK, port, 100, 7);
    expect_filled(&ticker, LOOPBACK, port, 100, 7);
    ticker_stop(&ticker);
}

static void bad_connection(void)
{
    uint16 port = own_port();

    CHECK(unbind(port) >= 0, "unbind failed");
    int fd = connect(LOOPBACK, port, port); // what it writes it reads
    CHECK(fd >= 0, "connect failed");
    for (int i = 0; i < WILD; i++) {
        CHECK(write(fd, (void *)wild[i], 16) < 0, "write from address %lx", wild[i]);
        CHECK(write(fd, outgoing, 100) == 100, "write failed");
        CHECK(read(fd, (void *)wild[i], 100) < 0, "read to address %lx", wild[i]);
        close(fd);
        fd = connect(LOOPBACK, port, port);
        CHECK(fd >= 0, "connect failed after close");
    }
    CHECK(write(fd, outgoing, MAXDATAGRAM + 1) < 0, "write of more than a datagram");
    CHECK(write(fd, outgoing, -1) < 0, "write of -1 bytes");
    CHECK(read(fd, incoming, -1) < 0, "read of -1 bytes");
    CHECK(write(fd, outgoing, 100) == 100, "write failed");
    CHECK(read(fd, (void *)bad_connection, 100) < 0, "read over the program's code");
    close(fd);
    CHECK(read(fd, incoming, 1) < 0, "read from a closed descriptor");
}

static void bad_raw(void)
{
    struct netinfo info;
    struct ping request = { .address = LOOPBACK, .size = MAXDATAGRAM + 1, .timeout = 1 };

    for (int i = 0; i < WILD; i++) {
        CHECK(ONE(ping, wild[i]) < 0, "ping at address %lx", wild[i]);
        CHECK(ONE(netinfo, wild[i]) < 0, "netinfo to address %lx", wild[i]);
        CHECK(ONE(netconfig, wild[i]) < 0, "netconfig from address %lx", wild[i]);
        CHECK(RAWSEND(wild[i], 60) < 0, "rawsend from address %lx", wild[i]);
    }
    CHECK(ping(&request) < 0, "ping with %d bytes", MAXDATAGRAM + 1);
    request.size = 0xffffffff;
    CHECK(ping(&request) < 0, "ping with 2^32 - 1 bytes");
    CHECK(ONE(netinfo, bad_raw) < 0, "netinfo over the program's code");

    static const struct netconfig wrong[] = {
        { .source = 3, .address = 0x0a00020f, .netmask = 0xffffff00 },
        { .source = ~0u },
        { .source = NET_DOWN },
        { .source = NET_DOWN, .ring = NET_RING_LEAST - 1 },
        { .source = NET_DOWN, .ring = NET_RING_LEAST + 1 },
        { .source = NET_DOWN, .ring = NET_RING_MOST + NET_RING_LEAST },
        { .source = NET_DOWN, .ring = 1u << 31 },
        { .source = NET_STATIC, .address = 0, .netmask = 0xffffff00 },
        { .source = NET_STATIC, .address = LOOPBACK, .netmask = 0xff000000 },
        { .source = NET_STATIC, .address = 0xe0000001, .netmask = 0xffffff00 },
        { .source = NET_STATIC, .address = 0x0a00020f, .netmask = 0xff00ff00 },
    };
    for (int i = 0; i < (int)(sizeof wrong / sizeof *wrong); i++)
        CHECK(netconfig(&wrong[i]) < 0, "netconfig of what can't be, number %d", i);

    static const uint64 lengths[] = { 0, 13, MAXFRAME + 1, 0x7fffffff, 1ul << 31, 0xffffffff };
    for (int i = 0; i < (int)(sizeof lengths / sizeof *lengths); i++)
        CHECK(RAWSEND(outgoing, lengths[i]) < 0, "rawsend of %lu bytes", lengths[i]);
    CHECK(RAWRECV(incoming, 0xffffffff, 0) < 0, "rawrecv of -1 bytes");
    if (netinfo(&info) < 0) {
        CHECK(rawrecv(incoming, MAXDATAGRAM, 0) <= 0, "rawrecv got a frame without a card");
        CHECK(rawsend(outgoing, 60) < 0, "rawsend without a card");
    }
}

const struct test argument_tests[] = {
    { "badports", bad_ports, GROUP_LOOP, 10 },
    { "badsend", bad_send, GROUP_LOOP, 10 },
    { "badrecv", bad_recv, GROUP_LOOP, 10 },
    { "badconnect", bad_connection, GROUP_LOOP, 10 },
    { "badraw", bad_raw, GROUP_LOOP, 20 },
    { 0 },
};
