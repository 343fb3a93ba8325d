// The interface of connect: descriptors for read, write and close, over the loop-back address.
#include "kernel/param.h"
#include "user/net/nettest/nettest.h"

#define A 2200
#define B 2201

static int opened(uint16 port, uint16 remote)
{
    int fd = connect(LOOPBACK, port, remote);

    CHECK(fd >= 0, "connect from port %d to %d failed", port, remote);
    return fd;
}

// What is written to one comes out of the other.
static void pass(int from, int to, int length, uint64 seed)
{
    fill(outgoing, length, seed);
    int got = write(from, outgoing, length);
    CHECK(got == length, "write of %d bytes wrote %d", length, got);
    got = read(to, incoming, sizeof incoming);
    CHECK(got == length, "read got %d bytes instead of %d", got, length);
    CHECK(filled(incoming, length, seed), "other bytes than were sent, in a datagram of %d", length);
}

static void pairs(void)
{
    int a = opened(A, B), b = opened(B, A);

    for (int length = 1; length <= MAXDATAGRAM; length += length < MAXDATAGRAM - 20 ? 29 : 1) {
        pass(a, b, length, length);
        pass(b, a, length, length + 1);
    }
    pass(a, b, MAXDATAGRAM, 0);
    CHECK(write(a, outgoing, MAXDATAGRAM + 1) < 0, "write of %d bytes", MAXDATAGRAM + 1);
    pass(a, b, 1, 3);
    // Each read is one datagram; what does not fit is gone.
    fill(outgoing, 100, 1);
    CHECK(write(a, outgoing, 100) == 100 && write(a, outgoing, 20) == 20, "write failed");
    CHECK(read(b, incoming, 10) == 10 && memcmp(incoming, outgoing, 10) == 0,
          "a short read is not a datagram's beginning");
    CHECK(read(b, incoming, 100) == 20, "what a short read left is not gone");
    CHECK(close(a) == 0 && close(b) == 0, "close failed");
}

static void triples(void)
{
    int a = opened(A, B);

    CHECK(connect(LOOPBACK, A, B) < 0, "a second socket on the same address and ports");
    // Any of the three may differ.
    int other_remote = opened(A, B + 1), other_local = opened(A + 2, B), other_address = connect(0x0a000202, A, B);
    close(other_remote);
    close(other_local);
    if (other_address >= 0) // without a network there is no way there
        close(other_address);
    CHECK(connect(LOOPBACK, A, B) < 0, "a second socket on the same address and ports");
    CHECK(close(a) == 0, "close failed");
    a = opened(A, B);
    // dup and fork share it: it lives as long as one of them.
    int copy = dup(a);
    CHECK(copy >= 0, "dup failed");
    close(a);
    CHECK(connect(LOOPBACK, A, B) < 0, "a second socket beside one that dup keeps");
    int b = opened(B, A);
    pass(copy, b, 33, 1);
    close(b);
    close(copy);
    close(opened(A, B));
}

static void write_to(int fd)
{
    fill(outgoing, 44, 1);
    pause(2);
    CHECK(write(fd, outgoing, 44) == 44, "write in a child failed");
}

static void inheritance(void)
{
    int a = opened(A, B), b = opened(B, A);

    begin(write_to, a);
    CHECK(read(b, incoming, 100) == 44 && filled(incoming, 44, 1), "what a child wrote did not come");
    finish(1);
    pass(a, b, 10, 1); // its end has not closed ours
    close(a);
    close(b);
}

static void strangers(void)
{
    int b = opened(B, A), a = opened(A, B);
    uint16 other = own_port();

    // From another port: not for the descriptor.
    for (int i = 0; i < 5; i++)
        send_filled(other, LOOPBACK, B, 60, 9);
    pass(a, b, 61, 1);
    // A port that is bound gets what no descriptor is for.
    CHECK(bind(B) >= 0, "a port with a descriptor cannot be bound");
    struct ticker ticker = start_ticker(B);
    send_filled(other, LOOPBACK, B, 62, 2);
    expect_filled(&ticker, LOOPBACK, other, 62, 2);
    pass(a, b, 63, 3);
    ticker_stop(&ticker);
    close(a);
    close(b);
}

// Both interfaces meet.
static void mixed(void)
{
    uint16 port = own_port();
    struct ticker ticker = start_ticker(port);
    int fd = opened(A, port);

    for (int i = 0; i < 10; i++) {
        fill(outgoing, 80, i);
        CHECK(write(fd, outgoing, 80) == 80, "write failed");
        expect_filled(&ticker, LOOPBACK, A, 80, i);
        send_filled(port, LOOPBACK, A, 90, i);
        CHECK(read(fd, incoming, 100) == 90 && filled(incoming, 90, i), "an answer to a descriptor is wrong");
    }
    ticker_stop(&ticker);
    close(fd);
}

static void read_nothing(int fd)
{
    read(fd, incoming, 100);
    FAIL("read has returned in a process that is killed");
}

static void killed_reader(void)
{
    int fd = opened(A, B);
    int pid = begin(read_nothing, fd);

    pause(2);
    end(pid);
    close(fd);
    close(opened(A, B));
}

// As many as a process may have open, over and over; what a process leaves open is closed when it ends.
static void open_many(int round)
{
    int count = 0;

    while (connect(LOOPBACK, 3000 + count, 4000 + round) >= 0)
        count++;
    CHECK(count >= NOFILE - 5 && count < NOFILE, "%d descriptors could be opened", count);
}

static void hold_many(int number)
{
    for (int i = 0; connect(LOOPBACK, 3000 + 100 * number + i, 4000) >= 0; i++)
        ;
    pause(5);
}

// None of what hold_many has had is still taken.
static void hold_none(void)
{
    for (int number = 0; number < 12; number++)
        for (int i = 0; i < NOFILE; i++)
            CHECK(close(connect(LOOPBACK, 3000 + 100 * number + i, 4000)) == 0, "a socket has outlived its process");
}

static void many_descriptors(void)
{
    for (int round = 0; round < 20; round++) {
        begin(open_many, round);
        finish(1);
    }
    // Together they want more than the system has: some get less, and all of it goes back.
    for (int i = 0; i < 12; i++)
        begin(hold_many, i);
    finish(12);
    hold_none();
}

static void no_file(void)
{
    struct stat stat;
    int fd = opened(A, B);

    CHECK(fstat(fd, &stat) < 0, "a socket has the status of a file");
    close(fd);
}

const struct test connection_tests[] = {
    { "pairs", pairs, GROUP_LOOP, 20 },
    { "triples", triples, GROUP_LOOP, 10 },
    { "inheritance", inheritance, GROUP_LOOP, 10 },
    { "strangers", strangers, GROUP_LOOP, 10 },
    { "mixed", mixed, GROUP_LOOP, 10 },
    { "killedread", killed_reader, GROUP_LOOP, 10 },
    { "descriptors", many_descriptors, GROUP_LOOP, 20 },
    { "nofile", no_file, GROUP_LOOP, 10 },
    { 0 },
};
