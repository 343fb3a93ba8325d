// ping HOST [-c count] [-i ticks] [-s size] [-t ticks]: asks a host for ICMP echoes, and prints how long each took.
#include "user/netlib.h"
#include "user/report.h"
#include "user/user.h"

// What the process that pings tells the one that sums up.
struct report {
    uint64 sent, answered, least, most, total; // times in counts of the timebase
};

static const char help[] = "HOST [-c count] [-i ticks] [-s size] [-t ticks]\n"
                           "  -c  echoes to ask for (4; 0: until ^C)   -i  ticks between them (10)\n"
                           "  -s  bytes of each (56)                   -t  ticks to wait for an answer (10)";

static void print_time(uint64 counts)
{
    uint64 us = microseconds(counts);

    if (us < 1000)
        printf("%lu us", us);
    else
        printf("%lu.%03lu ms", us / 1000, us % 1000);
}

// Asks count times. After each, the sums so far go to the pipe.
static void ask(struct ping *request, uint64 count, int interval, int to)
{
    struct report report = { 0 };
    char address[16];

    for (uint64 i = 0; count == 0 || i < count; i++) {
        int begun = uptime();
        request->sequence = i + 1;
        report.sent++;
        if (ping(request) == 0) {
            uint64 elapsed = request->elapsed;
            report.answered++;
            report.total += elapsed;
            if (report.answered == 1 || elapsed < report.least)
                report.least = elapsed;
            if (elapsed > report.most)
                report.most = elapsed;
            printf("%u bytes from %s: sequence %d, ttl %u, ", request->size, format_address(request->address, address),
                   request->sequence, request->ttl);
            print_time(elapsed);
            printf("\n");
        } else {
            // A refusal comes at once.
            printf("sequence %d: %s\n", request->sequence,
                   uptime() - begun < (int)request->timeout ? "no way to the host" : "no answer");
        }
        if (write(to, &report, sizeof report) != sizeof report)
            exit(1); // nobody is left to sum up
        int left = interval - (uptime() - begun);
        if (left > 0 && i + 1 != count)
            pause(left);
    }
    exit(0);
}

static int sum_up(const char *host, int from)
{
    struct report report = { 0 }, next;
    int got = 0;

    // The last one that is whole: a pipe may hand it over in pieces.
    for (int n; (n = read(from, (char *)&next + got, sizeof next - got)) > 0;) {
        got += n;
        if (got == sizeof next) {
            report = next;
            got = 0;
        }
    }
    uint64 lost = report.sent - report.answered;
    printf("%s: %lu sent, %lu answered, %lu%% lost", host, report.sent, report.answered,
           report.sent ? lost * 100 / report.sent : 0);
    if (report.answered) {
        printf("; least ");
        print_time(report.least);
        printf(", mean ");
        print_time(report.total / report.answered);
        printf(", most ");
        print_time(report.most);
    }
    printf("\n");
    return report.answered ? 0 : 1;
}

int main(int argc, char **argv)
{
    uint64 count = 4, interval = 10, size = 56, patience = 10;
    const char *host = 0;
    struct ping request;
    int ends[2];
    char address[16];

    for (int i = 1; i < argc; i++) {
        int bad = 0;
        if (strcmp(argv[i], "-c") == 0)
            bad = number_option(argc, argv, &i, 0, 1ul << 40, &count);
        else if (strcmp(argv[i], "-i") == 0)
            bad = number_option(argc, argv, &i, 0, 36000, &interval);
        else if (strcmp(argv[i], "-s") == 0)
            bad = number_option(argc, argv, &i, 0, MAXDATAGRAM, &size);
        else if (strcmp(argv[i], "-t") == 0)
            bad = number_option(argc, argv, &i, 1, 36000, &patience);
        else if (argv[i][0] == '-' || host)
            usage(help);
        else
            host = argv[i];
        if (bad)
            exit(1);
    }
    if (!host)
        usage(help);
    memset(&request, 0, sizeof request);
    if (resolve(host, &request.address) < 0)
        fail("no such host: %s", host);
    request.id = getpid();
    request.size = size;
    request.timeout = patience;
    printf("ping %s (%s): %lu bytes\n", host, format_address(request.address, address), size);

    // ^C ends the child, which takes the foreground for itself; the parent lives on to sum up.
    int child = pipe(ends) < 0 ? -1 : fork();
    if (child < 0)
        fail("no process or pipe to be had");
    if (child == 0) {
        close(ends[0]);
        setgroup(1);
        ask(&request, count, interval, ends[1]);
    }
    close(ends[1]);
    int status = sum_up(host, ends[0]);
    wait(0);
    exit(status);
}
