// The interface of bind, send and recv, over the loop-back address.
#include "user/net/nettest/nettest.h"

static void bind_once(int port)
{
    CHECK(bind(port) < 0, "a second process may bind a port");
}

static void bind_and_leave(int port)
{
    own_exactly(port);
    send_filled(port, LOOPBACK, port, 100, 0); // something to be left behind in the queue
}

static void ports(void)
{
    uint16 port = own_port(), others[20];

    CHECK(bind(port) < 0, "a port can be bound twice");
    begin(bind_once, port);
    finish(1);
    CHECK(unbind(port) >= 0, "unbind failed");
    CHECK(unbind(port) < 0, "unbind of a port that is not bound");
    CHECK(bind(port) >= 0, "a port that was unbound cannot be bound");
    CHECK(unbind(port) >= 0, "unbind failed");
    // A port goes with its process.
    for (int i = 0; i < 5; i++) {
        begin(bind_and_leave, port);
        finish(1);
    }
    own_exactly(port);
    for (int i = 0; i < 20; i++)
        others[i] = own_port();
    for (int i = 0; i < 20; i++)
        CHECK(unbind(others[i]) >= 0, "unbind failed");
}

// Until the kernel has no more, and then it must still work.
static void many_ports(void)
{
    int bound = 0;

    for (int port = 20000; port < 22000; port++) {
        if (bind(port) < 0)
            break;
        bound++;
    }
    CHECK(bound >= 16, "only %d ports can be bound", bound);
    for (int port = 20000; port < 20000 + bound; port++)
        CHECK(unbind(port) >= 0, "unbind of port %d failed", port);
    own_exactly(20000);
    struct ticker ticker = start_ticker(20000);
    send_filled(20000, LOOPBACK, 20000, 10, 1);
    expect_filled(&ticker, LOOPBACK, 20000, 10, 1);
    ticker_stop(&ticker);
    NOTE("%d ports at once", bound);
}

static void sizes(void)
{
    uint16 port = own_port();
    struct ticker ticker = start_ticker(port);

    for (int length = 0; length <= MAXDATAGRAM; length += length < 80 || length >= MAXDATAGRAM - 40 ? 1 : 37) {
        send_filled(port, LOOPBACK, port, length, length);
        expect_filled(&ticker, LOOPBACK, port, length, length);
    }
    send_filled(port, LOOPBACK, port, MAXDATAGRAM, 1);
    expect_filled(&ticker, LOOPBACK, port, MAXDATAGRAM, 1);
    CHECK(send(port, LOOPBACK, port, outgoing, MAXDATAGRAM + 1) < 0, "send of %d bytes", MAXDATAGRAM + 1);
    ticker_stop(&ticker);
}

// A buffer that is too small gets the datagram's beginning, and the rest is gone.
static void truncation(void)
{
    uint16 port = own_port(), from_port;
    uint32 from;

    for (int size = 0; size < 100; size += 9) {
        send_filled(port, LOOPBACK, port, 100, size);
        send_filled(port, LOOPBACK, port, 5, size);
        memset(incoming, 0x55, 200);
        int got = recv(port, &from, &from_port, incoming, size);
        CHECK(got == size, "recv of %d bytes got %d", size, got);
        fill(outgoing, 100, size);
        CHECK(memcmp(incoming, outgoing, size) == 0, "other bytes than were sent");
        for (int i = size; i < 200; i++)
            CHECK(incoming[i] == 0x55, "recv of %d bytes wrote behind them", size);
        got = recv(port, &from, &from_port, incoming, 100);
        CHECK(got == 5 && filled(incoming, 5, size), "the next datagram has %d bytes instead of 5", got);
    }
}

static void order(void)
{
    uint16 a = own_port(), b = own_port();
    struct ticker on_a = start_ticker(a), on_b = start_ticker(b);

    for (int round = 0; round < 20; round++) {
        for (int i = 0; i < MOST_QUEUED / 2; i++) {
            send_filled(a, LOOPBACK, b, 3 * i + 1, round * 100 + i);
            send_filled(b, LOOPBACK, a, 2 * i + 1, round * 100 + i);
        }
        for (int i = 0; i < MOST_QUEUED / 2; i++)
            expect_filled(&on_b, LOOPBACK, a, 3 * i + 1, round * 100 + i);
        for (int i = 0; i < MOST_QUEUED / 2; i++)
            expect_filled(&on_a, LOOPBACK, b, 2 * i + 1, round * 100 + i);
    }
    ticker_stop(&on_a);
    ticker_stop(&on_b);
}

// One port that nobody reads keeps so many and no more, and hinders no other.
static void full_queue(void)
{
    uint16 full = own_port(), other = own_port();
    int kept = 0;

    for (int i = 0; i < 10 * MOST_QUEUED; i++)
        send_filled(other, LOOPBACK, full, 50, i);
    struct ticker on_other = start_ticker(other);
    send_filled(other, LOOPBACK, other, 50, 1);
    expect_filled(&on_other, LOOPBACK, other, 50, 1);
    ticker_stop(&on_other);

    struct ticker on_full = start_ticker(full);
    for (;;) {
        uint32 from;
        uint16 from_port;
        int length = ticker_recv(&on_full, &from, &from_port, incoming, sizeof incoming, 3);
        if (length == TIMED_OUT)
            break;
        CHECK(length == 50 && filled(incoming, 50, kept),
              "datagram %d of a full queue is not the one that came then", kept);
        kept++;
    }
    ticker_stop(&on_full);
    CHECK(kept == MOST_QUEUED, "a queue has kept %d datagrams", kept);
}

