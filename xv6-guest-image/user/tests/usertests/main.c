// usertests: asks the kernel for everything that a program can ask, and for much that it should not get.
//
//   usertests [-q | -s] [-t] [-d] [-c] [-p TICKS] [-f NAME] [NAME…]
//     NAME…  these tests only; -q the quick ones, -s the slow ones
//     -t     with the timer ticks that each took
//     -d     compares the disk's free space after each test, not only at the end of all, where sysinfo cannot tell
//     -c     again and again until one fails
//     -p     how long a test may take before it counts as hung; slow ones six times that (3000)
//     -f     from this test on
//   usertests -l   lists the tests
//   usertests -w N [WORKERS], usertests -v [K…]   operations to be cut off, and what is left of them: see crash.c
//
// A line for each test, `NAME: ok`, `NAME: skipped: WHY` or `NAME: FAILED: WHY`, and a last one: `ALL TESTS PASSED`, or
// `SOME TESTS FAILED: n of m` and status 1.
#include "user/tests/usertests/usertests.h"

#define DIRECTORY "/ut" // the current one of a test
#define SLOW_FACTOR 6   // that much longer a slow test may take

static int patience = 3000; // ticks, before a test counts as hung
static const char *first; // of the tests, or 0 for all
static int show_time, check_disk;
static int ran, failed;

static void say_usage(void)
{
    say("usage: usertests [-q | -s] [-t] [-d] [-c] [-p TICKS] [-f NAME] [NAME...]\n"
        "       usertests -l\n"
        "       usertests -w N [WORKERS]\n"
        "       usertests -v [K...]\n");
}

// A process that kills the test if it takes too long. It gets the test's pid through a pipe.
static int watchdog(int pipe_end, int limit)
{
    int pid = 0;
    int length = read(pipe_end, &pid, sizeof(pid));
    close(pipe_end);
    if (length != sizeof(pid))
        return 0;
    pause(limit);
    kill(pid);
    return 1;
}

static void run_in_child(const struct test *test, int ends[2])
{
    int pid = getpid();
    close(ends[0]);
    write(ends[1], &pid, sizeof(pid));
    close(ends[1]);
    if (chdir(DIRECTORY) < 0)
        test_failed("cannot enter " DIRECTORY);
    test->run();
    exit(0);
}

// The test's status. timed_out: the watchdog has ended it.
static int run_watched(const struct test *test, int *timed_out)
{
    int ends[2];
    if (pipe(ends) < 0)
        test_failed("no pipe");
    int dog = fork();
    if (dog == 0) {
        close(ends[1]);
        exit(watchdog(ends[0], test->slow ? patience * SLOW_FACTOR : patience));
    }
    int pid = dog < 0 ? -1 : fork();
    if (pid == 0)
        run_in_child(test, ends);
    close(ends[0]);
    close(ends[1]);

    int status = STATUS_FAILED, dog_done = dog < 0, test_done = pid < 0;
    *timed_out = 0;
    while (!dog_done || !test_done) {
        int ended_status;
        int ended = wait(&ended_status);
        if (ended < 0)
            break;
        if (ended == pid) {
            status = ended_status;
            test_done = 1;
            kill(dog);
        } else if (ended == dog) {
            *timed_out = ended_status == 1;
            dog_done = 1;
        }
    }
    return status;
}

// What init inherits it clears away in its own time: some patience before something counts as lost.
// What is there then is what the next test begins with.
static const char *find_losses(struct resources *resources)
{
    struct resources before = *resources;
    const char *lost = 0;
    for (int i = 0; i < 30; i++) {
        resources_measure(resources);
        lost = resources_lost(&before, resources);
        if (!lost)
            break;
        pause(1);
    }
    return lost;
}

struct disk_space {
    long blocks, inodes;
};

static int disk_lost(const struct disk_space *before)
{
    struct disk_space after;
    count_free_disk(&after.blocks, &after.inodes);
    if (after.blocks >= before->blocks && after.inodes >= before->inodes)
        return 0;
    say("%s: FAILED: the disk has %l blocks and %l inodes less than before\n", test_name, before->blocks - after.blocks,
        before->inodes - after.inodes);
    return 1;
}

