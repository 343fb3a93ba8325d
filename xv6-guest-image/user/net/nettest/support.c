// What the tests of nettest share: processes that help, and datagrams whose content can be told from any other.
#include "user/net/nettest/nettest.h"

char outgoing[MAXDATAGRAM + 1], incoming[MAXDATAGRAM + 1];

void kill_family(int pid)
{
    static struct procinfo table[64];
    static uchar inside[64];
    int count = procinfo(table, 64), found;

    if (count > 64)
        count = 64;
    memset(inside, 0, sizeof inside);
    do {
        found = 0;
        for (int child = 0; child < count; child++) {
            for (int parent = 0; parent < count && !inside[child]; parent++) {
                if (table[child].ppid == pid || (inside[parent] && table[parent].pid == table[child].ppid)) {
                    inside[child] = 1;
                    found = 1;
                }
            }
        }
    } while (found);
    for (int i = 0; i < count; i++)
        if (inside[i] && table[i].pid != pid && table[i].pid != getpid())
            kill(table[i].pid);
}

void give_up(void)
{
    fprintf(reason, "\n");
    kill_family(getpid());
    exit(1);
}

int begin(void (*body)(int), int argument)
{
    int pid = fork();

    if (pid == 0) {
        body(argument);
        exit(0);
    }
    CHECK(pid > 0, "fork failed");
    return pid;
}

void finish(int count)
{
    int status;

    for (int i = 0; i < count; i++) {
        int pid = wait(&status);
        CHECK(pid > 0, "a process that helps is missing");
        if (status == 1)
            give_up(); // it has told why
        CHECK(status == 0, "a process that helps ended with status %d", status);
    }
}

void end(int pid)
{
    kill(pid);
    CHECK(wait(0) == pid, "another process than the one that was killed has ended");
}

void echo_server(int port)
{
    uint16 from_port;
    uint32 from;

    own_exactly(port);
    for (;;) {
        int length = recv(port, &from, &from_port, incoming, MAXDATAGRAM);
        CHECK(length >= 0, "recv of the echo server failed");
        CHECK(send(port, from, from_port, incoming, length) >= 0, "send of the echo server failed");
    }
}

uint16 own_port(void)
{
    uint16 port = 0;

    CHECK(bind_any(&port) == 0, "no port can be bound");
    return port;
}

void own_exactly(uint16 port)
{
    CHECK(bind(port) >= 0, "port %d cannot be bound", port);
}

struct ticker start_ticker(uint16 port)
{
    struct ticker ticker;

    CHECK(ticker_start(&ticker, port, 2) == 0, "fork failed");
    return ticker;
}

uint64 free_memory(void)
{
    struct sysinfo info;

    return sysinfo(&info) < 0 ? 0 : info.freememory;
}

static uint64 next(uint64 state)
{
    state ^= state << 13;
    state ^= state >> 7;
    return state ^ state << 17;
}

// The first state of xorshift, which must not be 0.
static uint64 first(uint64 seed, int length)
{
    return next((seed + 1) * 0x9e3779b97f4a7c15 + length) | 1;
}

void fill(char *bytes, int length, uint64 seed)
{
    uint64 state = first(seed, length);

    for (int i = 0; i < length; i++, state = next(state))
        bytes[i] = state >> 32;
}

int filled(const char *bytes, int length, uint64 seed)
{
    uint64 state = first(seed, length);

    for (int i = 0; i < length; i++, state = next(state))
        if (bytes[i] != (char)(state >> 32))
            return 0;
    return 1;
}

void send_filled(uint16 port, uint32 to, uint16 to_port, int length, uint64 seed)
{
    fill(outgoing, length, seed);
    CHECK(send(port, to, to_port, outgoing, length) >= 0, "send of %d bytes failed", length);
}

void expect_filled(struct ticker *ticker, uint32 from, uint16 from_port, int length, uint64 seed)
{
    uint32 address;
    uint16 port;
    char text[16];
    int got = ticker_recv(ticker, &address, &port, incoming, sizeof incoming, PATIENCE);

    CHECK(got != TIMED_OUT, "no answer of %d bytes within %d s", length, PATIENCE / TICKS_PER_SECOND);
    CHECK(got >= 0, "recv failed");
    CHECK(address == from, "a datagram from %s", format_address(address, text));
    CHECK(port == from_port, "a datagram from port %d instead of %d", port, from_port);
    CHECK(got == length, "%d bytes instead of %d", got, length);
    CHECK(filled(incoming, length, seed), "other bytes than were sent, in a datagram of %d", length);
}
