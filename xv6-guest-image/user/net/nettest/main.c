// nettest: tests of the network. Each runs in a process of its own, against the clock, and takes one line of the
// output.
#include "user/net/nettest/nettest.h"

struct options options = { .port = 25099, .name = "pdos.csail.mit.edu", .address = 0x8034817e };
int reason = 2;

static const struct test *const tables[] = {
    argument_tests, loop_tests, connection_tests, name_tests, peer_tests, host_tests,
};

static const struct {
    const char *name, *about;
    int groups;
} sets[] = {
    { "all", "every test that follows but the last set", GROUP_LOOP | GROUP_PEER },
    { "loop", "without any network: over the loop-back address", GROUP_LOOP },
    { "peer", "against a host that echoes datagrams", GROUP_PEER },
    { "grade", "what the courses' graders ask for", GROUP_GRADE },
};

static void print_tests(const char *title, int groups)
{
    fprintf(2, "%s:", title);
    for (int i = 0; i < (int)(sizeof tables / sizeof *tables); i++)
        for (const struct test *test = tables[i]; test->name; test++)
            if (test->groups & groups)
                fprintf(2, " %s", test->name);
    fprintf(2, "\n");
}

static void usage(void)
{
    fprintf(2, "usage: nettest [-h HOST] [-p PORT] [-c COUNT] [-d SERVER] [-n NAME=ADDRESS] TEST...\n"
               "  -h  the host that echoes (the gateway)      -p  on this port (25099)\n"
               "  -d  the name server (the network's)         -n  what it must know (pdos.csail.mit.edu)\n"
               "sets of tests:\n");
    for (int i = 0; i < (int)(sizeof sets / sizeof *sets); i++)
        fprintf(2, "  %-6s %s\n", sets[i].name, sets[i].about);
    print_tests("over loop-back", GROUP_LOOP);
    print_tests("against a host", GROUP_PEER);
    print_tests("where the host sends first, or only listens", GROUP_HOST);
    exit(1);
}

// Waits until a test has let go of its memory, which takes a moment if datagrams are still on their way.
static uint64 memory_lost(uint64 before)
{
    uint64 now = free_memory();

    for (int i = 0; i < 2 * TICKS_PER_SECOND && now < before; i++) {
        pause(1);
        now = free_memory();
    }
    return now < before ? before - now : 0;
}

// The line that the test wrote into the pipe.
static void read_line(int from, char *line, int size)
{
    int length = 0;

    while (length < size - 1 && read(from, line + length, 1) == 1 && line[length] != '\n')
        length++;
    line[length] = 0;
}

static int begin_test(const struct test *test, const int *ends)
{
    int pid = fork();

    if (pid == 0) {
        close(ends[0]);
        reason = ends[1];
        test->run();
        fprintf(reason, "\n");
        exit(0);
    }
    return pid;
}

static int begin_clock(const struct test *test, const int *ends)
{
    int pid = fork();

    if (pid == 0) {
        close(ends[0]);
        close(ends[1]);
        pause(test->seconds * TICKS_PER_SECOND);
        exit(0);
    }
    return pid;
}

// Whether it went well. Either the test ends first, or the clock that it runs against.
static int run(const struct test *test)
{
    char line[120] = "";
    int ends[2], status = -1, ended;
    uint64 before = free_memory();

    printf("nettest: %-12s ", test->name);
    int worker = pipe(ends) < 0 ? -1 : begin_test(test, ends);
    int clock = worker < 0 ? -1 : begin_clock(test, ends);
    if (clock < 0) {
        printf("FAILED: no process or pipe to be had\n");
        exit(1);
    }
    close(ends[1]);
    do
        ended = wait(&status);
    while (ended != worker && ended != clock);
    int late = ended == clock;
    if (late) {
        kill_family(worker);
        kill(worker);
    } else {
        kill(clock);
    }
    wait(0);
    if (!late && (status == 0 || status == 1))
        read_line(ends[0], line, sizeof line);
    close(ends[0]);

    uint64 lost = late || status ? 0 : memory_lost(before);
    if (late)
        printf("FAILED: not done after %d s\n", test->seconds);
    else if (status == 1)
        printf("FAILED: %s\n", line);
    else if (status != 0)
        printf("FAILED: it ended with status %d\n", status);
    else if (lost)
        printf("FAILED: %lu bytes of memory did not come back\n", lost);
    else
        printf("ok%s%s\n", *line ? ": " : "", line);
    return !late && status == 0 && !lost;
}

static int total, failed;

static void run_groups(int groups)
{
    for (int i = 0; i < (int)(sizeof tables / sizeof *tables); i++) {
        for (const struct test *test = tables[i]; test->name; test++) {
            if (test->groups & groups) {
                total++;
                failed += !run(test);
            }
        }
    }
}

// A test, or a set of them, by name.
static void run_named(const char *name)
{
    for (int i = 0; i < (int)(sizeof sets / sizeof *sets); i++) {
        if (strcmp(name, sets[i].name) == 0) {
            run_groups(sets[i].groups);
            return;
        }
    }
    for (int i = 0; i < (int)(sizeof tables / sizeof *tables); i++) {
        for (const struct test *test = tables[i]; test->name; test++) {
            if (strcmp(name, test->name) == 0) {
                total++;
                failed += !run(test);
                return;
            }
        }
    }
    fprintf(2, "nettest: there is no test %s\n", name);
    usage();
}

static void parse_expectation(char *text)
{
    char *equals = strchr(text, '=');

    if (!equals || parse_address(equals + 1, &options.address) < 0)
        usage();
    *equals = 0;
    options.name = text;
}

int main(int argc, char **argv)
{
    struct netinfo info;
    int i;

    if (netinfo(&info) == 0) {
        options.host = info.gateway;
        options.dns = info.dns;
    }
    for (i = 1; i < argc && argv[i][0] == '-'; i++) {
        char letter = argv[i][1];
        if (i + 1 == argc || argv[i][2])
            usage();
        if (letter == 'c') {
            if (number_option(argc, argv, &i, 1, 1 << 20, &options.count) < 0)
                exit(1);
            continue;
        }
        i++;
        if (letter == 'h' ? resolve(argv[i], &options.host) < 0
            : letter == 'p' ? parse_port(argv[i], &options.port) < 0
            : letter == 'd' ? resolve(argv[i], &options.dns) < 0
                            : letter != 'n')
            usage();
        if (letter == 'n')
            parse_expectation(argv[i]);
    }
    if (i == argc)
        usage();
    for (; i < argc; i++)
        run_named(argv[i]);
    if (failed)
        printf("nettest: %d of %d tests FAILED\n", failed, total);
    else
        printf("nettest: all %d tests ok\n", total);
    exit(failed ? 1 : 0);
}
