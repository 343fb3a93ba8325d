// netbench tx|rx|echo|loop: how many packets go through, and what each costs.
#include "user/netlib.h"
#include "user/report.h"
#include "user/user.h"

static char datagram[MAXDATAGRAM];
static uint64 count = 1000, size = 1024, silence = 2 * TICKS_PER_SECOND;

static const char help[] = "tx HOST PORT    sends to a host as fast as it can\n"
                           "       netbench rx PORT         counts what arrives, until it is quiet or complete\n"
                           "       netbench echo HOST PORT  round trips to a host that echoes\n"
                           "       netbench loop            both over the loop-back address\n"
                           "  -c  packets (1000)   -s  bytes of each (1024)   -t  ticks of silence that end it (20)";

// What has passed between two moments. The cycles are those of the hart that we happen to be on: on one hart, or where
// all harts count alike, they are exact.
struct measure {
    uint64 packets, bytes;
    uint64 time, cycles;
};

static void begin(struct measure *measure)
{
    memset(measure, 0, sizeof *measure);
    measure->time = read_time();
    measure->cycles = read_cycles();
}

static void print_measure(const struct measure *measure)
{
    uint64 time = measure->time ? measure->time : 1, base = timebase();

    print_count("packets", measure->packets);
    print_count("bytes", measure->bytes);
    print_count("microseconds", microseconds(measure->time));
    print_count("cycles", measure->cycles);
    if (measure->packets) {
        print_count("cycles per packet", measure->cycles / measure->packets);
        print_count("packets per second", measure->packets * base / time);
        // In this order neither overflows nor loses much: whole bits by whole counts.
        print_count("bits per second", measure->bytes * 8 / time * base + measure->bytes * 8 % time * base / time);
    }
}

static void end(struct measure *measure)
{
    measure->time = read_time() - measure->time;
    measure->cycles = read_cycles() - measure->cycles;
}

struct flood {
    struct measure measure;
    uint64 refused; // by the kernel
};

static struct flood transmit(uint32 host, uint16 port)
{
    struct flood flood = { 0 };
    uint16 own;

    if (bind_any(&own) < 0)
        fail("no port to be had");
    begin(&flood.measure);
    for (uint64 i = 0; i < count; i++) {
        memcpy(datagram, &i, size < sizeof i ? size : sizeof i);
        if (send(own, host, port, datagram, size) < 0) {
            flood.refused++;
            continue;
        }
        flood.measure.packets++;
        flood.measure.bytes += size;
    }
    end(&flood.measure);
    unbind(own);
    return flood;
}

static void print_flood(const struct flood *flood)
{
    printf("sent\n");
    print_measure(&flood->measure);
    if (flood->refused)
        print_count("refused by the kernel", flood->refused);
}

static uint64 dropped(void)
{
    struct netinfo info;

    return netinfo(&info) == 0 ? info.rxqueuefull : 0;
}

// The port is bound. It counts from the first packet to the last, so that neither the wait before nor the silence
// behind is in it: the first only starts the clock.
static void receive(uint16 port)
{
    struct measure measure, last;
    uint64 dropped_before = dropped();
    struct ticker ticker;
    uint16 from_port;
    uint32 from;
    uint64 total = 0;

    memset(&last, 0, sizeof last);
    if (ticker_start(&ticker, port, 2) < 0)
        fail("no process to be had");
    while (total < count) {
        int length = ticker_recv(&ticker, &from, &from_port, datagram, sizeof datagram, total ? silence : 1 << 30);
        if (length < 0)
            break;
        if (total++ == 0) {
            begin(&measure);
            continue;
        }
        measure.packets++;
        measure.bytes += length;
        last = measure;
        end(&last);
    }
    ticker_stop(&ticker);
    printf("received %lu packets; from the first to the last\n", total);
    print_measure(&last);
    if (dropped() != dropped_before)
        print_count("dropped for a full queue", dropped() - dropped_before);
}

