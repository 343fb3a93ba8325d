// Tests where a script on the host sends first, to ports that are forwarded to us, or only listens.
#include "user/net/nettest/nettest.h"

#define RX 2000 // the ports that the courses forward
#define RX2 2001

static int wanted(int usual)
{
    return options.count ? (int)options.count : usual;
}

// The number that a datagram's text ends with, or -1.
static int trailing_number(const char *bytes, int length)
{
    int number = 0, power = 1, digits = 0;

    while (length > 0 && digits < 9 && bytes[length - 1] >= '0' && bytes[length - 1] <= '9') {
        number += (bytes[--length] - '0') * power;
        power *= 10;
        digits++;
    }
    return digits ? number : -1;
}

// Receives one on a port; where the host numbers them, each must be later than the last.
static void receive_next(struct ticker *ticker, int *last)
{
    uint32 from;
    uint16 from_port;
    int length = ticker_recv(ticker, &from, &from_port, incoming, sizeof incoming, 60 * TICKS_PER_SECOND);

    CHECK(length != TIMED_OUT, "nothing came to port %d for a minute", ticker->port);
    CHECK(length >= 0, "recv failed");
    int number = trailing_number(incoming, length);
    CHECK(number < 0 || number > *last, "datagram %d came after %d", number, *last);
    if (number >= 0)
        *last = number;
}

static void receive_on(uint16 port, int count)
{
    own_exactly(port);
    struct ticker ticker = start_ticker(port);
    int last = -1;

    for (int i = 0; i < count; i++)
        receive_next(&ticker, &last);
    ticker_stop(&ticker);
}

static void rx_one(void)
{
    receive_on(RX, 1);
}

static void rx(void)
{
    receive_on(RX, wanted(4));
}

static void rx_two(void)
{
    int count = wanted(3), last = -1, last2 = -1;

    own_exactly(RX);
    own_exactly(RX2);
    struct ticker a = start_ticker(RX), b = start_ticker(RX2);
    for (int i = 0; i < count; i++) {
        receive_next(&a, &last);
        receive_next(&b, &last2);
    }
    ticker_stop(&a);
    ticker_stop(&b);
}

// The host floods one port, which nobody reads, and then sends to the other: that one must arrive.
static void rx_burst(void)
{
    own_exactly(RX2);
    receive_on(RX, 1);
}

static void tx(void)
{
    char text[] = "tx 0";

    CHECK(options.host != 0, "no host: the network has no gateway, and -h none");
    own_exactly(RX);
    for (int i = 0; i < wanted(5); i++) {
        text[3] = '0' + i % 10;
        CHECK(send(RX, options.host, options.port, text, 4) >= 0, "send failed");
        pause(TICKS_PER_SECOND);
    }
}

const struct test host_tests[] = {
    { "rxone", rx_one, GROUP_HOST, 70 },
    { "rx", rx, GROUP_HOST, 300 },
    { "rx2", rx_two, GROUP_HOST, 300 },
    { "rxburst", rx_burst, GROUP_HOST, 70 },
    { "tx", tx, GROUP_HOST, 3600 },
    { 0 },
};