static void run_test(const struct test *test, struct resources *resources)
{
    struct disk_space space;
    test_name = test->name;
    remove_tree(DIRECTORY);
    if (check_disk)
        count_free_disk(&space.blocks, &space.inodes);

    int start = uptime(), timed_out = 0;
    int status = mkdir(DIRECTORY) < 0 ? STATUS_FAILED : run_watched(test, &timed_out);
    int ticks = uptime() - start;
    remove_tree(DIRECTORY);
    const char *lost = find_losses(resources);

    ran++;
    if (status == STATUS_SKIPPED)
        return;
    int bad = 1;
    if (status == STATUS_FAILED)
        ;
    else if (timed_out)
        say("%s: FAILED: it did not end\n", test_name);
    else if (status == STATUS_KILLED)
        say("%s: FAILED: it was killed\n", test_name);
    else if (status != 0)
        say("%s: FAILED: it ended with %d\n", test_name, status);
    else if (exists(DIRECTORY))
        say("%s: FAILED: its directory could not be removed\n", test_name);
    else if (lost)
        say("%s: FAILED: it lost %s\n", test_name, lost);
    else
        bad = check_disk && disk_lost(&space);

    if (bad)
        failed++;
    else if (show_time)
        say("%s: ok (%d ticks)\n", test_name, ticks);
    else
        say("%s: ok\n", test_name);
}

static int chosen(const struct test *test, int quick_only, int slow_only, int names, char **name)
{
    for (int i = 0; i < names; i++)
        if (strcmp(name[i], test->name) == 0)
            return 1;
    return names == 0 && !(test->slow ? quick_only : slow_only);
}

// What no single test shows: pages where sysinfo cannot tell, and the disk.
static void run_all(int quick_only, int slow_only, int names, char **name)
{
    struct disk_space space;
    test_name = "nothing_lost";
    mkdir(DIRECTORY); // the root directory grows now, if it must, and not in a test
    touch("/ut.inode");
    unlink("/ut.inode");
    remove_tree(DIRECTORY);
    count_free_disk(&space.blocks, &space.inodes);
    long pages = count_free_pages();
    struct resources resources;
    resources_measure(&resources);

    int begun = first == 0;
    for (const struct test *test = tests; test->name; test++) {
        begun |= first && strcmp(test->name, first) == 0;
        if (begun && chosen(test, quick_only, slow_only, names, name))
            run_test(test, &resources);
    }

    test_name = "nothing_lost";
    ran++;
    long pages_now = count_free_pages();
    if (disk_lost(&space))
        failed++;
    else if (pages_now < pages) {
        say("%s: FAILED: there are %l pages less than before\n", test_name, pages - pages_now);
        failed++;
    } else
        say("%s: ok\n", test_name);
}

static int known(const char *name)
{
    for (const struct test *test = tests; test->name; test++)
        if (strcmp(name, test->name) == 0)
            return 1;
    say("usertests: there is no test %s\n", name);
    return 0;
}

static void list_tests(void)
{
    for (const struct test *test = tests; test->name; test++)
        say("%s%s\n", test->name, test->slow ? " (slow)" : "");
}

int main(int argc, char **argv)
{
    if (argc > 1 && argv[1][0] == '=')
        return probe(argc, argv);
    int quick_only = 0, slow_only = 0, repeat = 0, at = 1;
    for (; at < argc && argv[at][0] == '-'; at++) {
        switch (argv[at][1]) {
        case 'q':
            quick_only = 1;
            break;
        case 's':
            slow_only = 1;
            break;
        case 't':
            show_time = 1;
            break;
        case 'd':
            check_disk = 1;
            break;
        case 'c':
            repeat = 1;
            break;
        case 'p':
            if (++at == argc || (patience = atoi(argv[at])) < 1) {
                say_usage();
                return 2;
            }
            break;
        case 'f':
            if (++at == argc || !known(argv[at])) {
                say_usage();
                return 2;
            }
            first = argv[at];
            break;
        case 'l':
            list_tests();
            return 0;
        case 'w':
            return crash_work(argc - at - 1, argv + at + 1);
        case 'v':
            return crash_verify(argc - at - 1, argv + at + 1);
        case 'h':
            say_usage();
            return 0;
        default:
            say_usage();
            return 2;
        }
    }
    for (int i = at; i < argc; i++)
        if (!known(argv[i]))
            return 2;

    struct sysinfo info;
    have_our_calls = sysinfo(&info) == 0;
    do
        run_all(quick_only, slow_only, argc - at, argv + at);
    while (repeat && failed == 0);
    if (failed == 0) {
        say("ALL TESTS PASSED\n");
        return 0;
    }
    say("SOME TESTS FAILED: %d of %d\n", failed, ran);
    return 1;
}
