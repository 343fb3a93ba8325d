// grind [-s SEED] [-p PROCESSES] [SECONDS]: processes make system calls at random, for ever or so long, and hold the
// answers to what can be. A dot is a hundred actions. Calls may fail for want of memory, disk or processes; what must
// not be is a wrong answer.
#include "user/bin/grind/grind.h"
#include "user/report.h"
#include "user/user.h"

#define ACTIONS_PER_DOT 100
#define MOST_WORKERS 9

const char shared[] = "/grind.shared"; // a directory in which all of them work
char home[] = "/grind.0";              // one of a worker's own
static int seed = 1, processes = 2, seconds;
static uint64 state;
uchar bytes[4096];

// Marsaglia, "Xorshift RNGs".
uint random(uint below)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (state >> 16) % below;
}

void must(int condition, const char *what, long value)
{
    if (!condition)
        fail("impossible with seed %d: %s (%ld)", seed, what, value);
}

void must_end(int pid, int expected)
{
    int status = 12345, ended = wait(&status);
    must(ended == pid, "wait gave another child", ended);
    must(status == expected, "a child's exit status", status);
}

static void (*const actions[])(void) = {
    write_own, read_own,       read_own,       rename_own,     move_around,     work_in_shared,
    fork_some, work_in_shared, work_in_shared, kill_one,       touch_forbidden, change_memory,
    use_pipe,  run_echo,       look_at_clock,  fill_descriptors,
};

static void work(int worker, int end)
{
    home[7] = '0' + worker;
    state = (seed + worker + 1) * 0x9e3779b97f4a7c15UL;
    mkdir(home);
    if (chdir(home) < 0)
        fail("cannot make %s", home);
    remove_own();
    int self = getpid();
    for (int done = 1; end == 0 || uptime() - end < 0; done++) {
        actions[random(sizeof(actions) / sizeof(actions[0]))]();
        must(getpid() == self, "getpid", getpid());
        if (done % ACTIONS_PER_DOT == 0)
            write(1, ".", 1);
    }
    remove_own();
    chdir("/");
    unlink(home);
    exit(0);
}

static void empty_shared(void)
{
    static const char *const paths[] = {"d/a", "d/b", "a", "b", "c", "d", "e"};
    if (chdir(shared) < 0)
        return;
    // d/a may be a directory, but holds nothing that is not named here.
    for (int i = 0; i < 7; i++)
        unlink(paths[i]);
    chdir("/");
    unlink(shared);
}

static void read_arguments(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        int *target = &seconds, most = 1000000;
        if (strcmp(argv[i], "-s") == 0)
            target = &seed;
        else if (strcmp(argv[i], "-p") == 0)
            target = &processes, most = MOST_WORKERS;
        if ((target != &seconds && ++i == argc) || read_number(argv[i], most, target) < 0)
            usage("[-s SEED] [-p PROCESSES] [SECONDS]");
    }
}

int main(int argc, char **argv)
{
    int pids[MOST_WORKERS], started = 0, failed = 0, status;
    read_arguments(argc, argv);
    mkdir(shared);
    int end = seconds ? uptime() + 10 * seconds : 0;
    for (; started < processes && !failed; started++) {
        pids[started] = fork();
        if (pids[started] == 0)
            work(started, end);
        failed = pids[started] < 0;
    }
    if (failed)
        warn("fork failed");
    while (wait(&status) >= 0) {
        if (status != 0 && !failed)
            warn("a worker ended with %d", status);
        failed |= status != 0;
        // The first failure ends them all.
        for (int i = 0; failed && i < started; i++)
            kill(pids[i]);
    }
    empty_shared();
    printf("\ngrind: %s\n", failed ? "failed" : "OK");
    return failed;
}
