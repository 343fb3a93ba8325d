// System calls with numbers that are none, and with arguments that nobody would think of.
#include "user/tests/usertests/tests.h"

void unknown_calls_fail(void)
{
    static const long numbers[] = {0, 22, 28, 63, 200, 1000000, -1, 0x7fffffff, (long)0x8000000000000000};
    for (uint i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
        equal(system_call(numbers[i], 1, 2, 3, 4, 5, 6), -1);
    expect(getpid() > 0);
}

static char text[][16] = {"a", "b", "d", "d/c", ".", "..", "", "/", "missing/x", "a/b", "fourteen-bytes"};

static long any_value(uint *seed)
{
    uint choice = random_next(seed) % 8;
    switch (choice) {
    case 0:
        return random_next(seed) % 20;
    case 1:
        return (int)random_next(seed);
    case 2:
        return bad_address(random_next(seed) % 20);
    case 3:
        return (long)room + random_next(seed) % ROOM;
    case 4:
        return (long)beyond_break() - random_next(seed) % 50;
    case 5:
        return (long)(random_next(seed) % 4) - 2;
    default:
        return (long)text[random_next(seed) % (sizeof(text) / sizeof(text[0]))];
    }
}

static const int harmless[] = {SYS_read,  SYS_write, SYS_fstat, SYS_chdir, SYS_dup,   SYS_open, SYS_unlink, SYS_link,
                               SYS_mkdir, SYS_close, SYS_pipe,  SYS_wait,  SYS_exec,  SYS_open, SYS_mkdir,  SYS_uptime};

// Paths may lead to any place from here, but each name is one of those above. The disk survives: what is in the root
// is not among them.
static void call_anything(uint seed, int calls)
{
    for (int fd = 0; fd < NOFILE; fd++)
        close(fd); // neither waiting for the console nor writing to it
    for (int i = 0; i < calls; i++) {
        long arguments[6];
        for (int k = 0; k < 6; k++)
            arguments[k] = any_value(&seed);
        int number = harmless[random_next(&seed) % (sizeof(harmless) / sizeof(harmless[0]))];
        if (number == SYS_unlink || number == SYS_mkdir || number == SYS_link || number == SYS_open)
            arguments[0] = (long)text[random_next(&seed) % 5]; // stays below here, but for what fails
        if (number == SYS_chdir)
            arguments[0] = (long)text[2];
        if (number == SYS_read || number == SYS_write) {
            // No pipe blocks: its other end is closed by then, or it has bytes, or room.
            arguments[0] = random_next(&seed) % 24 + 3;
            arguments[2] = random_next(&seed) % 2000;
        }
        if (number == SYS_pipe) {
            int ends[2];
            if (pipe(ends) == 0)
                close(ends[random_next(&seed) % 2]);
            continue;
        }
        system_call(number, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], arguments[5]);
    }
}

static void call_anything_in_children(int children, int calls)
{
    char name[8];
    for (int i = 0; i < children; i++) {
        equal(mkdir(number_name(name, "t", i)), 0);
        int pid = spawn();
        if (pid == 0) {
            if (chdir(name) < 0)
                exit(1);
            call_anything(i * 7919 + 1, calls);
            exit(0);
        }
    }
    for (int i = 0; i < children; i++) {
        int status = reap_any(0); // it may have spoilt its own memory
        expect(status == 0 || status == STATUS_KILLED);
    }
}

void calls_with_random_arguments(void)
{
    call_anything_in_children(6, 1500);
}

void calls_with_random_arguments_for_long(void)
{
    for (int round = 0; round < 4; round++) {
        char name[8];
        call_anything_in_children(8, 6000);
        for (int i = 0; i < 8; i++)
            remove_tree(number_name(name, "t", i));
    }
}

// Calls pass ints; what is above them in the register is nothing.
void upper_halves_of_int_arguments_do_not_matter(void)
{
    make_file("f", 10, 1);
    int fd = open("f", O_RDONLY);
    char bytes[10];
    equal(system_call(SYS_read, fd | 0x700000000, (long)bytes, 5 | 0x1200000000, 0, 0, 0), 5);
    equal(system_call(SYS_close, fd | 0x7fffffff00000000, 0, 0, 0, 0, 0), 0);
}