static void echo(uint32 host, uint16 port)
{
    static char answer[MAXDATAGRAM];
    struct measure measure;
    struct ticker ticker;
    uint16 own, from_port;
    uint32 from;
    uint64 least = ~0ul, most = 0, total = 0, lost = 0;

    if (bind_any(&own) < 0 || ticker_start(&ticker, own, 2) < 0)
        fail("no port or process to be had");
    begin(&measure);
    for (uint64 i = 0; i < count; i++) {
        uint64 start = read_time();
        memcpy(datagram, &i, sizeof i);
        int length = send(own, host, port, datagram, size);
        // Late answers to earlier questions are passed over.
        while (length >= 0) {
            length = ticker_recv(&ticker, &from, &from_port, answer, sizeof answer, silence);
            if (length == (int)size && from == host && from_port == port && memcmp(answer, datagram, size) == 0)
                break;
        }
        if (length < 0) {
            if (++lost == 10 && measure.packets == 0)
                break; // nobody is there
            continue;
        }
        uint64 elapsed = read_time() - start;
        measure.packets++;
        measure.bytes += size;
        total += elapsed;
        if (elapsed < least)
            least = elapsed;
        if (elapsed > most)
            most = elapsed;
    }
    end(&measure);
    ticker_stop(&ticker);
    unbind(own);
    printf("echoed\n");
    print_measure(&measure);
    print_count("lost", lost);
    if (measure.packets) {
        print_count("least microseconds of a round trip", microseconds(least));
        print_count("mean", microseconds(total / measure.packets));
        print_count("most", microseconds(most));
    }
}

// A child process that has bound a port of its own, which it tells, and then serves it.
static int serve(void (*server)(uint16), uint16 *port)
{
    int ends[2];

    if (pipe(ends) < 0)
        fail("no pipe to be had");
    int pid = fork();
    if (pid == 0) {
        uint16 own = 0;
        close(ends[0]);
        if (bind_any(&own) < 0)
            fail("no port to be had");
        write(ends[1], &own, sizeof own);
        close(ends[1]);
        server(own);
        exit(0);
    }
    close(ends[1]);
    if (pid < 0 || read(ends[0], port, sizeof *port) != sizeof *port)
        fail("no process to be had");
    close(ends[0]);
    return pid;
}

static void echo_server(uint16 port)
{
    uint16 from_port;
    uint32 from;

    for (;;) {
        int length = recv(port, &from, &from_port, datagram, sizeof datagram);
        if (length < 0 || send(port, from, from_port, datagram, length) < 0)
            exit(1);
    }
}

// What becomes of a flood: the sender is not slowed down for the receiver, so that much of it may be dropped.
static void sink(uint16 port)
{
    receive(port);
}

static void loop(void)
{
    uint16 port;
    int pid = serve(echo_server, &port);

    echo(LOOPBACK, port);
    kill(pid);
    wait(0);
    serve(sink, &port);
    struct flood flood = transmit(LOOPBACK, port);
    wait(0); // it prints what it got
    print_flood(&flood);
}

int main(int argc, char **argv)
{
    char *words[4] = { 0 };
    int found = 0;
    uint32 host;
    uint16 port;

    for (int i = 1; i < argc; i++) {
        int bad = 0;
        if (strcmp(argv[i], "-c") == 0)
            bad = number_option(argc, argv, &i, 1, 1ul << 32, &count);
        else if (strcmp(argv[i], "-s") == 0)
            bad = number_option(argc, argv, &i, 0, MAXDATAGRAM, &size);
        else if (strcmp(argv[i], "-t") == 0)
            bad = number_option(argc, argv, &i, 1, 36000, &silence);
        else if (argv[i][0] == '-' || found == 3)
            usage(help);
        else
            words[found++] = argv[i];
        if (bad)
            exit(1);
    }
    const char *mode = words[0] ? words[0] : "";
    if (strcmp(mode, "loop") == 0 && found == 1) {
        if (size < sizeof(uint64))
            fail("an echo needs 8 bytes to be told from another");
        loop();
    } else if (strcmp(mode, "rx") == 0 && found == 2 && parse_port(words[1], &port) == 0) {
        if (bind(port) < 0)
            fail("the port is taken");
        receive(port);
    } else if (found == 3 && parse_port(words[2], &port) == 0) {
        if (resolve(words[1], &host) < 0)
            fail("no such host");
        if (strcmp(mode, "tx") == 0) {
            struct flood flood = transmit(host, port);
            print_flood(&flood);
        } else if (strcmp(mode, "echo") == 0) {
            if (size < sizeof(uint64))
                fail("an echo needs 8 bytes to be told from another");
            echo(host, port);
        } else {
            usage(help);
        }
    } else {
        usage(help);
    }
    exit(0);
}