// Memory that has addresses only, until the kernel touches it.
static void lazy_memory(void)
{
    uint16 port = own_port(), from_port;
    uint32 from;
    char *pages = sbrklazy(6 * 4096);

    CHECK(pages != SBRK_ERROR, "sbrklazy failed");
    // Each across the end of a page.
    char *first = pages + 2 * 4096 - (uint64)pages % 4096 - 50, *second = first + 2 * 4096;
    CHECK(send(port, LOOPBACK, port, first, 100) >= 0, "send from memory that is not there yet failed");
    CHECK(recv(port, &from, &from_port, second, 100) == 100, "recv to memory that is not there yet failed");
    for (int i = 0; i < 100; i++)
        CHECK(second[i] == 0, "memory that is not there yet is not zero");
    send_filled(port, LOOPBACK, port, 100, 1);
    char *third = second + 4096; // one of its pages is there, the other is not
    CHECK(recv(port, &from, &from_port, third, 100) == 100 && filled(third, 100, 1),
          "recv to a new page got other bytes");
}

static void receive_one(int port)
{
    uint32 from;
    uint16 from_port;

    own_exactly(port);
    CHECK(recv(port, &from, &from_port, incoming, sizeof incoming) == 70, "recv failed");
    CHECK(from == LOOPBACK && filled(incoming, 70, 1), "other bytes than were sent");
}

static void blocking(void)
{
    uint16 port = own_port(), own = own_port();

    CHECK(unbind(port) >= 0, "unbind failed");
    for (int i = 0; i < 3; i++) {
        begin(receive_one, port);
        pause(3);
        send_filled(own, LOOPBACK, port, 70, 1);
        finish(1);
    }
}

static void receive_nothing(int port)
{
    uint32 from;
    uint16 from_port;

    own_exactly(port);
    recv(port, &from, &from_port, incoming, sizeof incoming);
    FAIL("recv has returned in a process that is killed");
}

static void killing(void)
{
    uint16 port = own_port();

    CHECK(unbind(port) >= 0, "unbind failed");
    for (int i = 0; i < 3; i++) {
        int pid = begin(receive_nothing, port);
        pause(2);
        end(pid);
    }
    own_exactly(port); // the killed one's is free
}

static void receive_until_unbound(int port)
{
    uint32 from;
    uint16 from_port;

    CHECK(recv(port, &from, &from_port, incoming, sizeof incoming) < 0, "recv from a port that is unbound meanwhile");
}

static void unbinding(void)
{
    uint16 port = own_port();

    begin(receive_until_unbound, port);
    pause(3);
    CHECK(unbind(port) >= 0, "unbind failed");
    finish(1);
}

static void talk(int server)
{
    uint16 port = own_port();
    struct ticker ticker = start_ticker(port);

    for (int i = 0; i < 40; i++) {
        int length = 1 + (getpid() * 131 + i * 17) % MAXDATAGRAM;
        send_filled(port, LOOPBACK, server, length, getpid() * 1000 + i);
        expect_filled(&ticker, LOOPBACK, server, length, getpid() * 1000 + i);
    }
    ticker_stop(&ticker);
}

// Eight at once is less than the server's queue holds, so that none is lost.
static void many_processes(void)
{
    uint16 port = own_port();

    CHECK(unbind(port) >= 0, "unbind failed");
    int server = begin(echo_server, port);
    pause(1);
    for (int i = 0; i < 8; i++)
        begin(talk, port);
    finish(8);
    end(server);
}

static void loop_echoes(void)
{
    static const uint sizes[] = { 0, 1, 2, 55, 56, 1000, MAXDATAGRAM };

    for (int i = 0; i < (int)(sizeof sizes / sizeof *sizes); i++) {
        struct ping request = {
            .address = LOOPBACK, .id = getpid(), .sequence = i, .size = sizes[i], .timeout = PATIENCE,
        };
        CHECK(ping(&request) == 0, "no echo of %d bytes", sizes[i]);
    }
}

// The ticker itself: nothing comes, and that in time.
static void timeouts(void)
{
    uint16 port = own_port(), from_port;
    uint32 from;
    struct ticker ticker = start_ticker(port);
    int start = uptime();

    int got = ticker_recv(&ticker, &from, &from_port, incoming, sizeof incoming, 10);
    CHECK(got == TIMED_OUT, "a datagram from nowhere");
    int elapsed = uptime() - start;
    CHECK(elapsed >= 10 && elapsed < 20, "10 ticks were %d", elapsed);
    ticker_stop(&ticker);
}

static void leave_much_behind(int port)
{
    own_exactly(port);
    for (int i = 0; i < MOST_QUEUED; i++)
        send_filled(port, LOOPBACK, port, MAXDATAGRAM, i);
    if (port & 1)
        unbind(port);
}

// After each test the memory is counted; this one gives it a reason.
static void leaks(void)
{
    for (int i = 0; i < 30; i++) {
        begin(leave_much_behind, 30000 + i);
        finish(1);
    }
}

const struct test loop_tests[] = {
    { "ports", ports, GROUP_LOOP, 10 },
    { "manyports", many_ports, GROUP_LOOP, 20 },
    { "sizes", sizes, GROUP_LOOP, 20 },
    { "truncation", truncation, GROUP_LOOP, 10 },
    { "order", order, GROUP_LOOP, 20 },
    { "lazymemory", lazy_memory, GROUP_LOOP, 10 },
    { "fullqueue", full_queue, GROUP_LOOP, 20 },
    { "blocking", blocking, GROUP_LOOP, 20 },
    { "killing", killing, GROUP_LOOP, 20 },
    { "unbinding", unbinding, GROUP_LOOP, 10 },
    { "processes", many_processes, GROUP_LOOP, 60 },
    { "echoes", loop_echoes, GROUP_LOOP, 20 },
    { "timeouts", timeouts, GROUP_LOOP, 10 },
    { "leaks", leaks, GROUP_LOOP, 20 },
    { 0 },
};
